"""What the bot says to a coordinator about a round: pure functions to a Message."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import Message, actions, button, confirm, escape, section
from bot.rounds.buttons import Do, RoundPressed
from bot.rounds.flow import Closing, Status
from bot.wording import channel, listed, mention, people, when
from storage.rounds import Round

CANT_BE_REACHED = {
    "user_disabled": "their account is deactivated",
    "account_inactive": "their account is deactivated",
    "cannot_dm_bot": "it is a bot",
    "user_not_found": "Slack doesn't know them any more",
    "channel_not_found": "Slack doesn't let us write to them",
}


def status(shown: Status, zone: ZoneInfo, close_now_after: int) -> Message:
    """An open round. How many have finished is told after closing only."""
    round_ = shown.round
    asked = (
        f"{people(shown.asked)} asked."
        if round_.gathered_at
        else "The people are being listed now; their invitations follow."
    )
    words = [
        f"*A self-assessment is open* until {when(round_.closing_at, zone)}, set up by {mention(round_.opened_by)}.",
        f"{asked} Results go to {channel(round_.results_channel)} at closing, in groups of {round_.minimum} or more.",
        "While it is open nobody sees results, and nobody is told who has answered.",
    ]
    if shown.unreachable:
        reasons = Counter(CANT_BE_REACHED.get(one.reason, f"Slack says {one.reason}") for one in shown.unreachable)
        told = listed(f"{number} because {escape(reason)}" for reason, number in reasons.items())
        words.append(f"{people(len(shown.unreachable))} could not be reached: {told}.")
    warning = "" if shown.enough else f"Fewer than {round_.minimum} people have finished: nothing could be shown. "
    ends = _delay(close_now_after)
    pressed = RoundPressed(Do.CANCEL if round_.close_now_at else Do.CLOSE_NOW, round_.id)
    press = (
        button("Cancel", Do.CANCEL.action_id, pressed.value)
        if round_.close_now_at
        else button(
            "Close now",
            Do.CLOSE_NOW.action_id,
            pressed.value,
            style="danger",
            confirm=confirm(
                "Close now?",
                f"{warning}It closes {ends}. Until then you can cancel. A closed self-assessment never opens again.",
                "Close it",
                "Leave it open",
            ),
        )
    )
    return Message(" ".join(words).replace("*", ""), (*(section(one) for one in words), actions(press)))


def closing(soon: Closing, now: datetime, zone: ZoneInfo) -> Message:
    """After Close now."""
    round_ = soon.round
    if round_.closing_at <= now:
        return _short(f"It closes now. What came out follows in {channel(round_.results_channel)}.")
    words = f"It closes on {when(round_.closing_at, zone)}. Until then you can cancel."
    warning = f"Fewer than {round_.minimum} people have finished. If it stays so, nothing can be shown."
    cancel = RoundPressed(Do.CANCEL, round_.id)
    return Message(
        words if soon.enough else f"{words} {warning}",
        (
            section(words),
            *(() if soon.enough else (section(warning),)),
            actions(button("Cancel", Do.CANCEL.action_id, cancel.value)),
        ),
    )


def cancelled(round_: Round, zone: ZoneInfo) -> Message:
    return _short(f"Cancelled. It stays open until {when(round_.closing_at, zone)}.")


def not_open() -> Message:
    return _short(
        "This self-assessment is not open any more, so the press changed nothing. Type /hta-results to see what came out."
    )


def already_open(round_: Round, zone: ZoneInfo) -> str:
    return (
        f"A self-assessment is open already, until {when(round_.closing_at, zone)}, set up by {mention(round_.opened_by)}. "
        "One at a time: type /hta-round to see it."
    )


def refusal(coordinators: Iterable[str]) -> Message:
    """For people who are no coordinators."""
    whom = list(coordinators)
    if not whom:
        return _short(
            "Only coordinators can do this, and none are named yet. Whoever installed HTA Bot can set HTA_COORDINATORS."
        )
    are = "the coordinator is" if len(whom) == 1 else "the coordinators are"
    return _short(
        f"Only coordinators can do this, and {are} {listed(map(mention, whom))}. You can ask them. "
        "Your own self-assessment is at /hta."
    )


def usage() -> Message:
    words = (
        "*/hta-round* starts a self-assessment: whom to ask, until when, where the results go. While one is open it shows "
        "how it stands and lets you close it. */hta-results* shows what came out. */hta* is for answering."
    )
    return Message(words.replace("*", ""), (section(words),))


def unknown_word(command: str, typed: str) -> Message:
    return _short(
        f"“{command} {escape(typed[:40])}” is nothing that this bot knows. Type {command}, or {command} help."
    )


def results_stuck(round_: Round) -> Message:
    there = channel(round_.results_channel)
    return _short(
        f"The results are ready, but HTA Bot can't post to {there}. Invite it there (/invite @HTA Bot) and they follow "
        "within the hour. Until then you find them with /hta-results."
    )


def audience_stuck() -> Message:
    return _short(
        "Nobody was asked yet for the self-assessment that you started: Slack does not say who is in one of its channels or "
        "groups. For a private channel, invite @HTA Bot to it. The bot keeps trying."
    )


def _delay(seconds: int) -> str:
    if seconds < 60:
        return "at once"
    minutes = round(seconds / 60)
    return "in an hour" if minutes == 60 else f"in {minutes} minutes"


def _short(words: str) -> Message:
    return Message(words, (section(words),))
