"""A process asks for as many open files as it may have, and says once a minute where they are too few."""

import asyncio
import errno
import logging
import resource
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.open_files import AcceptErrors, raised_limit


@pytest.fixture
def hard_limit() -> Iterator[int]:
    """The most that this process may have; what it may have after the test is as before."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_is_raised_as_far_as_is_allowed(hard_limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard_limit))

    raised = raised_limit()

    assert raised == resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 512
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == hard_limit
    assert raised_limit() == raised


@dataclass
class Errors:
    """A loop to which exceptions happen, at a time that the test sets."""

    loop: asyncio.AbstractEventLoop
    now: float = 0.0

    def happens(self, error: Exception) -> None:
        self.loop.call_exception_handler({"message": "socket.accept() out of system resource", "exception": error})


@pytest.fixture
def errors() -> Iterator[Errors]:
    made = Errors(asyncio.new_event_loop())
    made.loop.set_exception_handler(AcceptErrors(lambda: made.now))
    yield made
    made.loop.close()


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_a_want_of_files_is_a_line_a_minute_without_a_traceback(
    errors: Errors, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    for second in range(61):
        errors.now = float(second)
        errors.happens(OSError(number, "too many"))

    assert [record.__dict__["times"] for record in caplog.records] == [1, 60]
    for record in caplog.records:
        assert record.levelno == logging.ERROR
        assert record.message.startswith("out of file descriptors")
        assert record.exc_info is None


@pytest.mark.parametrize("error", [OSError(errno.ENOMEM, "no memory"), ValueError("a bug")])
def test_all_else_is_left_to_the_loop(errors: Errors, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    errors.happens(error)

    assert [record.name for record in caplog.records] == ["asyncio"]
