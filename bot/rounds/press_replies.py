"""What a coordinator reads after a press about a self-assessment. Pressed twice, it says that nothing changed."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import Message, actions, button, paragraph, section
from bot.rounds.audience import Audience
from bot.rounds.buttons import Do, RoundPressed
from bot.rounds.service import Closing, MoreAsked, Shared
from bot.rounds.views import counted, inviting, left_out
from bot.wording import channel
from reports.wording import people, spelled, until, when
from storage.rounds import Round, Source
from storage.terms import MOST_REMINDERS


def closing(soon: Closing, now: datetime, zone: ZoneInfo) -> Message:
    """After Close now."""
    round_ = soon.round
    if round_.closing_at <= now:
        return paragraph("It closes now. In a moment, /hta-results shows what came out.")
    already = "Close now was pressed before, and this press changed nothing. " if soon.again else ""
    words = f"{already}It closes on {until(round_, zone)}. Until then you can cancel."
    warning = f"By the last daily count, fewer than {round_.minimum} people have finished. If it stays so, nothing can be shown."
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
    return paragraph(f"Cancelled. It stays open until {until(round_, zone)}.")


def moved(round_: Round, zone: ZoneInfo) -> str:
    return f"It closes on {until(round_, zone)} now. Messages that go out from now on say so."


def shared(done: Shared, now: datetime, zone: ZoneInfo) -> Message:
    """After Share results."""
    where = channel(done.round.results_channel)
    if done.before:
        return paragraph(
            f"The results were shared with {where} on {when(done.before, zone, now)} already, so this press changed nothing."
        )
    return paragraph(f"The results go out, once, to {where} and to everyone asked who did not say no.")


def nudged() -> Message:
    """The same, whoever has finished."""
    return paragraph(
        "Everyone in this group who has not finished gets their next reminder at the next hour at which each may be written "
        f"to. Nobody gets more than {spelled(MOST_REMINDERS)} reminders, nor two on one day, so "
        "pressing again changes nothing. "
        "Nobody is told who they are."
    )


def trying_again(count: int) -> Message:
    """After Try again: those who could not be reached are invited once more."""
    if not count:
        return paragraph("Nobody is left to try again: everyone has been invited, or is being invited now.")
    return paragraph(f"{people(count)} who could not be reached will be invited again now.")


def more_invited(found: Audience, sources: Iterable[Source], asked: MoreAsked) -> str:
    """After Invite more: whom the new sources hold, and how many of them are new."""
    left = f" Left out: {left_out(found.left_out)}." if found.left_out else ""
    number = len(found.people)
    head = f"{people(number)} found: {counted(found, sources)}.{left}"
    if asked.later:
        return f"{head} Those who are not on the list yet get their invitation when all others do."
    if not asked.new:
        return f"{head} All of them were asked already, so nothing was changed."
    if asked.new < number:
        whom = f"{people(asked.new)} who {'was' if asked.new == 1 else 'were'} not asked yet"
        gets = "gets" if asked.new == 1 else "get"
        return (
            f"{head} {whom} {gets} an invitation now; that takes {inviting(asked.new)}. The others were asked already."
        )
    return f"{head} They get their invitation now; that takes {inviting(asked.new)}."


def nobody_found(found: Audience) -> str:
    left = f" Left out: {left_out(found.left_out)}." if found.left_out else ""
    return f"Nobody was found who could be asked, so nothing was changed.{left}"


def not_open() -> Message:
    return paragraph(
        "This self-assessment is not open any more, so the press changed nothing. Type /hta-results in any channel to see "
        "what came out."
    )
