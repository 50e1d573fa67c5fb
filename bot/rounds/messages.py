"""What the bot says to a coordinator about a round: pure functions to a Message."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from math import ceil, floor
from zoneinfo import ZoneInfo

from bot.blocks import Block, Message, actions, button, confirm, escape, neutral, paragraph, plain_paragraph, section
from bot.rounds.buttons import Do, RoundPressed
from bot.rounds.following import DRAWN_FROM, Status
from bot.rounds.views import source_name
from bot.wording import channel, mention
from instrument.definition import Instrument
from instrument.participation import Picture
from reports.wording import day, listed, people, until, when
from storage.rounds import Round

CANT_BE_REACHED = {
    "user_disabled": "their account is deactivated",
    "cannot_dm_bot": "it is a bot",
    "user_not_found": "Slack doesn't know them any more",
    "users_not_found": "Slack doesn't know them any more",
    "user_not_visible": "Slack doesn't let us write to them",
    "channel_not_found": "Slack doesn't let us write to them",
}

MOST_NUDGES = 10
AT_ONCE = 60
"""Seconds: what happens sooner is said to happen at once."""


def status(
    shown: Status,
    instrument: Instrument,
    zone: ZoneInfo,
    close_now_after: int,
    troubles: Iterable[str] = (),
    now: datetime | None = None,
) -> Message:
    """An open round: until when, who was asked, how far it is, and what a coordinator can do. `troubles`: what is wrong.

    now: decides whether its start is still to come; None: it is, until somebody is asked.
    """
    round_ = shown.round
    shared = "after a coordinator has looked" if shown.terms.after_look else "at closing"
    words = [
        *troubles,
        headline(shown, zone, now),
        f"{_asked(shown, now)}Results go to {channel(round_.results_channel)} {shared}, in groups of {round_.minimum} or more.",
        *participation(shown, instrument),
        "While it is open nobody sees results, and nobody is told who has answered.",
    ]
    if shown.unreachable:
        reasons = Counter(CANT_BE_REACHED.get(one.reason, f"Slack says {one.reason}") for one in shown.unreachable)
        told = listed(f"{number} because {escape(reason)}" for reason, number in reasons.items())
        words.append(
            f"{people(len(shown.unreachable))} could not be reached: {told}. Try again invites them once more."
        )
    return Message(
        " ".join(words).replace("*", ""),
        (
            *(section(one) for one in words),
            actions(*_buttons(shown, close_now_after)),
            *_nudges(shown),
        ),
    )


def headline(shown: Status, zone: ZoneInfo, now: datetime | None) -> str:
    """Until when it is open; before its start, when it begins."""
    round_ = shown.round
    by, closes = mention(round_.opened_by), until(round_, zone)
    if starts_at := shown.planned_for(now):
        starts = when(starts_at, zone, round_.opened_at)
        return f"*A self-assessment is planned:* invitations go out on {starts}. It closes on {closes}. Set up by {by}."
    return f"*A self-assessment is open* until {closes}, set up by {by}."


def _asked(shown: Status, now: datetime | None) -> str:
    if shown.planned_for(now):
        return ""
    if shown.round.gathered_at:
        return f"{people(shown.asked)} asked{_brought(shown)}. "
    return "The people are being listed now; their invitations follow. "


def participation(shown: Status, instrument: Instrument) -> list[str]:
    """The picture of the day, in words: counts in steps, small ones said to be so, once; and when the next one comes."""
    picture = shown.picture
    if not shown.round.gathered_at:
        return []
    next_update = f"in the morning, at {DRAWN_FROM:%H:%M}"
    if picture is None:
        return [
            f"The first picture of how far it is comes {next_update}, and then one a day. Single people can't be seen in it."
        ]
    year = "" if picture.as_of.year == shown.round.opened_at.year else f" {picture.as_of.year}"
    day_drawn = f"{picture.as_of.day} {picture.as_of:%B}{year}"
    counts = (
        f"*How far it is* (picture of {day_drawn}, drawn once a day, in steps of {shown.round.minimum}): "
        f"{_counts(picture, shown.round.minimum)}"
    )
    words = [f"{counts}{_target(shown, picture)} Next update: {next_update}."]
    kinds = listed(kind.label for kind in instrument.functions)
    words.append(
        f"*By kind of work* nothing is counted while it is open ({escape(kinds)}), since that could show single people."
    )
    return words


def _counts(picture: Picture, minimum: int) -> str:
    """ "10 or more started, 5 or more finished, fewer than 5 said no thanks." """
    counts = {"started": picture.started, "finished": picture.finished, "said no thanks": picture.declined}
    known = [f"{number:,} or more {what}" for what, number in counts.items() if number is not None]
    few = [what for what, number in counts.items() if number is None]
    if len(few) == len(counts):
        return f"too few to tell, fewer than {minimum} each have started, finished or said no thanks."
    if len(few) > 1:
        return f"{', '.join(known)}; {listed(few)}: fewer than {minimum} each."
    return f"{', '.join([*known, *(f'fewer than {minimum} {what}' for what in few)])}."


def _target(shown: Status, picture: Picture) -> str:
    target = shown.terms.target_percent
    if target is None or not shown.asked:
        return ""
    needed = ceil(shown.asked * target / 100)
    if picture.finished is None:
        return f" You would like {target} % to finish, that is {people(needed)}."
    reached = floor(100 * picture.finished / shown.asked)
    return f" That is {reached} % or more of those asked; you would like {target} %, that is {people(needed)}."


def _brought(shown: Status) -> str:
    """Whom each channel and group brought. One that brought few is named without a number: who is in it is known."""
    parts = [
        f"{number:,} from {source_name(source)}" if number >= shown.round.minimum else source_name(source)
        for source, number in shown.brought
        if number
    ]
    return f": {listed(parts)}" if len(parts) > 1 else ""


def _nudges(shown: Status) -> list[Block]:
    """A button for each channel and group that brought enough people to be reminded together."""
    if not shown.round.gathered_at:
        return []
    enough = [source for source, number in shown.brought if number >= shown.round.minimum][:MOST_NUDGES]
    return [
        section(
            f"Those from {source_name(source)} who have not finished can be reminded together, without a name or a count.",
            button(
                "Nudge this group", Do.NUDGE.action_id, RoundPressed(Do.NUDGE, shown.round.id, source.slack_id).value
            ),
        )
        for source in enough
    ]


def _buttons(shown: Status, close_now_after: int) -> list[Block]:
    round_ = shown.round
    more = [button("Invite more", Do.MORE.action_id, RoundPressed(Do.MORE, round_.id).value)]
    if shown.unreachable:
        more.append(button("Try again", Do.TRY_AGAIN.action_id, RoundPressed(Do.TRY_AGAIN, round_.id).value))
    move = button("Move closing date", Do.MOVE.action_id, RoundPressed(Do.MOVE, round_.id).value)
    if round_.close_now_at:
        return [*more, move, button("Cancel", Do.CANCEL.action_id, RoundPressed(Do.CANCEL, round_.id).value)]
    few = f"By the last daily count, fewer than {round_.minimum} people have finished. If it stays so, nothing can be shown. "
    warning = "" if shown.enough else few
    cancel = " Until then you can cancel." if close_now_after >= AT_ONCE else ""
    question = confirm(
        "Close now?",
        f"{warning}It closes {_delay(close_now_after)}.{cancel} A closed self-assessment never opens again.",
        "Close it",
        "Leave it open",
    )
    close_now = RoundPressed(Do.CLOSE_NOW, round_.id)
    return [
        *more,
        move,
        button("Close now", Do.CLOSE_NOW.action_id, close_now.value, style="danger", confirm=question),
    ]


def results_ready(round_: Round, share_by: datetime, zone: ZoneInfo) -> Message:
    """To the coordinator, where results wait for a look."""
    by_itself = when(share_by, zone, round_.closed_at)
    words = (
        "The self-assessment has closed and the results are ready. Type /hta-results in any channel to see them. Share them "
        f"with {channel(round_.results_channel)} and everyone asked when you have looked; on {by_itself} they go out by "
        "themselves."
    )
    share = button("Share results", Do.SHARE.action_id, RoundPressed(Do.SHARE, round_.id).value, style="primary")
    return Message(words, (section(words), actions(share)))


def already_open(round_: Round, zone: ZoneInfo) -> str:
    # Before its people are listed it may have been planned for a later day.
    is_set_up = "is open" if round_.gathered_at else "is planned or open"
    return (
        f"A self-assessment {is_set_up} already, until {until(round_, zone)}, set up by "
        f"{mention(round_.opened_by)}. One at a time: type /hta-round to see it."
    )


def refusal(coordinators: Iterable[str]) -> Message:
    """For people who are no coordinators."""
    whom = list(coordinators)
    if not whom:
        return paragraph(
            "Only coordinators can do this, and none are named yet. Whoever installed HTA Bot can set HTA_COORDINATORS."
        )
    are = "the coordinator is" if len(whom) == 1 else "the coordinators are"
    return paragraph(
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
    return plain_paragraph(
        f"“{command} {typed[:40]}” is nothing that this bot knows. Type {command}, or {command} help."
    )


def results_stuck(round_: Round) -> Message:
    there = channel(round_.results_channel)
    return paragraph(
        f"The results are ready, but HTA Bot can't post to {there}. Invite it there (/invite @HTA Bot) and they follow "
        "within the hour. Until then, type /hta-results in any channel to see them."
    )


def abandoned(round_: Round, zone: ZoneInfo, *, is_coordinator: bool) -> Message:
    """For everyone who was asked, and for coordinators: it has no results, since its key was lost."""
    words = (
        f"The self-assessment that {mention(round_.opened_by)} started on {day(round_.opened_at, zone)} was closed without "
        "results: a key on HTA Bot's server was lost, and without it nobody can use the answers. All answers are deleted."
    )
    more = (
        "Everyone who was asked is told. You can start a new self-assessment with /hta-round, in any channel."
        if is_coordinator
        else "You did nothing wrong, and you don't need to do anything. If there is another self-assessment, you will be asked."
    )
    lead = "About the self-assessment you were asked to take: it is over, and there is nothing that you need to do now."
    return Message(neutral(lead, f"{words} {more}"), (section(f"{words} {more}"),))


def audience_stuck() -> Message:
    return paragraph(
        "Nobody was asked yet for the self-assessment that you started: Slack does not say who is in one of its channels or "
        "groups. For a private channel, invite @HTA Bot to it. The bot keeps trying."
    )


def _delay(seconds: int) -> str:
    if seconds < AT_ONCE:
        return "at once"
    minutes = round(seconds / 60)
    return "in an hour" if minutes == 60 else f"in {minutes} minutes"
