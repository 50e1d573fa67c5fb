"""Coordinators appoint others on Home; so do admins, to whom that alone opens no results."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from conversation import COORDINATOR, World, world
from sandbox.driver import Actor
from sandbox.people import hospital

ADMIN, NURSE = "U12KEISHA", "U02AMARA"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def add(here: World, by: Actor, person_id: str) -> dict[str, str] | None:
    """Adds a coordinator on Home; what was wrong."""
    await by.open_home()
    await here.rest()
    await by.press_on_home("Add a coordinator")
    await here.rest()
    done = await by.submit({"Coordinator": person_id})
    await here.rest()
    return done.errors


async def reads(person: Actor, here: World, words: str) -> None:
    """The person is written this."""
    await here.sandbox.until(lambda: any(words in one.text for one in person.dm))


async def test_an_owner_of_the_workspace_appoints_too(tmp_path: Path) -> None:
    cast = hospital()
    owners = tuple(replace(one, is_admin=False, is_owner=one.id == ADMIN) for one in cast.people)
    async with world(tmp_path, cast=replace(cast, people=owners)) as here:
        assert await add(here, here.person(ADMIN), NURSE) is None

        await reads(here.person(NURSE), here, "appointed you coordinator")


async def test_an_admin_appoints_and_all_are_told_but_sees_no_results(here: World) -> None:
    admin = here.person(ADMIN)

    assert await add(here, admin, NURSE) is None

    assert "Being an admin opens no results." in json.dumps(admin.home)
    assert "Remove" not in json.dumps(admin.home)
    await reads(here.person(NURSE), here, "appointed you coordinator")
    await reads(here.coordinator, here, f"<@{ADMIN}> appointed <@{NURSE}> coordinator")
    assert "Only coordinators can do this" in (await here.command(admin, "/hta-results")).text
    assert "There are no results yet" in (await here.command(here.person(NURSE), "/hta-results")).text


async def test_who_is_removed_is_refused_from_then_on(here: World) -> None:
    await add(here, here.coordinator, NURSE)
    assert "Please add a second one" not in json.dumps(here.coordinator.home)
    await here.coordinator.press_on_home("Remove")
    await here.rest()

    assert "Only coordinators can do this" in (await here.command(here.person(NURSE), "/hta-round")).text
    await reads(here.person(NURSE), here, "removed")
    assert "Please add a second one" in json.dumps(here.coordinator.home)


@pytest.mark.parametrize(
    ("person_id", "why"),
    [
        (COORDINATOR, "already"),
        ("U20NOOR", "Guests"),
        ("U21OLD", "deactivated"),
        ("U22PAT", "another organization"),
        ("U23TIDE", "bot"),
    ],
)
async def test_who_can_not_be_a_coordinator_is_refused_in_a_sentence(here: World, person_id: str, why: str) -> None:
    errors = await add(here, here.coordinator, person_id)

    assert errors is not None
    assert why in errors["person"]


async def test_somebody_else_finds_no_coordinators_section_on_home(here: World) -> None:
    nurse = here.person(NURSE)
    await nurse.open_home()
    await here.rest()

    assert "Add a coordinator" not in json.dumps(nurse.home)
