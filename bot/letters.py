"""How each kind of posting is written: one entry a kind."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot import stoppages
from bot.awaited_keys import until_its_key_is_back
from bot.blocks import Message
from bot.context import Context
from bot.coordinators import everyone
from bot.delivery import Letter, Letters, NotBefore
from bot.goals.letters import LETTERS as goal_letters
from bot.home import coordination
from bot.home.service import by_and_whom
from bot.payloads import Who
from bot.postings import Kind
from bot.reminders import messages as reminders_messages
from bot.reminders import service as reminders_service
from bot.results import messages as results
from bot.results.charts import letters as charts
from bot.rounds import messages as rounds_messages
from bot.rounds import service as rounds_service
from bot.survey import invitation as survey_invitation
from bot.survey import service as survey_service
from instrument.definition import builtin
from storage import people as stored_people
from storage import rounds, terms
from storage.invitations import Standing
from storage.postings import NewPosting, Posting
from storage.rounds import Round


async def invitation(context: Context, posting: Posting) -> Message | NotBefore | None:
    """Not wanted any more by someone who has begun or said no, nor after closing."""
    who = Who(posting.team_id, posting.target, posting.team_id)
    here = await context.unhurried.read(
        partial(survey_service.place, keyring=context.keyring, who=who, round_id=posting.round_id)
    )
    match here:
        case survey_service.Invited(round_, Standing.ASKED):
            agreed = await context.unhurried.read(partial(terms.of, round_id=round_.id))
            return survey_invitation.invitation(round_, context.settings.zone, agreed.announcement, agreed.contacts)
        case survey_service.KeyMissing(round_):
            return until_its_key_is_back(context, round_)
        case _:
            return None


async def results_post(context: Context, posting: Posting) -> Message | None:
    found = await context.unhurried.read(partial(rounds_service.result, round_id=posting.round_id or 0))
    if found is None:
        return None
    round_, snapshot = found
    agreed = await context.unhurried.read(partial(terms.of, round_id=round_.id))
    return results.results(
        builtin(round_.instrument_version),
        round_,
        snapshot,
        context.settings.zone,
        private=False,
        work_here=agreed.staff_count,
        posted_by=posting.note or None,
    )


async def results_ready(context: Context, posting: Posting) -> Message | None:
    """Not wanted any more where somebody has shared them."""
    round_ = await _round(context, posting)
    agreed = await context.unhurried.read(partial(terms.of, round_id=posting.round_id or 0))
    if round_ is None or round_.closed_at is None or agreed.shared_at is not None:
        return None
    zone = context.settings.zone
    return rounds_messages.results_ready(
        round_, rounds_service.share_by(round_.closed_at, zone, context.settings.off), zone
    )


async def what_came_out(context: Context, posting: Posting) -> Message | None:
    """Not wanted by someone who stopped these messages."""
    person = await context.unhurried.read(partial(stored_people.of, team_id=posting.team_id, person_id=posting.target))
    if person and person.stopped:
        return None
    found = await context.unhurried.read(partial(rounds_service.result, round_id=posting.round_id or 0))
    if found is None:
        return None
    round_, snapshot = found
    return results.what_came_out(builtin(round_.instrument_version), round_, snapshot, context.settings.zone)


async def results_stuck_note(context: Context, posting: Posting) -> NewPosting | None:
    round_ = await _round(context, posting)
    if round_ is None:
        return None
    return NewPosting(Kind.RESULTS_STUCK, round_.team_id, round_.id, round_.opened_by, posting.due_at)


async def results_stuck(context: Context, posting: Posting) -> Message | None:
    round_ = await _round(context, posting)
    return rounds_messages.results_stuck(round_) if round_ else None


async def audience_stuck(context: Context, posting: Posting) -> Message | None:
    round_ = await _round(context, posting)
    if round_ is None or not round_.is_open or round_.gathered_at is not None:
        return None
    return rounds_messages.audience_stuck()


async def reminder(context: Context, posting: Posting) -> Message | NotBefore | None:
    """Not wanted by someone who has finished, said no or stopped these messages; and not yet at the wrong hour."""
    wanted = partial(
        reminders_service.wanted,
        keyring=context.keyring,
        posting=posting,
        zone=context.settings.zone,
        now=context.now(),
    )
    found = await context.unhurried.read(wanted)
    match found:
        case reminders_service.Wanted(here, zone):
            return reminders_messages.reminder(here, zone)
        case reminders_service.HeldUp(until):
            return NotBefore(until)
        case survey_service.KeyMissing(round_):
            return until_its_key_is_back(context, round_)
        case None:
            return None


async def coordinator_added(context: Context, posting: Posting) -> Message:
    by, whom = by_and_whom(posting.note)
    return coordination.to_the_appointed(by) if posting.target == whom else coordination.appointed(by, whom)


async def coordinator_removed(context: Context, posting: Posting) -> Message:
    return coordination.removed(*by_and_whom(posting.note))


async def posting_resumed(context: Context, posting: Posting) -> Message:
    since_at, word = stoppages.read_note(posting.note)
    return stoppages.resumed(since_at, word, posting.due_at, context.settings.zone)


async def abandoned(context: Context, posting: Posting) -> Message | None:
    """Not wanted by someone who stopped these messages."""
    round_ = await _round(context, posting)
    person = await context.unhurried.read(partial(stored_people.of, team_id=posting.team_id, person_id=posting.target))
    is_coordinator = posting.target in await everyone(context, posting.team_id)
    if round_ is None or (person and person.stopped and not is_coordinator):
        return None
    return rounds_messages.abandoned(round_, context.settings.zone, is_coordinator=is_coordinator)


def mark_and_go_on(connection: Connection, context: Context, posting: Posting, now: datetime) -> None:
    reminders_service.go_on(connection, posting, context.settings.zone, now)


LETTERS: Letters = {
    Kind.INVITATION: Letter(invitation, is_patient=True, mark=mark_and_go_on, leads_on=True),
    Kind.RESULTS: Letter(results_post, has_to_arrive=True, instead=results_stuck_note, mark=charts.mark_and_owe),
    Kind.RESULTS_READY: Letter(results_ready),
    Kind.WHAT_CAME_OUT: Letter(what_came_out, is_patient=True),
    Kind.RESULTS_STUCK: Letter(results_stuck),
    Kind.AUDIENCE_STUCK: Letter(audience_stuck),
    Kind.REMINDER: Letter(reminder, is_patient=True, mark=mark_and_go_on, keeps_quiet=True),
    Kind.COORDINATOR_ADDED: Letter(coordinator_added),
    Kind.COORDINATOR_REMOVED: Letter(coordinator_removed),
    Kind.POSTING_RESUMED: Letter(posting_resumed),
    Kind.ABANDONED: Letter(abandoned, is_patient=True),
    **charts.LETTERS,
    **goal_letters,
}


async def _round(context: Context, posting: Posting) -> Round | None:
    return await context.unhurried.read(partial(rounds.by_id, round_id=posting.round_id or 0))
