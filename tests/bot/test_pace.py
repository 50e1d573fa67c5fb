"""How fast we post: what Slack allows is found, with few refusals."""

from collections import deque

import pytest

from bot.pace import A_MINUTE, BURST, FASTEST, Pace, Paces
from sandbox.limits import A_MINUTE as SLACKS
from sandbox.limits import MINUTE

NOW = 1_000.0


def wait(pace: Pace, now: float) -> float:
    return pace.next_at(now) - now


@pytest.mark.parametrize("allowed", [60, 250, 400, 600])
def test_it_finds_what_slack_allows_and_is_refused_less_than_once_in_a_hundred(allowed: int) -> None:
    pace, now, refused = Pace(), NOW, 0
    gone, recent = 0, deque[float]()

    while gone < 10_000:
        now = pace.next_at(now)
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        if len(recent) >= allowed:
            refused += 1
            pace.refused(now, 1 + recent[0] + MINUTE - now)
        else:
            gone += 1
            recent.append(now)
            pace.went(now)

    assert refused < 100
    assert (now - NOW) / MINUTE < 1.2 * 10_000 / allowed


def test_after_a_rest_a_few_go_at_once_and_then_one_by_one() -> None:
    pace = Pace(per_minute=60)

    for _ in range(BURST):
        assert wait(pace, NOW) == 0
        pace.went(NOW)
    pace.went(NOW)

    assert 0.9 < wait(pace, NOW) < 1.5


def test_a_refusal_is_waited_out_and_slows_us_down() -> None:
    pace = Pace(per_minute=300)

    pace.refused(NOW, 30)

    assert wait(pace, NOW) == 30
    assert pace.per_minute == 270


def test_refusals_that_come_soon_upon_each_other_slow_us_down_sharply() -> None:
    pace = Pace(per_minute=300)

    pace.refused(NOW, 1)
    pace.refused(NOW, 1)

    assert pace.per_minute == 135


def test_a_pause_leaves_the_rate_as_it_was() -> None:
    pace = Pace(per_minute=300)

    pace.pause(NOW, 60)

    assert wait(pace, NOW) == 60
    assert pace.per_minute == 300


def test_it_never_gets_faster_than_the_fastest() -> None:
    pace = Pace(per_minute=FASTEST)

    pace.went(NOW)

    assert pace.per_minute == FASTEST


@pytest.mark.parametrize("method", A_MINUTE)
def test_no_minute_sees_more_calls_than_slack_takes_of_the_method_and_none_is_wasted(method: str) -> None:
    pace, now = Paces().of(method), NOW
    calls = deque[float]()

    while now < NOW + 10 * MINUTE:
        now = pace.next_at(now)
        pace.went(now)
        calls.append(now)
        recent = [at for at in calls if at > now - MINUTE]
        assert len(recent) < SLACKS[method]

    assert len(calls) > 0.7 * 10 * SLACKS[method]


def test_a_method_has_one_bucket() -> None:
    paces = Paces()

    assert paces.of("users.list") is paces.of("users.list")
    assert paces.of("users.list") is not paces.of("users.info")
