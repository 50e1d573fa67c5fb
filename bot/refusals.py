"""What Slack's error words are about: the target of a call, our app or workspace, or the call itself.

Only a word about the target is final for a message. A word about us stops all posting, and everything stays owed until it
is over. A word about the message, and one that nobody knows, puts off that message alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """Whose fault it is that Slack refused a call.

    MOMENT: Slack's own, and it passes. MESSAGE: what we sent, or nobody knows.
    """

    TARGET = "target"
    APP = "app"
    MESSAGE = "message"
    MOMENT = "moment"


@dataclass(frozen=True)
class Word:
    """An error word of Slack's. `source` is the page that lists it, under docs.slack.dev/reference.

    `methods`: those where it is about this; elsewhere it is about the call. Empty: everywhere.
    """

    error: str
    about: About
    source: str
    methods: tuple[str, ...] = ()


POST, CONNECT = "chat.postMessage", "apps.connections.open"

# What a word is about, the page that lists it, and the words.
TABLE = (
    (
        About.TARGET,
        "methods/chat.postMessage",
        "channel_not_found is_archived not_in_channel restricted_action restricted_action_read_only_channel "
        "restricted_action_thread_only_channel restricted_action_non_threadable_channel cannot_reply_to_message",
    ),
    (
        About.TARGET,
        "methods/conversations.open",
        "user_not_found user_not_visible user_disabled users_not_found cannot_dm_bot",
    ),
    (About.TARGET, "methods/files.completeUploadExternal", "posting_to_channel_denied"),
    (
        About.APP,
        "methods/chat.postMessage",
        "not_authed invalid_auth account_inactive token_revoked token_expired not_allowed_token_type org_login_required "
        "ekm_access_denied team_access_not_granted team_not_found accesslimited two_factor_setup_required "
        "enterprise_is_restricted",
    ),
    (About.APP, "methods/apps.connections.open", "forbidden_team internal_app_only"),
    (
        About.MOMENT,
        "methods/chat.postMessage",
        "ratelimited rate_limited message_limit_exceeded internal_error fatal_error request_timeout service_unavailable "
        "team_added_to_org",
    ),
    (
        About.MESSAGE,
        "methods/chat.postMessage",
        "invalid_blocks invalid_blocks_format invalid_attachments msg_blocks_too_long msg_too_long no_text invalid_arguments "
        "invalid_arg_name invalid_thread_ts too_many_attachments metadata_too_large messages_tab_disabled "
        "markdown_text_conflict no_permission access_denied",
    ),
)
# Without files:write only pictures can't be shared, and messages go on.
SCOPE = Word("missing_scope", About.APP, "methods/chat.postMessage", methods=(POST, "auth.test", CONNECT))

WORDS: Mapping[str, Word] = {SCOPE.error: SCOPE} | {
    error: Word(error, whose, source) for whose, source, errors in TABLE for error in errors.split()
}
TOKEN = frozenset(
    ["not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"]
)
"""Words that no waiting mends: somebody has to set another token."""
LIMITS = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
"""Words that say we were too fast."""


def about(error: str, method: str) -> About:
    """What an error word is about that `method` answered."""
    word = WORDS.get(error)
    if word is None or (word.methods and method not in word.methods):
        return About.MESSAGE
    return word.about
