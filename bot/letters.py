"""What do we write to whom? One entry for each kind of posting that we owe."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot import stoppages
from bot.awaited_keys import until_its_key_is_back
from bot.blocks import Message
from bot.coordinators import everyone
from bot.delivery import Letter, Letters, NotBefore
from bot.goals.letters import LETTERS as goal_letters
from bot.home import coordination
from bot.home.service import by_and_whom
from bot.kit import Kit
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


async def invitation(kit: Kit, posting: Posting) -> Message | NotBefore | None:
    """Not wanted any more by someone who has begun or said no, nor after closing."""
    who = Who(posting.team_id, posting.target, posting.team_id)
    here = await kit.unhurried.read(
        partial(survey_service.place, keyring=kit.keyring, who=who, round_id=posting.round_id)
    )
    match here:
        case survey_service.Invited(round_, Standing.ASKED):
            agreed = await kit.unhurried.read(partial(terms.of, round_id=round_.id))
            return survey_invitation.invitation(round_, kit.settings.zone, agreed.announcement, agreed.contacts)
        case survey_service.KeyMissing(round_):
            return until_its_key_is_back(kit, round_)
        case _:
            return None


async def results_post(kit: Kit, posting: Posting) -> Message | None:
    found = await kit.unhurried.read(partial(rounds_service.result, round_id=posting.round_id or 0))
    if found is None:
        return None
    round_, snapshot = found
    agreed = await kit.unhurried.read(partial(terms.of, round_id=round_.id))
    return results.results(
        builtin(round_.instrument_version),
        round_,
        snapshot,
        kit.settings.zone,
        private=False,
        work_here=agreed.staff_count,
        posted_by=posting.note or None,
    )


async def results_ready(kit: Kit, posting: Posting) -> Message | None:
    """Not wanted any more where somebody has shared them."""
    round_ = await _round(kit, posting)
    agreed = await kit.unhurried.read(partial(terms.of, round_id=posting.round_id or 0))
    if round_ is None or round_.closed_at is None or agreed.shared_at is not None:
        return None
    zone = kit.settings.zone
    return rounds_messages.results_ready(
        round_, rounds_service.share_by(round_.closed_at, zone, kit.settings.off), zone
    )


async def what_came_out(kit: Kit, posting: Posting) -> Message | None:
    """Not wanted by someone who stopped these messages."""
    person = await kit.unhurried.read(partial(stored_people.of, team_id=posting.team_id, person_id=posting.target))
    if person and person.stopped:
        return None
    found = await kit.unhurried.read(partial(rounds_service.result, round_id=posting.round_id or 0))
    if found is None:
        return None
    round_, snapshot = found
    return results.what_came_out(builtin(round_.instrument_version), round_, snapshot, kit.settings.zone)


async def results_stuck_note(kit: Kit, posting: Posting) -> NewPosting | None:
    round_ = await _round(kit, posting)
    if round_ is None:
        return None
    return NewPosting(Kind.RESULTS_STUCK, round_.team_id, round_.id, round_.opened_by, posting.due_at)


async def results_stuck(kit: Kit, posting: Posting) -> Message | None:
    round_ = await _round(kit, posting)
    return rounds_messages.results_stuck(round_) if round_ else None


async def audience_stuck(kit: Kit, posting: Posting) -> Message | None:
    round_ = await _round(kit, posting)
    if round_ is None or not round_.is_open or round_.gathered_at is not None:
        return None
    return rounds_messages.audience_stuck()


async def reminder(kit: Kit, posting: Posting) -> Message | NotBefore | None:
    """Not wanted by someone who has finished, said no or stopped these messages; and not yet at the wrong hour."""
    wanted = partial(
        reminders_service.wanted, keyring=kit.keyring, posting=posting, zone=kit.settings.zone, now=kit.now()
    )
    found = await kit.unhurried.read(wanted)
    match found:
        case reminders_service.Wanted(here, zone):
            return reminders_messages.reminder(here, zone)
        case reminders_service.HeldUp(until):
            return NotBefore(until)
        case survey_service.KeyMissing(round_):
            return until_its_key_is_back(kit, round_)
        case None:
            return None


async def coordinator_added(kit: Kit, posting: Posting) -> Message:
    by, whom = by_and_whom(posting.note)
    return coordination.to_the_appointed(by) if posting.target == whom else coordination.appointed(by, whom)


async def coordinator_removed(kit: Kit, posting: Posting) -> Message:
    return coordination.removed(*by_and_whom(posting.note))


async def posting_resumed(kit: Kit, posting: Posting) -> Message:
    since_at, word = stoppages.read_note(posting.note)
    return stoppages.resumed(since_at, word, posting.due_at, kit.settings.zone)


async def abandoned(kit: Kit, posting: Posting) -> Message | None:
    """Not wanted by someone who stopped these messages."""
    round_ = await _round(kit, posting)
    person = await kit.unhurried.read(partial(stored_people.of, team_id=posting.team_id, person_id=posting.target))
    is_coordinator = posting.target in await everyone(kit, posting.team_id)
    if round_ is None or (person and person.stopped and not is_coordinator):
        return None
    return rounds_messages.abandoned(round_, kit.settings.zone, is_coordinator=is_coordinator)


def mark_and_go_on(connection: Connection, kit: Kit, posting: Posting, now: datetime) -> None:
    reminders_service.go_on(connection, posting, kit.settings.zone, now)


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


async def _round(kit: Kit, posting: Posting) -> Round | None:
    return await kit.unhurried.read(partial(rounds.by_id, round_id=posting.round_id or 0))
