"""What Slack does to a running bot: it drops, refuses and asks to wait. Whom it concerns is told, and nobody else notices."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot_process import EVERYONE, RESULTS, Beside, beside, item_shown
from conversation import COORDINATOR, STAFF, invitations
from sandbox.driver import found_button
from sandbox.faults import RESPONSE_URL, Fault
from sandbox.people import BOT_ID
from sandbox.refusals import Json
from sandbox.workspace import Message

pytestmark = pytest.mark.slow

HALF_AN_HOUR = 31 * 60.0
A_MOMENT = 2.0
"""More seconds than Slack asks to wait here."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Beside]:
    async with beside(tmp_path) as made:
        yield made


@dataclass(frozen=True)
class StatusButton:
    """A button of /hta-round, as it stood there. A press of a coordinator's has the bot look at once for what is due."""

    here: Beside
    status: Message
    element: Json
    block_id: str

    @classmethod
    async def seen(cls, here: Beside, label: str) -> "StatusButton":
        status = await here.command(here.coordinator, "/hta-round")
        return cls(here, status, *found_button(status.blocks, label))

    async def press_after(self, seconds: float) -> None:
        self.here.sandbox.clock.advance(seconds)
        await self.here.sandbox.client.press(COORDINATOR, self.status, self.element, self.block_id)


async def test_where_the_response_url_fails_the_message_is_edited_all_the_same(here: Beside) -> None:
    await here.start_round()
    nurse = here.person(STAFF[0])
    await here.begin(nurse)
    for fault in (500, Fault.DROPPED, Fault.LOST, 404):
        here.sandbox.faults.plan(RESPONSE_URL, fault)
        await here.answer(nurse, "1")
    assert item_shown(nurse) == 5

    # Neither way is open: the message stays as it was, and pressing it again shows what is true.
    message = nurse.dm[-1]
    here.sandbox.faults.plan(RESPONSE_URL, Fault.DROPPED)
    here.sandbox.faults.plan("chat.update", 503)
    pulse = here.sandbox.workspace.pulse
    began = pulse.begun
    assert (await nurse.press("Never")).error is None
    await here.sandbox.until(lambda: pulse.begun == began + len(("the press", "response_url", "chat.update")))
    await here.sandbox.settled()
    assert item_shown(nurse, message) == 5
    await here.press(nurse, "Always")

    assert "Already answered. Press Back to change it." in message.text
    assert item_shown(nurse, message) == 6


async def test_where_the_next_section_cannot_be_posted_continue_leads_to_it(here: Beside) -> None:
    await here.start_round()
    nurse = here.person(STAFF[0])
    await here.begin(nurse)
    for fault, answers, following in ((Fault.DROPPED, 14, 15), (503, 2, 17)):
        await here.answer(nurse, "0" * (answers - 1))
        here.sandbox.faults.plan("chat.postMessage", fault)

        assert (await nurse.press("Never")).error is None
        await here.sandbox.until(lambda: "Press Continue to see it." in nurse.dm[-1].text)
        await here.press(nurse, "Continue")

        assert item_shown(nurse) == following


async def test_an_invitation_that_has_to_wait_comes_later(here: Beside) -> None:
    here.sandbox.faults.plan("chat.postMessage", 429, times=2)

    await here.start_round(expect=())
    await here.sandbox.until(lambda: any(invitations(here.person(one)) for one in EVERYONE))
    nudge = await StatusButton.seen(here, "Nudge this group")
    # Slack asks twice, and what was put off is due once the rest has gone.
    for _ in range(3):
        await here.sandbox.settled()
        await nudge.press_after(A_MOMENT)
    await here.sandbox.until(lambda: all(invitations(here.person(one)) for one in EVERYONE))
    await here.sandbox.settled()

    assert [invitations(here.person(one)) for one in EVERYONE] == [1] * len(EVERYONE)
    assert "13 people asked." in (await here.command(here.coordinator, "/hta-round")).text


async def test_somebody_who_left_since_the_count_is_reported_and_stops_nobody(here: Beside) -> None:
    here.expected.add("user_disabled")
    people, gone = here.sandbox.workspace.people, STAFF[3]
    await here.review_round()
    people[gone] = replace(people[gone], is_deactivated=True)
    assert (await here.coordinator.submit()).error is None
    rest = [here.person(one) for one in EVERYONE if one != gone]
    await here.sandbox.until(lambda: all(one.dm for one in rest))
    await here.sandbox.settled()

    status = await here.command(here.coordinator, "/hta-round")

    assert "13 people asked." in status.text
    assert "1 person could not be reached: 1 because their account is deactivated." in status.text
    assert here.person(gone).dm == []


async def test_results_wait_for_the_bot_to_be_let_back_into_their_channel(here: Beside) -> None:
    here.expected.add("not_in_channel")
    await here.start_round()
    for one in STAFF[:5]:
        await here.answer_all(here.person(one), "0123" * 15 + "33")
    close = await StatusButton.seen(here, "Close now")
    members = here.sandbox.workspace.channels[RESULTS].members
    members.remove(BOT_ID)

    def notes() -> list[str]:
        return [one.text for one in here.coordinator.dm if "HTA Bot can't post to" in one.text]

    await here.press(here.coordinator, "Close now", close.status)
    await here.sandbox.until(notes)
    assert f"HTA Bot can't post to <#{RESULTS}>. Invite it there" in notes()[0]
    assert "5 of 13 people asked finished" in (await here.command(here.coordinator, "/hta-results")).text

    await close.press_after(HALF_AN_HOUR)
    await here.sandbox.until(lambda: len(here.sandbox.refusals) == 2)
    await here.sandbox.settled()
    assert len(notes()) == 1, "told once"
    members.append(BOT_ID)
    await close.press_after(HALF_AN_HOUR)
    await here.sandbox.until(lambda: here.sandbox.channel(RESULTS))

    (posted,) = here.sandbox.channel(RESULTS)
    assert "5 of 13 people asked finished" in posted.text
