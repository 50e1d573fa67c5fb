"""What time it is, when the machine's clock is wrong: as much passed as passed, and Slack's word counts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import UNHEARD, Clock

HOUR, WEEK = 3600.0, 7 * 86_400.0
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@dataclass
class Machine:
    """A machine whose clock shows `error` seconds too much, `passed` seconds after noon."""

    error: float = 0.0
    passed: float = 0.0

    def clock(self) -> Clock:
        return Clock(wall=lambda: NOON.timestamp() + self.passed + self.error, monotonic=lambda: 1_000 + self.passed)

    @property
    def slack(self) -> datetime:
        """The true time, as Slack tells it: whole seconds."""
        return (NOON + timedelta(seconds=self.passed)).replace(microsecond=0)

    def off_by(self, clock: Clock) -> float:
        return (clock.now() - NOON).total_seconds() - self.passed


def heard(clock: Clock, machine: Machine, times: int = 2) -> None:
    for _ in range(times):
        clock.heard(machine.slack)


def test_a_clock_that_is_right_is_followed() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.passed += HOUR

    assert machine.off_by(clock) == 0
    assert not clock.needs_word


def test_a_clock_that_drifts_by_seconds_is_followed_too() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.passed, machine.error = 10, 3

    assert machine.off_by(clock) == 3


@pytest.mark.parametrize("leap", [HOUR, -HOUR, WEEK, -WEEK])
def test_a_clock_that_leaps_is_not_followed_and_slack_is_asked(leap: float) -> None:
    machine = Machine()
    clock = machine.clock()

    machine.passed, machine.error = 7, leap

    assert machine.off_by(clock) == 0
    assert clock.needs_word


def test_a_week_ahead_for_seven_seconds_never_shows() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.passed, machine.error = 1, WEEK
    seen = [machine.off_by(clock)]
    machine.passed = 8
    seen.append(machine.off_by(clock))
    machine.error = 0
    seen.append(machine.off_by(clock))

    assert seen == [0, 0, 0]
    assert not clock.needs_word


def test_after_a_sleep_of_the_machine_slack_confirms_its_clock() -> None:
    machine = Machine()
    clock = machine.clock()

    # Asleep for eight hours, in which no time passed for the machine: it is the true time that leapt.
    asleep = 8 * HOUR
    machine.error = asleep
    assert machine.off_by(clock) == 0
    clock.heard(machine.slack + timedelta(seconds=asleep))

    assert machine.off_by(clock) == asleep
    assert not clock.needs_word


def test_a_clock_that_was_wrong_from_the_start_is_found_out_by_two_answers() -> None:
    machine = Machine(error=HOUR)
    clock = machine.clock()

    clock.heard(machine.slack)
    assert machine.off_by(clock) == HOUR
    assert clock.needs_word, "one answer may have lain somewhere on its way"
    machine.passed += 1.5
    clock.heard(machine.slack)

    assert abs(machine.off_by(clock)) < 1
    assert not clock.needs_word


def test_two_answers_that_contradict_each_other_change_nothing() -> None:
    machine = Machine(error=HOUR)
    clock = machine.clock()

    clock.heard(machine.slack)
    clock.heard(machine.slack - timedelta(minutes=20))

    assert machine.off_by(clock) == HOUR


def test_a_clock_that_is_put_right_is_followed_again() -> None:
    machine = Machine(error=HOUR)
    clock = machine.clock()
    heard(clock, machine)
    machine.passed += 60

    machine.error = 0

    assert machine.off_by(clock) == 0
    machine.passed, machine.error = machine.passed + 60, 2
    assert machine.off_by(clock) == 2


def test_without_a_word_from_slack_a_clock_that_leapt_is_followed_after_ten_minutes() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.passed, machine.error = 1, -HOUR

    assert machine.off_by(clock) == 0
    machine.passed += UNHEARD / 2
    assert machine.off_by(clock) == 0
    machine.passed += UNHEARD

    assert machine.off_by(clock) == -HOUR


def test_seconds_pass_evenly_whatever_the_clock_does() -> None:
    machine = Machine()
    clock = machine.clock()
    before = clock.monotonic()

    machine.passed, machine.error = 5, -WEEK

    assert clock.monotonic() - before == 5


def test_what_slack_told_is_moved_as_this_clock_is(tmp_path: Path) -> None:
    offset = tmp_path / "clock"
    offset.write_text("60")

    assert Clock(offset).moved(NOON) == NOON + timedelta(minutes=1)
