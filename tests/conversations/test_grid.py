"""A hospital on Enterprise Grid: everyone of the organization is asked and can answer, whatever their payloads name."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.coordinators import everyone as coordinators
from conversation import COORDINATOR, STAFF, World, invitations, world
from sandbox.finding import found_button
from sandbox.people import grid

NURSES = ["W14MINA", "W15OMAR"]
EVERYONE = [COORDINATOR, *STAFF, *NURSES]
EVERY_KIND = [COORDINATOR, *STAFF[:4], *NURSES]
"""Of this workspace and of another, with the organization's id in their payloads and with the workspace's."""
PARTNER = "U22PAT"


@pytest.fixture(params=[False, True], ids=["in a workspace", "in the organization"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, cast=grid(is_org_install=request.param)) as made:
        yield made


async def test_everyone_is_asked_once_and_can_answer(here: World) -> None:
    await here.start_round(expect=EVERYONE)
    assert [invitations(here.person(one)) for one in EVERYONE] == [1] * len(EVERYONE)

    for one in EVERY_KIND:
        await here.finish(here.person(one), "3")

    assert all("Submitted. Thank you" in here.person(one).dm[-1].text for one in EVERY_KIND)
    results = await here.close_now()
    assert f"{len(EVERY_KIND)} of {len(EVERYONE)} people asked finished" in results.text


async def test_a_person_of_another_organization_is_not_asked_and_can_press_nothing(here: World) -> None:
    await here.start_round(expect=EVERYONE)
    partner, nurse = here.person(PARTNER), here.person(STAFF[0])
    assert partner.dm == []
    invitation = nurse.dm[-1]

    for label in ("Start", "No thanks"):
        element, block_id = found_button(invitation.blocks, label)
        done = await here.sandbox.client.press(PARTNER, invitation, element, block_id)
        await here.rest()

        assert done.error is None
        assert "for people of this workspace only" in partner.sees(invitation.channel_id)[-1].text
    assert invitations(nurse) == 1


async def test_coordinators_are_known_by_either_of_their_ids(here: World) -> None:
    context = here.bot.context
    await here.start_round(expect=EVERYONE)
    ben = here.person("U03BEN")  # his presses and commands name W03BEN
    await here.coordinator.open_home()
    await here.sandbox.until(lambda: here.coordinator.home)
    await here.coordinator.press_on_home("Add a coordinator")
    await here.rest()
    await here.coordinator.submit({"Coordinator": ben.id})
    await here.rest()

    status = await here.command(ben, "/hta-round")

    assert "A self-assessment is open" in status.text
    team_id = (await context.slack.identity()).team_id
    assert await coordinators(context, team_id) == (COORDINATOR, ben.id)
    assert context.insiders.one_id("W03BEN") == ben.id


async def test_home_opens_for_everyone(here: World) -> None:
    await here.start_round(expect=EVERYONE)

    for one in EVERYONE:
        await here.person(one).open_home()

    await here.sandbox.until(lambda: all(here.person(one).home for one in EVERYONE))
    assert all("You are asked for your view" in str(here.person(one).home) for one in EVERYONE)


async def test_a_window_of_ones_own_can_be_submitted_by_all(here: World) -> None:
    await here.start_round(expect=EVERYONE)

    for one in EVERY_KIND:
        person = here.person(one)
        await here.begin(person)
        await here.answer(person, "1")
        await here.press(person, "Pause")
        await here.press(person, "Finish with what I have")
        await here.press(person, "Change an answer")
        await person.choose_in_modal("1 Nature and Epidemiology")
        await here.rest()
        done = await person.submit()
        assert (done.error, done.errors) == (None, None)
