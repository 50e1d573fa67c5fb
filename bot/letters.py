"""What do we write to whom? One entry for each kind of posting that we owe."""

from functools import partial

from bot.blocks import Message
from bot.delivery import Letter, Letters
from bot.kit import Kit
from bot.payloads import Who
from bot.postings import Kind
from bot.results import messages as results
from bot.rounds import flow as rounds_flow
from bot.rounds import messages as rounds_messages
from bot.survey import flow as survey_flow
from bot.survey import messages as survey
from instrument.definition import builtin
from storage import rounds
from storage.invitations import Standing
from storage.postings import NewPosting, Posting
from storage.rounds import Round


async def invitation(kit: Kit, posting: Posting) -> Message | None:
    """Not wanted any more by someone who has begun or said no, nor after closing."""
    who = Who(posting.team_id, posting.target, posting.team_id)
    here = await kit.database.read(partial(survey_flow.place, keyring=kit.keyring, who=who, round_id=posting.round_id))
    match here:
        case survey_flow.Invited(round_, Standing.ASKED):
            return survey.invitation(round_, kit.settings.zone)
        case _:
            return None


async def results_post(kit: Kit, posting: Posting) -> Message | None:
    found = await kit.database.read(partial(rounds_flow.result, round_id=posting.round_id or 0))
    if found is None:
        return None
    round_, snapshot = found
    return results.results(builtin(round_.instrument_version), round_, snapshot, kit.settings.zone, private=False)


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


LETTERS: Letters = {
    Kind.INVITATION: Letter(invitation, is_patient=True),
    Kind.RESULTS: Letter(results_post, has_to_arrive=True, instead=results_stuck_note),
    Kind.RESULTS_STUCK: Letter(results_stuck),
    Kind.AUDIENCE_STUCK: Letter(audience_stuck),
}


async def _round(kit: Kit, posting: Posting) -> Round | None:
    return await kit.database.read(partial(rounds.by_id, round_id=posting.round_id or 0))
