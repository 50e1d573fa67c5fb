"""Gives up a self-assessment whose key is lost: `hta-bot abandon --round N`. It closes without results."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.config import Settings
from bot.rounds import service
from storage import coordinators, rounds
from storage.database import Database
from storage.keys import Keyring
from storage.rounds import Round


class NotAbandoned(Exception):
    """One sentence for whoever runs the bot: why it was not given up, and the way out."""


@dataclass(frozen=True)
class Abandoned:
    """`told` people get a message about it, as soon as the bot runs."""

    round: Round
    told: int


async def abandon(settings: Settings, round_id: int, now: datetime) -> Abandoned:
    """Raises NotAbandoned, DatabaseProblem."""
    keyring = Keyring(settings.key_dir)
    database = Database(settings.database_url, keyring, given_up=[round_id])
    await database.open()
    try:
        await database.unhurried.read(partial(_refuse, round_id=round_id, keyring=keyring))
        return await database.unhurried.write(partial(_abandon, settings=settings, round_id=round_id, now=now))
    finally:
        await database.close()


def _refuse(connection: Connection, round_id: int, keyring: Keyring) -> None:
    round_ = rounds.by_id(connection, round_id)
    if round_ is None or round_.key is None:
        open_ = [one.id for one in rounds.all_open(connection)]
        known = f"Open ones: {', '.join(map(str, open_))}." if open_ else "None is open."
        raise NotAbandoned(f"No self-assessment with the number {round_id} is open. {known}")
    if keyring.fault(round_.key) is None:
        raise NotAbandoned(
            f"The key of self-assessment {round_id} is there and right, so nothing was changed. Close it in Slack with "
            "/hta-round, Close now: then its results are kept."
        )


def _abandon(connection: Connection, settings: Settings, round_id: int, now: datetime) -> Abandoned:
    round_ = rounds.by_id(connection, round_id)
    if round_ is None:
        raise NotAbandoned(f"No self-assessment with the number {round_id} is open.")
    appointed = [one.person_id for one in coordinators.standing(connection, round_.team_id)]
    told = service.abandon(connection, round_id, [*settings.coordinators, *appointed], now)
    if told is None:
        raise NotAbandoned(f"No self-assessment with the number {round_id} is open.")
    return Abandoned(round_, told)
