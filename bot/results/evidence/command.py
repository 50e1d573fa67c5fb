"""The command `hta-bot evidence`: reads the database beside a bot that may run, and writes one zip only we can read."""

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.results.evidence.service import Gathered, gathered
from bot.results.export.command import NotExported, known, to_export
from reports.evidence.pack import evidence_pack
from storage.database import read_once


@dataclass(frozen=True)
class Wanted:
    """round_id: None: the last one that closed. organization: its name, as it shall stand on the papers."""

    out: Path
    round_id: int | None
    organization: str | None


def write(wanted: Wanted, database_url: str, zone: ZoneInfo) -> None:
    """Writes the pack. Raises NotExported, and DatabaseProblem where the database can't be read."""
    _refuse_what_is_there(wanted.out)
    found = read_once(database_url, partial(_found, round_id=wanted.round_id, zone=zone))
    pack = evidence_pack(found.evidence({}, wanted.organization))
    try:
        wanted.out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.fdopen(os.open(wanted.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        raise _cannot_be_written(wanted.out, error) from None
    try:
        with opened:
            opened.write(pack)
    except OSError as error:
        wanted.out.unlink(missing_ok=True)
        raise _cannot_be_written(wanted.out, error) from None


def _cannot_be_written(out: Path, error: OSError) -> NotExported:
    return NotExported(f"{out} can't be written: {error.strerror}. Name another file in --out.")


def _refuse_what_is_there(out: Path) -> None:
    if out.is_dir():
        raise NotExported(f"{out} is a folder, and the pack is one file: name it, like --out {out / 'evidence.zip'}.")
    if os.path.lexists(out):
        raise NotExported(f"{out} is there already: name another file in --out, or move it away.")


def _found(connection: Connection, round_id: int | None, zone: ZoneInfo) -> Gathered:
    round_, snapshot = to_export(connection, round_id)
    return gathered(connection, known(connection, round_, snapshot, zone))
