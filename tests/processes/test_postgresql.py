"""Two processes of the bot on one PostgreSQL: people notice nothing of it, and what happens once happens once."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot_process import EVERYONE, RESULTS, Beside, beside, is_past
from conversation import STAFF, invitations
from sandbox.acks import PATIENCE, Ack, Kind
from sandbox.driver import Actor, found_button
from sandbox.http_link import HttpLink
from sandbox.refusals import Json
from storage.keys import Keyring, RoundKey

pytestmark = pytest.mark.slow

STRIP = ("0123" * 16)[:62]


@dataclass
class ByTurns:
    """Carries each payload to the next process, as a load balancer does."""

    links: list[HttpLink]
    turns: Iterator[HttpLink]
    patience: float = PATIENCE

    async def deliver(self, kind: Kind, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        return await next(self.turns).deliver(kind, payload, retry)

    async def close(self) -> None:
        for link in self.links:
            await link.close()


@pytest.fixture
async def here(tmp_path: Path, new_postgresql_url: str) -> AsyncIterator[Beside]:
    async with beside(tmp_path, processes=2, database_url=new_postgresql_url, hta_key_dir=tmp_path / "keys") as made:
        links = [HttpLink(bot.events_url, made.sandbox.tokens.signing_secret) for bot in made.bots]
        made.sandbox.client.link = ByTurns(links, itertools.cycle(links))
        yield made


async def test_a_whole_self_assessment_is_heard_by_two_processes_in_turn(
    here: Beside, new_postgresql_url: str, tmp_path: Path
) -> None:
    await here.start_round()
    await here.sandbox.settled()
    assert [invitations(here.person(one)) for one in EVERYONE] == [1] * len(EVERYONE), "each is invited once"

    early, late = [here.person(one) for one in STAFF[:5]], [here.person(one) for one in STAFF[5:11]]
    await asyncio.gather(
        *(here.answer_all(one, STRIP) for one in early), *(answer_but_submit(here, one) for one in late)
    )
    assert [await here.total(one) for one in early] == [sum(map(int, STRIP))] * 5

    # Six submit while both processes are told to close: who is thanked is counted, whichever comes first.
    status = await here.command(here.coordinator, "/hta-round")
    closing = [here.press(here.coordinator, "Close now", status) for _ in here.bots]
    await asyncio.gather(*(here.press(one, "Submit") for one in late), *closing)
    await here.sandbox.until(lambda: here.sandbox.channel(RESULTS))
    assert [await bot.stop() for bot in here.bots] == [0, 0]

    thanked = sum(any("Thank you: your view counts." in said.text for said in one.dm) for one in early + late)
    (posted,) = here.sandbox.channel(RESULTS)
    assert f"{thanked} of 13 people asked finished" in posted.text
    assert list((tmp_path / "keys").iterdir()) == []
    with psycopg.connect(new_postgresql_url) as connection:
        kept = connection.execute("SELECT (SELECT count(*) FROM snapshot), (SELECT count(*) FROM settled_response)")
        assert kept.fetchone() == (1, thanked)
        assert connection.execute("SELECT key_half FROM round").fetchall() == [(None,)]


async def answer_but_submit(here: Beside, person: Actor) -> None:
    await here.begin(person)
    await here.answer(person, STRIP)


async def test_two_presses_at_once_at_different_processes_leave_one_answer(
    here: Beside, new_postgresql_url: str, tmp_path: Path
) -> None:
    await here.start_round()
    nurse = here.person(STAFF[0])
    await here.begin(nurse)
    for number in range(1, 31):
        message = nurse.dm[-1]
        never, block_id = found_button(message.blocks, "Never")
        often, _ = found_button(message.blocks, "Often")
        both = [here.sandbox.client.press(nurse.id, message, one, block_id) for one in (never, often)]
        done = await asyncio.gather(*both)
        await asyncio.gather(*map(here.sandbox.reacted, done))
        await here.sandbox.until(partial(is_past, nurse, number))

    strip = opened(new_postgresql_url, tmp_path / "keys")
    assert set(strip[:30]) <= {"0", "2"}
    assert strip[30:] == "." * 32


def opened(url: str, keys: Path) -> str:
    """The marks of the only response that there is."""
    with psycopg.connect(url) as connection:
        ((name, half, check),) = connection.execute("SELECT key_name, key_half, key_check FROM round").fetchall()
        ((round_id, tag, sealed),) = connection.execute("SELECT round_id, tag, sealed FROM response").fetchall()
    return Keyring(keys).cipher(RoundKey(name, half, check)).open(sealed, round_id, tag).strip
