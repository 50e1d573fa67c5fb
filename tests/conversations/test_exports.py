"""A coordinator takes results along as files: through the sandbox, as she presses and chooses."""

import io
from copy import deepcopy
from pathlib import Path

import openpyxl
import pytest

from conversation import COORDINATOR, STAFF, world
from round_with_results import closed_round, looked, results
from sandbox.driver import found_button

PRINTED = b"%PDF"


async def test_a_coordinator_gets_the_formats_that_she_chose_in_her_own_messages(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        round_id, snapshot = await closed_round(here)
        await here.press(here.coordinator, "Export", await results(here))
        shown = str(here.coordinator.modal)
        formats = ["PDF, one page for leaders", "Excel workbook with codebook", "CSV, one figure a row"]
        assert sorted(formats, key=shown.find) == formats, "PDF and Excel first"

        here.move_clock(3_700)  # within an hour it would be the same look
        done = await here.coordinator.submit({"Formats": formats})
        await here.rest()

        assert done.errors is None
        assert "They come to your messages" in str(here.coordinator.modal)
        made = here.coordinator.files
        assert [file.name for file in made] == [
            f"hta-{round_id}-report.pdf",
            f"hta-{round_id}-results.xlsx",
            f"hta-{round_id}-results.csv",
        ]
        page, book, table = (file.content or b"" for file in made)
        assert page.startswith(PRINTED)
        sheet = openpyxl.load_workbook(io.BytesIO(book))["Sections"]
        assert [cell.value for cell in sheet["C"]][1] == snapshot.sections[0].n
        assert b"finished,12,exact" in table
        assert "PDF), Workbook with codebook (Excel) and" in here.coordinator.dm[-4].text
        assert all(not here.person(one).files for one in STAFF)
        assert here.sandbox.files("C03RESULTS") == []
        assert await looked(here, round_id) == [COORDINATOR, COORDINATOR]


async def test_nobody_else_exports_and_what_can_go_wrong_is_told(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        round_id, _ = await closed_round(here)
        shown = await results(here)
        nurse = here.person(STAFF[0])
        element, block_id = found_button(shown.blocks, "Export")

        # A button seen over a shoulder, and a form that she should not have.
        await here.sandbox.client.press(nurse.id, shown, element, block_id)
        await here.rest()
        assert nurse.modal is None
        assert "Only coordinators" in nurse.ephemerals[-1].text
        await here.press(here.coordinator, "Export", shown)
        form = here.coordinator.modal
        assert form is not None
        here.sandbox.workspace.modals[nurse.id] = [deepcopy(form)]
        await nurse.submit()
        await here.rest()
        assert "Only coordinators" in str(nurse.modal)
        assert nurse.files == []

        # No format; then one whose bytes Slack does not take.
        none = await here.coordinator.submit({"Formats": []})
        assert none.errors is not None
        assert list(none.errors) == ["formats"]
        assert await looked(here, round_id) == [COORDINATOR], "that was /hta-results"
        here.sandbox.faults.plan("upload", 500)
        await here.coordinator.submit({"Formats": ["CSV, one figure a row"]})
        await here.rest()
        assert here.coordinator.files == []
        assert "could not be sent, or not all of them" in here.coordinator.dm[-1].text

        # A button of a self-assessment that is not there.
        await here.sandbox.client.press(COORDINATOR, shown, element | {"value": "1:99"}, block_id)
        await here.rest()
        assert "There are no results yet" in here.coordinator.ephemerals[-1].text


async def test_where_no_file_can_be_made_she_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with world(tmp_path) as here:
        await closed_round(here, broken=True)
        await here.press(here.coordinator, "Export", await results(here))

        await here.coordinator.submit({"Formats": ["CSV, one figure a row"]})
        await here.rest()

        assert "could not be sent" in here.coordinator.dm[-1].text
        assert "something after an acknowledgement failed" in caplog.text
        await here.press(here.coordinator, "Evidence pack", await results(here))
        assert "The evidence pack could not be sent" in here.coordinator.dm[-1].text
