"""Who sees my answers? The rows that a coordinator gets, and who opened them, for everyone who was asked."""

from dataclasses import dataclass
from pathlib import Path

from bot import blocks
from bot.survey.seen import said
from conversation import COORDINATOR, STAFF, World, world
from sandbox.driver import Actor, found_button
from sandbox.workspace import Json, Message
from storage.tables import Look, RoundTerms, table

STRIPS = [(mark * 62)[:62] for mark in ("0", "1", "2", "3", "01", "12", "23")]


@dataclass(frozen=True)
class Asked:
    """An invitation, and its blocks as they were before it closed: a phone may show them for long."""

    message: Message
    blocks: list[Json]


def asked(person: Actor) -> Asked:
    return Asked(person.dm[-1], person.dm[-1].blocks)


def words(view: Json | None) -> str:
    assert view is not None
    blocks = [block.get("text") or block for block in view["blocks"]]
    return "\n".join(str(block.get("text") or [one["text"] for one in block["elements"]]) for block in blocks)


async def ask_who_sees(here: World, person: Actor, asked: Asked) -> str:
    """Presses the button of the invitation as it was once drawn, and reads the modal."""
    await here.press_late(person, "Who sees my answers?", asked.message, asked.blocks)
    read = words(person.modal)
    await person.close_modal()
    return read


async def answered_and_closed(here: World) -> Asked:
    """Seven people finish and it closes; the invitation of one who did not answer."""
    await here.start_round()
    invitation = asked(here.person(STAFF[-1]))
    for person_id, strip in zip(STAFF, STRIPS, strict=False):
        await here.answer_all(here.person(person_id), strip)
    await here.close_now()
    return invitation


async def test_while_it_is_open_everyone_sees_what_a_coordinator_sees(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.start_round()
        status = await here.command(here.coordinator, "/hta-round")
        nurse = here.person(STAFF[0])

        read = await ask_who_sees(here, nurse, asked(nurse))

    shown = [block["text"]["text"] for block in status.blocks if block["type"] == "section"]
    assert shown
    assert all(one in read for one in shown)
    assert "Nobody can see results now" in read
    assert "Who opened the results" not in read


async def test_after_closing_everyone_asked_sees_the_very_rows_and_who_opened_them_when(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        invitation = await answered_and_closed(here)
        person = here.person(STAFF[-1])
        before = await ask_who_sees(here, person, invitation)
        results = await here.command(here.coordinator, "/hta-results")
        await here.command(here.coordinator, "/hta-results")
        after = await ask_who_sees(here, person, invitation)

    table_of_results = next(block for block in results.blocks if block["type"] == "table")
    cells = [cell["text"] for row in table_of_results["rows"] for cell in row]
    assert len(cells) == 8 * 6
    assert all(cell in after for cell in cells if cell != "Section")
    assert "Nobody has opened them yet." in before
    assert after.count(f"<@{COORDINATOR}>, ") == 1, "two looks within an hour are one"


async def test_a_look_is_a_row_and_a_respondents_own_look_is_none(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        invitation = await answered_and_closed(here)
        await ask_who_sees(here, here.person(STAFF[-1]), invitation)
        await here.command(here.person(STAFF[0]), "/hta-results")
        read = here.bot.context.database.read
        none_yet = await read(lambda connection: connection.execute(table(Look).select()).all())
        await here.command(here.coordinator, "/hta-results")
        rows = await read(lambda connection: connection.execute(table(Look).select()).all())

    assert none_yet == []
    assert [row.person_id for row in rows] == [COORDINATOR]


async def test_somebody_who_was_not_asked_gets_no_figures(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        invitation = await answered_and_closed(here)
        guest = here.person("U20NOOR")
        button, block_id = found_button(invitation.blocks, "Who sees my answers?")
        posted = here.sandbox.channel("C03RESULTS")[-1]
        await here.sandbox.client.press(guest.id, posted, button, block_id)
        await here.rest()

        read = words(guest.modal)

    assert "You were not among those asked" in read
    assert "Points" not in read


async def test_results_that_coordinators_look_at_first_are_shown_to_nobody_before(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        invitation = await answered_and_closed(here)
        held = table(RoundTerms).update().values(after_look=True, shared_at=None)
        await here.bot.context.database.write(lambda connection: connection.execute(held).close())

        read = await ask_who_sees(here, here.person(STAFF[-1]), invitation)

    assert "for coordinators first" in read
    assert "Points" not in read


def test_a_table_becomes_lines_with_its_cells_and_a_button_is_left_out() -> None:
    table_block = {"type": "table", "rows": [[{"text": one} for one in row] for row in (["A", "B"], ["x & y", "5"])]}
    assert said(blocks.Message("", (table_block, {"type": "actions", "elements": []}))) == ["*x &amp; y*: B: 5"]
