"""Somebody who holds the database's files, the folder of keys and every Slack id tries to link people with answers.

The files are taken as they lie while the bot runs. Before closing the attack succeeds for everyone, so it can fail.
"""

import hashlib
import hmac
import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import Connection, text

from bot.rounds import service
from conversation import STAFF, World, world
from instrument.progress import State
from sealed import CIPHER
from storage import invitations, responses, rounds
from storage.database import Database
from storage.rounds import Round
from storage.sealing import RoundCipher, Sheet

*FINISHED, UNFINISHED, WITHDRAWN, DECLINED = [*STAFF, "U01MARISOL"]
STRIPS = {person: "".join(Random(number).choices("0123nd", k=62)) for number, person in enumerate(STAFF)}  # noqa: S311
HALF = STRIPS[UNFINISHED][:20]
TAG = re.compile(rb"[0-9a-f]{64}")


@dataclass(frozen=True)
class Copy:
    """What the attacker holds. `raw` is every byte of the files, free pages and the write-ahead log included."""

    path: Path
    raw: bytes
    secrets: tuple[bytes, ...]

    def rows(self, query: str) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()


def copied(here: Path, there: Path) -> Copy:
    """The files as they lie, the process still running."""
    there.mkdir()
    files = {path.name: path.read_bytes() for path in sorted(here.glob("hta.db*"))}
    for name, content in files.items():
        (there / name).write_bytes(content)
    left = (path.read_bytes() for path in (here / "keys").glob("*"))
    return Copy(there / "hta.db", b"".join(files.values()), tuple(left))


def tag(secret: bytes, half: bytes, person: str) -> bytes:
    key = hmac.digest(secret, half, hashlib.sha256)
    return hmac.digest(key, person.encode(), hashlib.sha256).hex().encode()


def linked_by_key(copy: Copy, secrets: Sequence[bytes], people: Sequence[str]) -> dict[str, bytes]:
    """Person to tag, for every tag that stands anywhere in the bytes.

    Any 32 bytes of the files are tried as the database's half, with each of `secrets`: one person tells whether a half is
    right, then all are tried.
    """
    tags = set(TAG.findall(copy.raw))
    found: dict[str, bytes] = {}
    halves = {copy.raw[start : start + 32] for start in range(len(copy.raw) - 31)} if tags else set()
    for secret in secrets:
        for half in halves:
            if any(tag(secret, half, one) in tags for one in people[:1]):
                found |= {one: tag(secret, half, one) for one in people if tag(secret, half, one) in tags}
    return found


def opened(copy: Copy, tags: Mapping[str, bytes]) -> dict[str, Sheet]:
    """What the tagged rows say, with the secret and the half that made the tags."""
    with closing(sqlite3.connect(copy.path)) as connection:
        ((round_id, half),) = connection.execute("SELECT id, key_half FROM round").fetchall()
        sealed = dict(connection.execute("SELECT tag, sealed FROM response").fetchall())
    (secret,) = copy.secrets
    cipher = RoundCipher(hmac.digest(secret, half, hashlib.sha256))
    return {one: cipher.open(sealed[found.decode()], round_id, found.decode()) for one, found in tags.items()}


async def play(here: World) -> None:
    """Ten finish, one stops on the way, one withdraws, one says no."""
    await here.start_round()
    await here.press(here.person(DECLINED), "No thanks")
    for person_id in Random(7).sample(STAFF, len(STAFF)):  # noqa: S311
        person = here.person(person_id)
        if person_id == UNFINISHED:
            await here.begin(person)
            await here.answer(person, HALF)
            continue
        await here.answer_all(person, STRIPS[person_id])
        if person_id == WITHDRAWN:
            await here.press(person, "Withdraw")


async def scrubbed(here: World) -> None:
    """Waits until the scrub that closing owes is done."""
    for _ in range(200):
        if not await here.bot.context.database.read(rounds.owed_scrub):
            return
        here.bot.context.due.set()
        await here.sandbox.settled()
    raise AssertionError("the scrub is still owed")


async def test_with_all_files_and_ids_everyone_is_linked_before_closing_and_nobody_after(tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.mkdir()
    async with world(live) as here:
        await play(here)
        before = copied(live, tmp_path / "before")
        await here.close_now()
        await scrubbed(here)
        after = copied(live, tmp_path / "after")

    people = [*FINISHED, UNFINISHED]
    tags = linked_by_key(before, before.secrets, people)
    linked = {one: sheet.strip for one, sheet in opened(before, tags).items()}
    kept = [strip for strip, _ in after.rows("SELECT strip, id FROM settled_response")]

    assert linked == {one: STRIPS[one] for one in FINISHED} | {UNFINISHED: HALF.ljust(62, ".")}
    assert after.secrets == (), "the file with the other half is gone"
    assert sorted(kept) == sorted(STRIPS[one] for one in FINISHED)
    # Even with the secret that was copied before, the files of today hold neither the half nor a tag.
    assert linked_by_key(after, before.secrets, people) == {}
    assert not [one for one, found in tags.items() if found in after.raw]
    # The copy from before, without the folder of keys, opens nothing: neither while it is open nor afterwards.
    assert linked_by_key(before, after.secrets, people) == {}
    for answered in [*STRIPS.values(), HALF]:
        assert answered.encode() not in before.raw
    for gone in (HALF, STRIPS[WITHDRAWN]):
        assert gone.encode() not in after.raw
    left = "SELECT DISTINCT kind, due_at FROM posting WHERE target LIKE 'U%'"
    assert {kind for kind, _ in after.rows(left)} == {"what_came_out"}, "no time of any message before closing is left"
    assert len(after.rows(left)) == 1, "what came out is due for all at the same time"
    # Whoever withdrew is gone while it is open, too: from the write-ahead log as well.
    assert linked_by_key(before, before.secrets, [WITHDRAWN]) == {}


def rank_correlation(order: Sequence[str], stored: Sequence[str]) -> float:
    """Spearman's, between two orders of the same things."""
    place = {one: number for number, one in enumerate(stored)}
    count = len(order)
    apart = sum((number - place[one]) ** 2 for number, one in enumerate(order))
    return 1 - 6 * apart / (count * (count**2 - 1))


PEOPLE, CLOSINGS = 30, 20
CHANCE = 5.5 / (CLOSINGS * (PEOPLE - 1)) ** 0.5
"""Five and a half standard errors of the mean of so many rank correlations of unrelated orders: once in ten million runs."""

STORED = {
    # Without a rowid, SQLite's rows lie on their pages in the order of their key.
    "sqlite": "SELECT strip FROM settled_response WHERE round_id = :round_id",
    "postgresql": "SELECT strip FROM settled_response WHERE round_id = :round_id ORDER BY xmin::text::bigint, ctid",
}


def answer_in_order(connection: Connection, round_id: int, strips: Sequence[str]) -> None:
    """People p00, p01 ... are asked in this order, and finish in it."""
    invitations.ask(connection, round_id, [(f"p{number:02}", "C1") for number in range(PEOPLE)])
    for number, strip in enumerate(strips):
        begun = responses.begin(connection, round_id, CIPHER, f"p{number:02}", "nursing", "." * 62)
        responses.save(connection, CIPHER, begun, Sheet(State.SUBMITTED, "nursing", strip))


def stored_order(connection: Connection, round_id: int) -> list[str]:
    query = text(STORED[connection.dialect.name])
    return list(connection.execute(query, {"round_id": round_id}).scalars())


def unshuffled(connection: Connection, strips: Sequence[str]) -> list[str]:
    """What a table would tell that rows were written to as they came."""
    connection.execute(text("CREATE TABLE as_they_came (strip TEXT)"))
    connection.execute(text("INSERT INTO as_they_came VALUES (:strip)"), [{"strip": strip} for strip in strips])
    order = {"sqlite": "rowid", "postgresql": "ctid"}[connection.dialect.name]
    found = list(connection.execute(text(f"SELECT strip FROM as_they_came ORDER BY {order}")).scalars())  # noqa: S608
    connection.execute(text("DROP TABLE as_they_came"))
    return found


async def test_the_order_of_what_is_kept_says_nothing_of_the_order_of_arrival(
    database: Database, open_round: Round
) -> None:
    correlations = []
    for number in range(CLOSINGS):
        strips = ["".join(Random(f"{number}:{person}").choices("0123", k=62)) for person in range(PEOPLE)]  # noqa: S311
        await database.write(partial(answer_in_order, round_id=open_round.id, strips=strips))
        try:
            stored = await database.write(partial(_closed_and_undone, open_round=open_round))
        except _Undone as undone:
            stored = undone.stored
        correlations.append(rank_correlation(strips, stored))
        found_out = await database.write(partial(unshuffled, strips=strips))
        assert rank_correlation(strips, found_out) == 1, "the same attack finds out a table in order of arrival"
        await database.write(partial(_forget, round_id=open_round.id))

    assert abs(sum(correlations) / CLOSINGS) < CHANCE


class _Undone(Exception):
    def __init__(self, stored: list[str]) -> None:
        super().__init__()
        self.stored = stored


def _closed_and_undone(connection: Connection, open_round: Round) -> list[str]:
    """The order in which a closing leaves the answers; then all is undone, for the next."""
    assert service.close(connection, CIPHER, open_round.id, open_round.closes_at)
    raise _Undone(stored_order(connection, open_round.id))


def _forget(connection: Connection, round_id: int) -> None:
    connection.execute(text("DELETE FROM response WHERE round_id = :round_id"), {"round_id": round_id})
