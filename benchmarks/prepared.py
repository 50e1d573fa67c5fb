"""In what database do they press? One with an open round, which a crowd has begun."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.payloads import Who
from bot.survey import service
from instrument.definition import builtin
from sandbox.people import TEAM_ID, Cast
from storage import invitations, responses, rounds
from storage.database import Database
from storage.keys import Keyring
from storage.rounds import NewRound, Opened, Round, Source, SourceKind

INSTRUMENT = builtin()


@dataclass(frozen=True)
class Prepared:
    """A SQLite file and its keys in `folder`; its round is open, and the people (ids) have begun."""

    folder: Path
    round: Round
    people: tuple[str, ...]

    def bot_settings(self, secret: str, slack_address: str, port: int) -> dict[str, str]:
        """The environment of a bot that serves it, and that Slack signs for with `secret`."""
        return {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": secret,
            "SLACK_API_URL": f"{slack_address}/api/",
            "DATABASE_URL": _url(self.folder),
            "PORT": str(port),
        }


async def prepared(folder: Path, cast: Cast) -> Prepared:
    """Makes the database in an empty folder."""
    coordinator, *crowd = (person.id for person in cast.people)
    database, keyring = Database(_url(folder)), _keyring(folder)
    await database.open()
    try:
        key, now = keyring.make(), datetime.now(UTC)
        new = NewRound(
            team_id=TEAM_ID,
            instrument_version=INSTRUMENT.version,
            opened_by=coordinator,
            results_channel="C03RESULTS",
            minimum=5,
            remind_every_days=None,
            closes_at=now + timedelta(days=9),
            key_name=key.name,
            key_half=key.half,
            key_check=key.check,
            sources=(Source(SourceKind.CHANNEL, "C01ALLSTAFF"),),
        )
        round_ = await database.write(lambda connection: _asked(connection, new, crowd, now))
        await asyncio.gather(*(_begin(database, keyring, round_, person_id) for person_id in crowd))
    finally:
        await database.close()
    return Prepared(folder, round_, tuple(crowd))


async def stored_strips(folder: Path, round_: Round, people: tuple[str, ...]) -> dict[str, str]:
    """What the file holds of each person's answers; who has not begun is left out. The bot must have ended."""
    database, keyring = Database(_url(folder)), _keyring(folder)
    await database.open()
    try:
        return await database.read(lambda connection: strips(connection, keyring, round_, people))
    finally:
        await database.close()


def _asked(connection: Connection, new: NewRound, crowd: list[str], now: datetime) -> Round:
    """Everybody is asked, and no invitation is owed: posting them is not what is measured."""
    opened = rounds.open_round(connection, new, now)
    if not isinstance(opened, Opened):
        raise RuntimeError("a round is open in a new database")
    invitations.ask(connection, opened.round.id, [(person_id, "C01ALLSTAFF") for person_id in crowd])
    rounds.mark_gathered(connection, opened.round.id, now)
    return opened.round


async def _begin(database: Database, keyring: Keyring, round_: Round, person_id: str) -> None:
    who = Who(TEAM_ID, person_id, TEAM_ID)
    await database.write(lambda connection: service.begin(connection, keyring, who, round_.id, "nursing"))


def strips(connection: Connection, keyring: Keyring, round_: Round, people: Sequence[str]) -> dict[str, str]:
    """What an open round holds of each person's answers; who has not begun is left out. Raises LostKey."""
    if round_.key is None:
        raise RuntimeError("the round is closed")
    cipher = keyring.cipher(round_.key)
    found = {one: responses.find(connection, round_.id, cipher, one, for_update=False) for one in people}
    return {person_id: response.sheet.strip for person_id, response in found.items() if response}


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'hta.db'}"


def _keyring(folder: Path) -> Keyring:
    return Keyring(folder / "keys")
