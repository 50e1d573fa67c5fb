"""The review of a self-assessment before it starts, and what is said once it has."""

from collections.abc import Iterator
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from bot.blocks import Block, View, actions, button, context, escape, field, modal, plain_section, section
from bot.rounds import form as fields
from bot.rounds.audience import Audience
from bot.rounds.buttons import REVIEW, Do, RoundPressed
from bot.rounds.form import Form
from bot.rounds.overlap import Overlap
from bot.rounds.views import TITLE, counted, inviting, left_out, more_than_staff
from bot.wording import channel
from reports.wording import day, people, spelled, when
from storage.terms import MOST_REMINDERS, Terms


def review(form: Form, audience: Audience, zone: ZoneInfo, now: datetime, overlap: Overlap | None = None) -> View:
    """What is about to happen, before it does. overlap: with a self-assessment that asked nearly the same people.

    Where fewer people are said to work here than are asked, it asks for that number once more: the form is gone by then.
    """
    terms, asked = form.terms, len(audience.people)
    joiners = " People who join these channels while it is open are asked too." if terms.joiners_too else ""
    starts = f"on {when(terms.starts_at, zone, now)}" if terms.starts_at else "at once"
    return modal(
        TITLE,
        [
            section(f"*{people(asked)} will be asked:* {counted(audience, form.sources)}.{joiners}"),
            *([section(f"*Left out:* {left_out(audience.left_out)}.")] if audience.left_out else []),
            *([section(_nearly_the_same(overlap, zone))] if overlap else []),
            section(
                f"*Open until* {when(form.closes_at(zone), zone, now)}. Invitations go out {starts}; that takes "
                f"{inviting(asked)}."
            ),
            section(_reminders(form.remind_every_days)),
            section(
                f"*Results* go to {channel(form.results_channel)} and to everyone asked who did not say no, {_shared(terms)}, in "
                f"groups of {form.minimum} or more people."
            ),
            *_chosen(terms, asked),
            *_staff(terms.staff_count, asked),
            actions(button("Preview to me", Do.PREVIEW.action_id, RoundPressed(Do.PREVIEW, 0).value)),
            context(
                "Each person gets one direct message that names you as the one who asks. While it is open nobody sees "
                "results, you neither. The message names 911, 988, the National Human Trafficking Hotline and your own "
                "protocol: please make sure that people know your protocol."
            ),
        ],
        callback_id=REVIEW,
        submit="Schedule" if terms.starts_at else "Start now",
        close="Cancel",
        metadata=form.packed(),
    )


def started(form: Form, zone: ZoneInfo, now: datetime, *, again: bool = False) -> View:
    """After Start now or Schedule. again: it was pressed a second time, and the first one counts."""
    starts_at = form.terms.starts_at
    twice = " You pressed twice; the second time changed nothing." if again else ""
    first = (
        f"*It is set up.* The invitations go out on {when(starts_at, zone, now)}, by direct message."
        if starts_at
        else "*It has started.* The invitations go out now, by direct message."
    )
    until = f"It is open until {when(form.closes_at(zone), zone, now)}."
    return modal(
        TITLE,
        [section(f"{first}{twice}"), section(f"{until} Type /hta-round to see how it stands or to close it.")],
    )


def _nearly_the_same(overlap: Overlap, zone: ZoneInfo) -> str:
    closed = day(overlap.round.closed_at or overlap.round.closing_at, zone)
    return (
        f"*Please check who is asked.* The list is nearly the same as in the self-assessment that closed on {closed}: fewer "
        f"than {overlap.fewer_than} people differ. Compared, the two results could show what those few people answered. Ask "
        f"exactly the same people again, change at least {overlap.fewer_than} people, or wait until {day(overlap.over_at, zone)}."
    )


def _reminders(every_days: int | None) -> str:
    if every_days is None:
        return "*Reminders:* none."
    return f"*Reminders:* at most {spelled(MOST_REMINDERS)}, every {every_days} days."


def _shared(terms: Terms) -> str:
    if terms.after_look:
        return "after a coordinator has looked and pressed Share, else by themselves after 5 working days"
    return "at closing"


def _chosen(terms: Terms, asked: int) -> Iterator[Block]:
    """What was filled in of the optional fields."""
    if terms.target_percent:
        needed = people(ceil(asked * terms.target_percent / 100))
        yield section(f"*Target:* {terms.target_percent} % of those asked, that is {needed}.")
    if terms.announcement:
        yield section(f"*Announcement:* the invitation links to <{escape(terms.announcement)}>.")
    if terms.contacts:
        yield section("*Help contacts.* Are they right today?")
        yield plain_section(terms.contacts)


def _staff(staff_count: int | None, asked: int) -> list[Block]:
    if staff_count is None:
        return []
    if staff_count >= asked:
        return [section(f"*People who work here:* {staff_count:,}.")]
    # Slack itself takes no smaller number here.
    number = {"type": "number_input", "action_id": "chosen", "is_decimal_allowed": False, "min_value": str(asked)}
    return [
        section(
            f"*Please correct a number.* You typed {staff_count:,} for those who work here. {more_than_staff(asked)}"
        ),
        field("How many people work here?", fields.STAFF, number, optional=True),
    ]
