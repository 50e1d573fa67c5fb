"""What is written of an exception that quotes what somebody pressed, by us and by the libraries?"""

import asyncio
import errno
import gc
import io
import logging
from typing import Any

import pytest

from bot.logs import Careful, Counting
from storage.problems import GroupLost

QUOTED = "1:1:u_01 Often U02AMARA"


def written(record: logging.LogRecord) -> str:
    record.exc_text = None  # what another formatter made of it
    return Careful().format(record)


async def fails() -> None:
    raise ValueError(QUOTED)


async def test_a_task_that_nobody_waits_for_does_not_say_what_its_exception_quotes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    del task
    gc.collect()

    (record,) = caplog.records
    assert QUOTED in record.getMessage()
    assert "asyncio Task exception was never retrieved" in written(record)
    assert "ValueError" in written(record)
    assert QUOTED not in written(record)


def test_a_library_that_quotes_an_exception_is_cut_short_and_our_own_words_stay(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logging.getLogger("slack_sdk.socket_mode").error(f"Failed to process a message: {QUOTED}, session: 1")
    logging.getLogger("bot.delivery").error("a posting was refused: it stays owed")

    theirs, ours = map(written, caplog.records)
    assert theirs.endswith("ERROR slack_sdk.socket_mode Failed to process a message")
    assert ours.endswith("a posting was refused: it stays owed")


class Story:
    """A log as it is written, told by a clock of its own."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        self.handler = Counting(self.out)
        self.handler.setFormatter(Careful())
        self.seconds = 0.0

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()

    def fail(self, error: Exception, words: str = "a request failed") -> None:
        try:
            raise error
        except type(error) as raised:
            trace = (type(raised), raised, raised.__traceback__)
        self._handle(words, trace)

    def say(self, words: str) -> None:
        self._handle(words, None)

    def _handle(self, words: str, trace: Any) -> None:
        record = logging.LogRecord("bot.app", logging.ERROR, "app.py", 1, words, None, trace)
        record.created = self.seconds
        self.handler.emit(record)


def full() -> GroupLost:
    lost = GroupLost(QUOTED)
    lost.__cause__ = OSError(errno.ENOSPC, QUOTED)
    return lost


def test_a_traceback_ends_with_what_led_to_it_and_its_code_and_no_value() -> None:
    story = Story()

    story.fail(full())

    assert story.lines[-1] == "GroupLost: OSError ENOSPC"
    assert QUOTED not in story.out.getvalue()


def test_the_same_traceback_is_written_once_and_then_counted() -> None:
    story = Story()
    for story.seconds in range(50):
        story.fail(full())
    once = story.lines
    assert once.count("GroupLost: OSError ENOSPC") == 1

    story.seconds = 61
    story.say("something else")

    assert [line.split("bot.app ")[-1] for line in story.lines[len(once) :]] == [
        "a request failed, 49 more times",
        "something else",
    ]


def test_what_is_of_another_kind_or_of_another_place_is_written_with_its_own_traceback() -> None:
    story = Story()

    story.fail(full())
    story.fail(ValueError(QUOTED))
    story.fail(full(), "a part of a tick failed")

    assert story.lines.count("GroupLost: OSError ENOSPC") == 2
    assert story.lines.count("ValueError") == 1


def test_after_a_quiet_minute_the_same_is_new_again() -> None:
    story = Story()
    story.fail(full())

    story.seconds = 120
    story.fail(full())

    assert story.lines.count("GroupLost: OSError ENOSPC") == 2


def test_at_the_end_nothing_that_was_counted_is_left_out() -> None:
    story = Story()
    for _ in range(3):
        story.fail(full())

    story.handler.close()

    assert story.lines[-1].endswith("a request failed, 2 more times")
