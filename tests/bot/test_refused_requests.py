"""Refused requests are said once a minute: how many, why, what to check, and nothing of what was in them."""

from bot.refused_requests import Refusal, RefusedRequests


def test_the_first_is_said_at_once() -> None:
    refused = RefusedRequests()

    assert refused.add(Refusal.WRONG_SIGNATURE, 1_000.0) == (
        "1 request in the last minute had a wrong signature: check SLACK_SIGNING_SECRET"
    )


def test_the_rest_of_a_minute_is_one_line_with_a_count_for_each_reason() -> None:
    refused = RefusedRequests()
    refused.add(Refusal.NO_SIGNATURE, 0.0)

    unsaid = [refused.add(Refusal.WRONG_SIGNATURE, second) for second in range(1, 13)]
    unsaid += [refused.add(Refusal.TOO_LARGE, 59.9), refused.line(59.9)]
    line = refused.line(60.0)

    assert set(unsaid) == {None}
    assert line == (
        "12 requests in the last minute had a wrong signature: check SLACK_SIGNING_SECRET; "
        "1 request in the last minute had a body larger than Slack sends: check what else uses this address"
    )


def test_where_nothing_was_refused_nothing_is_said() -> None:
    refused = RefusedRequests()
    refused.add(Refusal.UNREADABLE, 0.0)

    assert refused.line(1_000.0) is None


def test_what_was_said_is_not_counted_again() -> None:
    refused = RefusedRequests()
    refused.add(Refusal.BAD_TIMESTAMP, 0.0)

    said = refused.add(Refusal.BAD_TIMESTAMP, 61.0)

    assert said is not None
    assert said.startswith("1 request ")


def test_a_wrong_clock_is_said_with_the_smallest_drift_since_a_made_up_timestamp_may_be_anything() -> None:
    refused = RefusedRequests()
    refused.add(Refusal.NO_SIGNATURE, 0.0)

    refused.add(Refusal.DATED_PAST, 1.0, 372.4)
    refused.add(Refusal.DATED_PAST, 2.0, 1e9)
    refused.add(Refusal.DATED_FUTURE, 3.0, -400.0)

    assert refused.line(60.0) == (
        "2 requests in the last minute had a timestamp 372 s in the past by this machine's clock: check the clock; "
        "1 request in the last minute had a timestamp 400 s in the future by this machine's clock: check the clock"
    )
