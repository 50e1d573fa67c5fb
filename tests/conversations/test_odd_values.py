"""A value that nobody drew, or that an older version drew, is answered with words, and nothing fails after the acknowledgement."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conversation import STAFF, World, world
from sandbox.finding import found_choice


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        await made.start_round()
        yield made


async def test_a_section_that_there_is_not_asks_which_section(here: World, caplog: pytest.LogCaptureFixture) -> None:
    nurse = here.person(STAFF[0])
    await here.begin(nurse)
    await here.answer(nurse, "0")
    await here.press(nurse, "Pause")
    await here.press(nurse, "Finish with what I have")
    await here.press(nurse, "Change an answer")
    view = nurse.modal
    assert view is not None
    element, block_id, option = found_choice(view["blocks"], "2 Risk")
    chosen = {"selected_option": option | {"value": "c9"}}
    values = {block_id: {element["action_id"]: {"type": element["type"]} | chosen}}

    with caplog.at_level(logging.ERROR):
        done = await here.sandbox.client.press_in_view(nurse.id, view, element, block_id, chosen, values)
        await here.rest()

    assert done.error is None
    assert "Which section?" in str(nurse.modal)
    assert caplog.records == []
