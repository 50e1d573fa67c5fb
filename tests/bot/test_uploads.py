"""What comes of an upload: a value for each thing that can happen, and nothing shared twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from bot.blocks import Message, Upload
from bot.clock import Clock
from bot.outcomes import NotNow, Refused, Uploaded
from bot.refusals import About
from bot.slack import Slack
from sandbox.driver import Sandbox
from sandbox.faults import Fault
from sandbox.people import hospital
from sandbox_counterpart import EMERGENCY, NURSE, RESULTS, echo_manifest

URL, FINISH = "files.getUploadURLExternal", "files.completeUploadExternal"
BARS = Upload("bars.png", "Bars", b"\x89PNG", alt_text="Bars: Risk 40 %", comment="What people said.")


class NoWait(Clock):
    """A clock on which waiting takes no time, and is remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@dataclass(frozen=True)
class Here:
    sandbox: Sandbox
    slack: Slack
    clock: NoWait


@pytest.fixture
async def here() -> AsyncIterator[Here]:
    clock = NoWait()
    async with Sandbox(hospital(), echo_manifest()) as sandbox, aiohttp.ClientSession() as session:
        sandbox.workspace.scopes |= {"files:write"}
        yield Here(sandbox, Slack(sandbox.tokens.bot, sandbox.api_url, session, clock), clock)


async def test_a_file_is_shared_with_its_title_and_words(here: Here) -> None:
    outcome = await here.slack.upload(RESULTS, BARS)

    (message,) = here.sandbox.shares(RESULTS)
    (file,) = message.files
    assert outcome == Uploaded(file.id)
    assert (file.content, file.title, file.alt_text, message.text) == (b"\x89PNG", "Bars", BARS.alt_text, BARS.comment)


@pytest.mark.parametrize("step", [URL, "upload", FINISH])
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(429, NotNow(1, by_limit=True)), (500, NotNow(30)), (Fault.DROPPED, NotNow(30)), (Fault.LOST, NotNow(30))],
)
async def test_what_fails_on_the_way_is_to_be_tried_later(
    here: Here, step: str, fault: Fault | int, outcome: NotNow
) -> None:
    here.sandbox.faults.plan(step, fault)

    told = await here.slack.upload(RESULTS, BARS)

    is_there = step == FINISH and fault is Fault.LOST
    assert told == outcome
    assert len(here.sandbox.files(RESULTS)) == is_there


async def test_what_slack_refuses_is_given_up_with_its_word(here: Here) -> None:
    assert await here.slack.upload(EMERGENCY, BARS) == Refused("not_in_channel")
    assert await here.slack.upload(NURSE, BARS) == Refused("channel_not_found")
    here.sandbox.faults.plan("upload", 403)
    assert await here.slack.upload(RESULTS, BARS) == Refused("upload_refused", About.MESSAGE)


async def test_for_a_person_who_waits_a_short_wait_is_waited_out_and_the_file_comes_once(here: Here) -> None:
    here.sandbox.faults.plan(URL, 429)
    here.sandbox.faults.plan(FINISH, 429, times=2)

    assert isinstance(await here.slack.upload_now(RESULTS, BARS), Uploaded)
    assert here.clock.slept == [1, 1, 1]
    assert len(here.sandbox.files(RESULTS)) == 1


async def test_files_reach_a_person_under_a_message_that_says_what_they_are(here: Here) -> None:
    message = Message("Two pictures follow.", ())

    assert await here.slack.bring(NURSE, message, [BARS, BARS])

    seen = here.sandbox.person(NURSE).dm
    assert [(one.text, len(one.files)) for one in seen] == [(message.text, 0), (BARS.comment, 1), (BARS.comment, 1)]


async def test_that_a_file_did_not_reach_a_person_is_known(here: Here) -> None:
    here.sandbox.faults.plan(FINISH, 500)

    assert not await here.slack.bring(NURSE, Message("x", ()), [BARS, BARS])
    assert len(here.sandbox.person(NURSE).files) == 1
    assert not await here.slack.bring("U21OLD", Message("x", ()), [BARS])


def test_words_that_slack_would_not_take_are_found_when_they_are_written() -> None:
    with pytest.raises(ValueError, match="1000 characters"):
        Upload("bars.png", "Bars", b"", alt_text="x" * 1001)
