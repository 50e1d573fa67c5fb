"""A coordinator takes the evidence pack along: through the sandbox, as she presses."""

import io
import zipfile
from pathlib import Path

from bot.results.export import names
from conversation import COORDINATOR, STAFF, world
from printed import words_of
from round_with_results import closed_round, looked, results
from sandbox.driver import found_button


async def test_a_coordinator_gets_the_pack_in_her_own_messages_and_nobody_else_does(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        round_id, _ = await closed_round(here)
        shown = await results(here)
        element, block_id = found_button(shown.blocks, "Evidence pack")
        nurse = here.person(STAFF[0])

        await here.sandbox.client.press(nurse.id, shown, element, block_id)
        await here.sandbox.client.press(COORDINATOR, shown, element | {"value": "1:99"}, block_id)
        await here.rest()
        assert "Only coordinators" in nurse.ephemerals[-1].text
        assert "There are no results yet" in here.coordinator.ephemerals[-1].text
        assert here.coordinator.files == nurse.files == []

        await here.press(here.coordinator, "Evidence pack", shown)

        assert "is being put together" in here.coordinator.ephemerals[-1].text
        (file,) = here.coordinator.files
        assert file.name == f"hta-{round_id}-evidence.zip"
        assert "It claims no compliance" in here.coordinator.dm[-2].text
        assert await looked(here, round_id) == [COORDINATOR]
        with zipfile.ZipFile(io.BytesIO(file.content or b"")) as pack:
            took_part, page = (
                words_of(pack.read("04 Participation.pdf")),
                words_of(pack.read("01 Results on one page.pdf")),
            )
        assert "#all-staff 13 people" in took_part
        assert "12 of 13 people asked finished" in page

        here.sandbox.workspace.channels["C04LEADERS"].members.append(here.sandbox.workspace.bot.id)
        named = await names.channels(here.bot.context, ["C01ALLSTAFF", "C04LEADERS"])
        assert named == {"C01ALLSTAFF": "#all-staff"}, "that there is a private one may be news to whoever reads it"

        here.sandbox.faults.plan("upload", 500)
        await here.press(here.coordinator, "Evidence pack", shown)
        assert "could not be sent" in here.coordinator.dm[-1].text
