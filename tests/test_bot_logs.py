"""What is written of an exception that quotes what somebody pressed, by us and by the libraries?"""

import asyncio
import gc
import logging

import pytest

from bot.logs import Careful

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
