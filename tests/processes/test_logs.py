"""What a running bot writes into its log: what happened, and never who answered, nor what (REVIEW, 9)."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from bot_process import Beside, beside, item_shown, knock
from conversation import STAFF
from sandbox.driver import found_button

NEVER_WRITTEN = {
    "an action": r"(answer|survey|change|rounds|results|something)\.(v\d|form|review|else)",
    "a value": r"\b\d:\d+\b(?!:\d\d)",
    "an item": r"\b(u|c[1-6])_\d\d",
    "an answer": r"\b(Never|Occasionally|Often|Always|Doesn't apply|Don't know|Nursing)\b",
    "a respondent": "|".join(STAFF),
    "a person's name": "Amara|Okafor|Lindqvist",
    "a response_url": "/response/",
    "a trigger": "trigger_id",
    "a token": "xox[bap]-",
    "what was typed": "dance",
}


@contextmanager
def busy(database: Path) -> Iterator[None]:
    """Another program holds the database, so that nothing can be written."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE").close()
        yield
        connection.execute("ROLLBACK").close()


def leaks(said: str) -> list[str]:
    return [f"{kind}: {found[0]}" for kind, pattern in NEVER_WRITTEN.items() if (found := re.search(pattern, said))]


async def converse(here: Beside, folder: Path) -> None:
    """All that usually goes right, and all that can go wrong."""
    people, gone = here.sandbox.workspace.people, STAFF[-1]
    await here.review_round()
    people[gone] = replace(people[gone], is_deactivated=True)
    assert (await here.coordinator.submit()).error is None
    nurse, other = here.person(STAFF[0]), here.person(STAFF[1])
    await here.sandbox.until(lambda: nurse.dm and other.dm)
    await here.press(other, "No thanks")
    await here.begin(nurse)
    await here.answer(nurse, "0123nd" + "2" * 8)
    message = nurse.dm[-1]
    element, block_id = found_button(message.blocks, "Never")
    for action_id, value in (("something.else", "1:1"), ("answer.v9.2", "1:1:u_01:f"), ("survey.v1.dance", "x")):
        made_up = element | {"action_id": action_id, "value": value}
        done = await here.sandbox.client.press(nurse.id, message, made_up, block_id)
        await here.sandbox.reacted(done)
    for word in ("/hta", "/hta-round", "/hta-results", "/hta-goals"):
        await here.command(nurse, word, "dance")
    await nurse.open_home()
    await knock(here, b"payload=dance")
    with busy(folder / "hta.db"):
        done = await nurse.press("Always", message)
    assert done.ack is not None
    assert done.ack.status == 500
    await here.sandbox.reacted(done)
    assert nurse.dm[-1].text == "Nothing was saved. Please press again."
    assert item_shown(nurse, message) == 15
    await here.press(nurse, "Always", message)
    await here.close_now()
    plan = await here.command(here.coordinator, "/hta-goals")
    for words in ("dance with patient Dance", "dance"):
        await here.press(here.coordinator, "Add goal", plan)
        await here.coordinator.submit({"Competency": "2 Risk", "Goal": words})
    assert "dance" in (await here.command(here.coordinator, "/hta-goals")).text


async def test_a_log_tells_what_happened_and_never_who_answered_nor_what(tmp_path: Path) -> None:
    async with beside(tmp_path) as here:
        here.expected |= {"ERROR", "dispatch_failed", "user_disabled"}
        await converse(here, tmp_path)

    said = here.bot.said
    assert "a request failed before it was acknowledged" in said
    assert "a posting was refused" in said
    assert "a self-assessment closed" in said
    assert leaks(said) == []


def test_what_must_not_be_written_would_be_found() -> None:
    assert len(
        leaks("answer.v1.2 1:1:u_01:f Often U02AMARA Amara https://x/response/1 trigger_id xoxb-1 dance")
    ) == len(NEVER_WRITTEN)
