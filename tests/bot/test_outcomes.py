"""What does the bot do about what Slack, or something before Slack, answered?"""

import json

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.outcomes import LONGEST_WAIT, NotNow, Refused, outcome_of, retry_after
from bot.refusals import TABLE, WORDS, About, about


def said(status: int, data: object, headers: dict[str, str] | None = None) -> SlackApiError:
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=data,  # type: ignore[arg-type]
        headers=headers or {},
        status_code=status,
    )
    return raised(response)


def raised(response: object) -> SlackApiError:
    """As slack_sdk raises it: where the answer is a proxy's page, its response is none of Slack's."""
    return SlackApiError("the server's answer", response)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (said(200, {"ok": False, "error": "channel_not_found"}), Refused("channel_not_found", About.TARGET)),
        (said(200, {"ok": False, "error": "user_disabled"}), Refused("user_disabled", About.TARGET)),
        (said(200, {"ok": False, "error": "token_revoked"}), Refused("token_revoked", About.APP)),
        (said(200, {"ok": False, "error": "ekm_access_denied"}), Refused("ekm_access_denied", About.APP)),
        (said(200, {"ok": False, "error": "missing_scope"}), Refused("missing_scope", About.APP)),
        (said(200, {"ok": False, "error": "invalid_blocks"}), Refused("invalid_blocks", About.MESSAGE)),
        (said(200, {"ok": False, "error": "a_word_of_tomorrow"}), Refused("a_word_of_tomorrow", About.MESSAGE)),
        (said(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"}), NotNow(7, by_limit=True)),
        (said(429, {"ok": False, "error": "ratelimited"}), NotNow(1, by_limit=True)),
        (said(200, {"ok": False, "error": "rate_limited"}), NotNow(1, by_limit=True)),
        (said(429, "Too many requests"), NotNow(1, by_limit=True)),
        (said(200, {"ok": False, "error": "internal_error"}), NotNow(30)),
        (said(500, {"ok": False, "error": "channel_not_found"}), NotNow(30)),
        (said(200, {"ok": False}), NotNow(30)),
        (raised("<html>Service Unavailable</html>"), NotNow(30)),
        (raised({"status": 503, "body": "Service Unavailable"}), NotNow(30)),
        (TimeoutError(), NotNow(30)),
        (AttributeError("'list' object has no attribute 'get'"), NotNow(30)),
        (json.JSONDecodeError("Expecting value", "", 0), NotNow(30)),
    ],
)
def test_only_what_slack_says_of_the_target_is_final(error: Exception, outcome: NotNow | Refused) -> None:
    assert outcome_of(error, "chat.postMessage") == outcome


def test_an_error_of_our_own_is_none_of_slacks() -> None:
    with pytest.raises(ZeroDivisionError):
        outcome_of(ZeroDivisionError(), "chat.postMessage")


def test_a_missing_scope_for_files_keeps_no_message_from_going() -> None:
    assert about("missing_scope", "chat.postMessage") is About.APP
    assert about("missing_scope", "files.completeUploadExternal") is About.MESSAGE


def test_each_word_has_a_source_and_stands_once() -> None:
    listed = [error for _, _, errors in TABLE for error in errors.split()]

    assert len(listed) == len(set(listed))
    assert all(word.source for word in WORDS.values())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        ("-5", 1),
        ("1e12", LONGEST_WAIT),
        ("nan", 1),
        ("inf", LONGEST_WAIT),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 1),
        ("Fri, 01 Jan 2100 00:00:00 GMT", LONGEST_WAIT),
        ("soon", 1),
        ("", 1),
    ],
)
def test_whatever_stands_in_retry_after_is_a_wait_that_ends(header: str, seconds: float) -> None:
    assert retry_after({"Retry-After": header}) == seconds


def test_without_headers_the_wait_is_the_shortest() -> None:
    assert retry_after(None) == 1
