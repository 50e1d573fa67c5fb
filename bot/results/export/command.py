"""The command `hta-bot export`: reads the database beside a bot that may run, and writes files that only we can read."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.results.export.service import gathered
from instrument.collation import Answers
from instrument.disclosure import detail_from
from instrument.snapshot import Snapshot, UnknownFormat
from reports.exports import respondents
from reports.exports.file import File
from reports.exports.formats import WITH_ROWS, Format, files, respondents_files
from reports.round_report import RoundReport
from reports.wording import listed
from storage import responses, rounds, snapshots
from storage.database import read_once
from storage.rounds import Round


class NotExported(Exception):
    """One sentence for whoever called: what is in the way, and the way out. Nothing was written."""


@dataclass(frozen=True)
class Wanted:
    """round_id: None: the last one that closed. with_rows: also the respondents' rows."""

    out: Path
    round_id: int | None
    formats: tuple[Format, ...]
    with_rows: bool


@dataclass(frozen=True)
class Written:
    path: Path
    title: str


def export(wanted: Wanted, database_url: str, zone: ZoneInfo) -> tuple[Written, ...]:
    """Writes the files. Raises NotExported, and DatabaseProblem where the database can't be read."""
    if wanted.with_rows and not set(wanted.formats) & set(WITH_ROWS):
        names = listed(one.value for one in WITH_ROWS)
        raise NotExported(
            f"--respondent-level makes rows for {names}: name one of them in --format, or leave --format out."
        )
    found, kept = read_once(database_url, lambda connection: _found(connection, wanted, zone))
    made = [file for format in wanted.formats for file in files(format, found)]
    if wanted.with_rows:
        rows = respondents.rows(found.instrument, kept, found.snapshot.minimum)
        made += [file for format in wanted.formats for file in respondents_files(format, found, rows)]
    return _written(wanted.out, made)


def _found(connection: Connection, wanted: Wanted, zone: ZoneInfo) -> tuple[RoundReport, Sequence[Answers]]:
    """The round, and what is kept of its responses where their rows are wanted."""
    round_, snapshot = to_export(connection, wanted.round_id)
    finished, detail = snapshot.finished or 0, detail_from(snapshot.minimum)
    if wanted.with_rows and finished < detail:
        raise NotExported(
            f"Fewer than {detail} people finished self-assessment {round_.id}, so no single answers of theirs may leave: "
            "leave out --respondent-level."
        )
    kept = responses.settled(connection, round_.id) if wanted.with_rows else ()
    return known(connection, round_, snapshot, zone), kept


def known(connection: Connection, round_: Round, snapshot: Snapshot, zone: ZoneInfo) -> RoundReport:
    """All that files tell of the round. Raises NotExported."""
    try:
        return gathered(connection, round_, snapshot, zone)
    except UnknownFormat as unknown:
        raise NotExported(f"The self-assessment before {round_.id} can't be read: {unknown}.") from None


def to_export(connection: Connection, round_id: int | None) -> tuple[Round, Snapshot]:
    """A closed round that something can be shown of; None: the last one that closed. Raises NotExported."""
    there = snapshots.closed_rounds(connection)
    round_id = next(reversed(there), None) if round_id is None else round_id
    if round_id is None:
        raise NotExported("No self-assessment has closed yet, and while one is open there are no results, for anyone.")
    round_ = rounds.by_id(connection, round_id)
    if round_ is None:
        others = f"those that are closed: {listed(map(str, there))}" if there else "none has closed yet"
        raise NotExported(f"There is no self-assessment {round_id}; {others}.")
    try:
        snapshot = snapshots.of(connection, round_id)
    except UnknownFormat as unknown:
        raise NotExported(f"Self-assessment {round_id} can't be read: {unknown}.") from None
    if snapshot is None:
        raise NotExported(f"Self-assessment {round_id} is open, and while it is open there are no results, for anyone.")
    if snapshot.finished is None:
        raise NotExported(
            f"Fewer than {snapshot.minimum} people finished self-assessment {round_id}: nothing can be shown."
        )
    return round_, snapshot


def _written(out: Path, made: Sequence[File]) -> tuple[Written, ...]:
    """All files or none, readable by us alone. What is there already stays."""
    there = [file.name for file in made if os.path.lexists(out / file.name)]
    if there:
        raise NotExported(f"{out} has {listed(there)} already: name another folder, or move them away.")
    done: list[Written] = []
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in made:
            path = out / file.name
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                done.append(Written(path, file.title))
                opened.write(file.content)
    except OSError as error:
        for one in done:
            one.path.unlink(missing_ok=True)
        raise NotExported(f"{out} can't be written to: {error.strerror}. Name another folder in --out.") from None
    return tuple(done)
