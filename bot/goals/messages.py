"""Messages that ask about goals: check-ins, heads-ups, follow-ups and the history. Pure functions to a Message."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    header,
    literal,
    neutral,
    option,
    plain_section,
    section,
)
from bot.goals.asking import Asked, Line
from bot.goals.buttons import CHANNEL, FORMAT, MORE, Do, GoalPressed, Kind, Surface
from bot.wording import channel, mention
from instrument.goals import Obstacle
from reports.wording import listed
from storage.goals import Event, Goal

ANSWERS = (Do.ON_TRACK, Do.AT_RISK, Do.BLOCKED, Do.DONE, Do.MOVE, Do.NOTE)
"""The buttons under each goal, in this order whether it is due or runs longer."""
LONGEST = 3_900
"""Characters in a message's text: Slack asks for 4,000 at most."""
LATE = timedelta(hours=12)
"""What comes on another day than its own says that it is late. Nothing goes out at night, so that this is another day."""
WORDS, MEASURE, NOTE, HELP = 300, 80, 60, 50
"""Characters that are shown of each where goals stand together: Slack limits a message's blocks. The thread has all."""
HOW = "Anyone here may answer; your name stands beside it, and the owner can undo it. Please no patient information."


def check_in(asked: Asked, *, late: bool) -> Message:
    """For the channel: the goals that are due, then those that run longer, each with its buttons."""
    day = on(asked.surface.day)
    part = f" (part {asked.surface.page + 1} of {asked.pages})" if asked.pages > 1 else ""
    due = [line for line in asked.lines if line.is_due]
    longer = [line for line in asked.lines if not line.is_due]
    lateness = was_due(asked.surface.day, "check-in") if late else None
    blocks = [header(f"Check-in on our goals, {day}{part}"), *([context(lateness)] if lateness else [])]
    spoken: list[str] = [lateness] if lateness else []
    for title, lines in (("Due now", due), ("Running longer", longer)):
        if lines:
            blocks.append(section(f"*{title}*"))
            spoken.append(f"{title}.")
        for line in lines:
            blocks += _asked_about(line, asked.surface, asked.zone)
            spoken.append(_spoken(line, asked.surface.day))
    blocks.append(context(HOW))
    lead = f"Check-in of {day}{part}: how do the goals of our plan go? What is due comes first, then what runs longer."
    return Message(fitting(lead, [*spoken, HOW]), tuple(blocks))


def heads_up(asked: Asked, *, late: bool) -> Message:
    """For an owner: what is due soon."""
    lead = "A short message about what you own in your organization's plan. Something is due soon; the details follow here."
    return _to_owner(asked, "*Due soon.* You own this:", lead, late=late)


def follow_up(asked: Asked, *, late: bool) -> Message:
    """For an owner: a check-in that nobody has answered."""
    lead = (
        "A short message about what you own in your organization's plan. A check-in has no answer yet; it follows here."
    )
    return _to_owner(asked, "*Nobody has answered the check-in yet.* How does it go?", lead, late=late)


def drawn(asked: Asked, *, late: bool) -> Message:
    """The message about these goals, whichever it is."""
    match asked.surface.kind:
        case Kind.HEADS_UP:
            return heads_up(asked, late=late)
        case Kind.FOLLOW_UP:
            return follow_up(asked, late=late)
        case Kind.CHECK_IN | Kind.PLAN:
            return check_in(asked, late=late)


def said(goal: Goal, event: Event, zone: ZoneInfo) -> Message:
    """For the thread: what somebody said of a goal, so that the history stays where everybody can read it."""
    which = f"“{goal.words}”"
    if event.undone_by:
        who, what = (
            f"{mention(event.undone_by)} undid",
            f"{_what(event)}. It is {_stands(goal, event.happened_at.date())} again.",
        )
        return Message(f"{who} on {escape(which)}: {what}", (section(f"{who}: {what}"), context(literal(which))))
    who, what, details = mention(event.person_id), f"{_what(event)}.", details_of(event, whole=True)
    return Message(
        " ".join([f"{who} on {escape(which)}: {what}", *([escape(details)] if details else [])]),
        (section(f"{who}: {what}"), *([plain_section(details)] if details else []), context(literal(which))),
    )


def stuck(target: str, plan_id: int | None) -> Message:
    """For the coordinator: a plan's channel, or where there is no plan an owner, can't be posted to; it waits."""
    if plan_id is not None:
        words = (
            f"The check-in on your goals can't be posted to {channel(target)}: the channel is archived, or HTA Bot is not in "
            "it. It waits. Invite @HTA Bot to the channel, or choose another one."
        )
        more = actions(button("Choose another channel", CHANNEL, f"{FORMAT}:{plan_id}"))
        return Message(f"{words} Button: Choose another channel.", (section(words), more))
    words = (
        f"A message about goals can't be sent to {mention(target)}, who owns them: their account is deactivated, or Slack "
        "won't let us write. It waits. Type /hta-goals in any channel and choose Hand over beside what they own."
    )
    return Message(words, (section(words),))


def moved_to(channel_id: str) -> str:
    return f"Check-ins come in {channel(channel_id)} from now on, and the one that waits as well."


def gone() -> Message:
    words = "This goal is not there any more. Type /hta-goals in any channel to see the plan, or ask a coordinator."
    return Message(words, (section(words),))


def closed_already(goal: Goal) -> Message:
    words = f"This goal is {goal.status.label.lower()} already. Press Undo if that is wrong."
    return Message(words, (section(words),))


def not_yours(goal: Goal) -> Message:
    words = f"Only {mention(goal.owner)}, who owns this goal, can undo what somebody else said. You can answer anew."
    return Message(words, (section(words),))


def nothing_to_undo() -> Message:
    words = "There is nothing to undo: nobody has said anything of this goal yet."
    return Message(words, (section(words),))


def stranger() -> Message:
    words = "Only people of this workspace can answer here. Ask somebody of the organization to do it."
    return Message(words, (section(words),))


def on(day: date) -> str:
    """ "Thu 8 April"."""
    return f"{day:%a} {day.day} {day:%B}"


def until(day: date, today: date) -> str:
    """The same, with the year where it is another than that of `today`."""
    return on(day) if day.year == today.year else f"{on(day)} {day.year}"


def in_full(goal: Goal) -> str:
    """The goal as it was typed, and how it will be known."""
    measure = f"\nMeasure: {cut(goal.measure, MEASURE)}" if goal.measure else ""
    return f"{cut(goal.words, WORDS)}{measure}"


def goal_block(goal: Goal, surface: Surface, choices: Sequence[Do]) -> Block:
    """The goal, with more to choose beside it."""
    return plain_section(in_full(goal), more(goal, surface, choices) if choices else None)


def small_print(about: str, *lines: str, typed: str = "") -> Block:
    """What stands under a goal: what it is about, lines of ours in mrkdwn, and what somebody typed beside an answer."""
    return context("\n".join([f"*{escape(about)}*", *lines]), *([literal(typed)] if typed else []))


def cut(words: str, longest: int) -> str:
    """`words`, at most so many characters of them."""
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def short(words: str, longest: int) -> str:
    """`words` escaped, and cut where that takes more than so many characters."""
    if len(escape(words)) <= longest:
        return escape(words)
    while len(escape(words)) >= longest:
        words = words[:-1]
    return f"{escape(words)}…"


def more(goal: Goal, surface: Surface, words: Iterable[Do]) -> Block:
    """The overflow beside a goal."""
    return {
        "type": "overflow",
        "action_id": MORE,
        "options": [option(do.label, GoalPressed(do, goal.id, surface).choice) for do in words],
    }


def stands(goal: Goal, today: date) -> str:
    """Owner, date and status in a line."""
    return f"Due {until(goal.due_on, today)} · {mention(goal.owner)} · {goal.status.label}"


def answered(event: Event, zone: ZoneInfo, today: date) -> str:
    """What was said, by whom and when; mrkdwn. What was typed beside it is in `details_of`."""
    at = event.happened_at.astimezone(zone)
    return f"{_what(event)}: {mention(event.person_id)}, {until(at.date(), today)}, {at:%H:%M}."


def was_due(day: date, what: str) -> str:
    return f"This {what} was due on {on(day)}. It comes late: HTA Bot could not send it then."


def is_late(due_at: datetime, now: datetime) -> bool:
    return now - due_at > LATE


def fitting(lead: str, rest: Iterable[str]) -> str:
    """The text with as much of the rest as there is room for."""
    text = neutral(lead, "")
    for words in rest:
        if len(text) + len(words) + 1 > LONGEST:
            return f"{text} More is in the message."
        text = f"{text}{words} "
    return text.rstrip()


def _to_owner(asked: Asked, words: str, lead: str, *, late: bool) -> Message:
    lateness = was_due(asked.surface.day, "message") if late else None
    blocks = [section(words), *([context(lateness)] if lateness else [])]
    spoken = [words.replace("*", ""), *([lateness] if lateness else [])]
    for line in asked.lines:
        blocks += _asked_about(line, asked.surface, asked.zone)
        spoken.append(_spoken(line, asked.surface.day))
    how = and_more(asked.left_out) + "Please no patient information."
    return Message(fitting(lead, [*spoken, how]), (*blocks, context(how)))


def and_more(left_out: int) -> str:
    """What stands at the end of a message to an owner in which there was no room for all."""
    return f"And {left_out:,} more: check-ins in the channel have all of them. " if left_out else ""


def _asked_about(line: Line, surface: Surface, zone: ZoneInfo) -> list[Block]:
    goal, answer = line.goal, line.answer
    is_open = goal.status.is_open
    small = [stands(goal, surface.day), *([answered(answer, zone, surface.day)] if answer else [])]
    pressed = [do for do in ANSWERS if is_open] + ([Do.UNDO] if answer else [])
    drawn = [button(do.label, do.action_id, GoalPressed(do, goal.id, surface).value) for do in pressed]
    return [
        goal_block(goal, surface, (Do.HAND_OVER, Do.DROP) if is_open else ()),
        small_print(line.about, *small, typed=details_of(answer) if answer else ""),
        *([actions(*drawn)] if drawn else []),
    ]


def _spoken(line: Line, today: date) -> str:
    goal = line.goal
    said_so = f" {_what(line.answer)}, says {mention(line.answer.person_id)}." if line.answer else ""
    return f"{escape(line.about)}: {short(goal.words, WORDS)} ({stands(goal, today)}).{said_so}"


def _what(event: Event) -> str:
    """What changed with this event, in a few words."""
    told, said_on = [], event.happened_at.date()
    if event.status is not event.was_status or _changed_nothing_else(event):
        told.append(event.status.label)
    if event.due_on != event.was_due_on:
        told.append(f"moved from {until(event.was_due_on, said_on)} to {until(event.due_on, said_on)}")
    if event.owner != event.was_owner:
        told.append(f"handed over from {mention(event.was_owner)} to {mention(event.owner)}")
    words = listed(told) if told else "Note"
    return words[0].upper() + words[1:]


def _changed_nothing_else(event: Event) -> bool:
    """Whether somebody said again what stood already; a note alone is none of that."""
    moved = event.due_on != event.was_due_on or event.owner != event.was_owner
    told = event.details
    return not moved and not (told.note and told.obstacle is None and told.help_from is None)


def details_of(event: Event, *, private: bool = False, whole: bool = False) -> str:
    """What was typed beside an answer, as it was typed; empty where nothing was, or where it is not for the reader.

    private: with what only the owner and coordinators see. whole: however long it is.
    """
    said = event.details
    if said.for_coordinator and not private:
        return ""
    told = []
    if said.obstacle:
        told.append(f"In the way: {_in_a_sentence(said.obstacle)}.")
    if said.help_from:
        told.append(f"Help needed from: {said.help_from if whole else cut(said.help_from, HELP)}.")
    if said.note:
        told.append(f"“{said.note if whole else cut(said.note, NOTE)}”")
    return " ".join(told)


def _in_a_sentence(obstacle: Obstacle) -> str:
    return obstacle.label[0].lower() + obstacle.label[1:]


def _stands(goal: Goal, today: date) -> str:
    return f"{goal.status.label.lower()}, due {until(goal.due_on, today)}, owned by {mention(goal.owner)}"
