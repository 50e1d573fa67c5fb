"""What does the bot do about what Slack, or something before Slack, answered?"""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.outcomes import NotNow, Refused, outcome_of


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
        (said(200, {"ok": False, "error": "channel_not_found"}), Refused("channel_not_found")),
        (said(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"}), NotNow(7, by_limit=True)),
        (said(429, {"ok": False, "error": "ratelimited"}), NotNow(1, by_limit=True)),
        (said(200, {"ok": False, "error": "internal_error"}), NotNow(30)),
        (said(500, {"ok": False, "error": "channel_not_found"}), NotNow(30)),
        (raised("<html>Service Unavailable</html>"), NotNow(30)),
        (raised({"status": 503, "body": "Service Unavailable"}), NotNow(30)),
    ],
)
def test_only_what_slack_itself_refuses_is_given_up(error: SlackApiError, outcome: NotNow | Refused) -> None:
    assert outcome_of(error) == outcome
