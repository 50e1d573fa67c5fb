"""What is said where there is nothing to answer: none is open, not asked, over, a press that does nothing, usage."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.blocks import Message, context, neutral, paragraph, plain_paragraph, section
from bot.survey.contacts import HOTLINES
from bot.wording import mention
from reports.wording import listed, when
from storage.rounds import Round


def over(round_: Round, zone: ZoneInfo, *, pressed: bool = True) -> Message:
    """For a press that came after the closing, perhaps years after; or, not `pressed`, in place of what led on until then."""
    closed = when(round_.closed_at or round_.closing_at, zone)
    if round_.abandoned_at:
        return abandoned(closed)
    so = ", so this press changed nothing" if pressed else ""
    words = (
        f"This self-assessment closed on {closed}{so}. What was submitted by then counts. "
        "The key is destroyed: the bot no longer knows which answers are whose."
    )
    return Message(
        neutral(
            "This self-assessment has closed. There is nothing more to do here, and nothing of yours can be changed now.",
            words,
        ),
        (section(words),),
    )


def abandoned(closed: str) -> Message:
    """For a press on a self-assessment that was given up, since its key was lost."""
    words = (
        f"This self-assessment was closed on {closed} without results, because a key on HTA Bot's server was lost. All "
        "answers are deleted, so this press changed nothing."
    )
    return Message(
        neutral(
            "This self-assessment is over. There is nothing more that you need to do here, now or later on.", words
        ),
        (section(words),),
    )


def nothing_open(*, is_coordinator: bool = False) -> Message:
    words = (
        "No self-assessment is open right now, so there is nothing to do. When one starts and you are asked, you get a "
        "message here."
    )
    if is_coordinator:
        return paragraph(f"{words} You are a coordinator: type /hta-round in any channel to start one.")
    return paragraph(f"{words} If you expected one, ask whoever told you about it.")


def not_asked(round_: Round, coordinators: Iterable[str]) -> Message:
    if round_.gathered_at is None:
        return paragraph(
            "A self-assessment is being prepared. If you are asked, you get a message here, and there is nothing to do until then."
        )
    whom = listed([mention(one) for one in coordinators] or [mention(round_.opened_by)])
    words = (
        "A self-assessment is open, and you are not among those who were asked. If you think that you should be, "
        f"ask {whom}."
    )
    return paragraph(words)


def key_missing(coordinators: Iterable[str]) -> Message:
    """For a press while the key of the self-assessment is missing on the server."""
    whom = listed([mention(one) for one in coordinators] or ["whoever installed this bot"])
    return paragraph(
        "HTA Bot can't find your answers right now, because of a problem on its server. You did nothing wrong, and this "
        f"press changed nothing. Please try again tomorrow. If it stays like this, tell {whom}."
    )


def outdated() -> Message:
    """For a button of an unknown version, or one that names nothing."""
    return paragraph(
        "This button is from another version of the bot and does nothing any more. Type /hta in any channel to go on where you are."
    )


def in_your_messages() -> Message:
    return paragraph("It is in your messages with HTA Bot, where only you see it.")


def could_not_post() -> Message:
    return paragraph("Slack did not let us write to you just now. Your answers are safe. Type /hta again in a minute.")


def nothing_saved() -> Message:
    """For an error before the commit."""
    return paragraph("Nothing was saved. Please press again.")


def maybe_saved() -> Message:
    """For a commit whose outcome nobody knows."""
    return paragraph("The bot can't tell whether that was saved. If nothing changes here, please press again.")


def strangers() -> Message:
    return paragraph("HTA Bot works for people of this workspace only, so this press changed nothing.")


def unknown_word(typed: str) -> Message:
    return plain_paragraph(
        f"“/hta {typed[:40]}” is nothing that this bot knows. Type /hta to start or go on, or /hta help."
    )


def usage(coordinators: Iterable[str]) -> Message:
    whom = listed([mention(one) for one in coordinators] or ["whoever installed this bot"])
    words = (
        "*/hta* starts or continues your self-assessment. It asks how often your organization does 62 things that help "
        "people who have been trafficked. Your answers are confidential, not anonymous, and you can stop at any time.\n"
        f"Questions go to {whom}."
    )
    return Message(words.replace("*", ""), (section(words), context(HOTLINES)))
