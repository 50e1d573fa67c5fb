"""Writes what is due about goals, where it is still wanted then and its place has had no other today."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.blocks import Message
from bot.context import Context
from bot.coordinators import everyone
from bot.delivery import Letter, Letters, NotBefore
from bot.goals import asking, digest, handing, messages, retake, service, story, turns
from bot.goals.answering import moment
from bot.goals.buttons import Kind as Asking
from bot.goals.buttons import Surface, Telling
from bot.postings import Kind
from bot.reminders.times import zone_named
from bot.rounds.messages import participation
from instrument.definition import builtin
from instrument.goals import digest_after, wait_until
from storage import goals, people, postings
from storage.postings import NewPosting, Posting

ASKING = {
    Kind.GOAL_CHECK_IN: Asking.CHECK_IN,
    Kind.GOAL_HEADS_UP: Asking.HEADS_UP,
    Kind.GOAL_FOLLOW_UP: Asking.FOLLOW_UP,
}


async def about_goals(context: Context, posting: Posting) -> Message | NotBefore | None:
    """Not wanted where every goal in it is done, dropped or answered, nor where another message asks the same by now.

    What is late waits for the day of those who read it: never at night, on a weekend or a holiday.
    """
    kind, here = ASKING[Kind(posting.kind)], moment(context)
    zone = await _zone(context, posting)
    if later := wait_until(here.now, zone, here.off):
        return NotBefore(later)
    surface = Surface(kind, posting.due_at.astimezone(zone).date(), int(posting.note or 0))
    ask = partial(asking.asked, team_id=posting.team_id, surface=surface, target=posting.target, at=here)
    found = await context.unhurried.read(ask)
    if found.superseded or not any(line.goal.status.is_open for line in found.lines):
        await _take_back(context, posting)
        return None
    if later := await _turn(context, posting, zone):
        return NotBefore(later)
    gave_way = kind is not Asking.CHECK_IN and not turns.is_late(surface.day, here.today, here.off)
    return messages.drawn(found, late=messages.is_late(posting.due_at, here.now) and not gave_way)


async def it_is_yours(context: Context, posting: Posting) -> Message | NotBefore | None:
    """Not wanted where all that it names is somebody else's by now, or closed; what waited with others goes as one."""
    here = moment(context)
    if later := wait_until(here.now, await _zone(context, posting), here.off):
        return NotBefore(later)
    if await context.unhurried.write(partial(handing.together, posting=posting, at=here)) is None:
        context.due.set()
        return None
    found = await context.unhurried.read(partial(handing.handed, posting=posting, at=here))
    return handing.message(found) if found else None


async def where_we_are(context: Context, posting: Posting) -> Message | NotBefore | None:
    """Not wanted in a week without news. After an absence it is the last that was due; one that gave way is of today."""
    here = moment(context)
    if later := wait_until(here.now, here.zone, here.off):
        return NotBefore(later)
    planned_at = posting.due_at
    while (following := digest_after(planned_at, here.zone, here.off)) <= here.now:
        planned_at = following
    planned_on = planned_at.astimezone(here.zone).date()
    late = turns.is_late(planned_on, here.today, here.off)
    day = planned_on if late else here.today
    read = partial(digest.digest, team_id=posting.team_id, channel_id=posting.target, day=day, at=here)
    found = await context.unhurried.read(read)
    if not found.is_wanted:
        await _take_back(context, posting)
        return None
    if later := await _turn(context, posting, here.zone):
        return NotBefore(later)
    how_far: list[str] = []
    if found.open_round:
        # The counts alone: kinds of work are for coordinators until it has closed.
        how_far = participation(found.open_round, builtin(found.open_round.round.instrument_version))[:1]
    return digest.message(found, how_far, late=late)


async def take_it_again(context: Context, posting: Posting) -> Message | NotBefore | None:
    """Not wanted where a newer self-assessment has begun, or goals run again."""
    here = moment(context)
    if later := wait_until(here.now, here.zone, here.off):
        return NotBefore(later)
    read = partial(retake.offer, team_id=posting.team_id, plan_id=int(posting.note), at=here)
    found = await context.unhurried.read(read)
    if found is None or await _handed_on(context, posting):
        await _take_back(context, posting)
        return None
    if later := await _turn(context, posting, here.zone):
        return NotBefore(later)
    return retake.message(found, here.zone)


async def draft(context: Context, posting: Posting) -> Message | NotBefore | None:
    """Not wanted where it was told already, where there is nothing to tell, nor where the next draft is due by now."""
    here, telling = moment(context), Telling.read(posting.note)
    if later := wait_until(here.now, here.zone, here.off):
        return NotBefore(later)
    read = partial(story.draft, team_id=posting.team_id, telling=telling) if telling else None
    found = await context.unhurried.read(read) if read else None
    day = posting.due_at.astimezone(here.zone).date()
    if found is None or not found.is_wanted(day, here) or await _handed_on(context, posting):
        await _take_back(context, posting)
        return None
    if later := await _turn(context, posting, here.zone):
        return NotBefore(later)
    return story.to_coordinator(found, story.drafted(builtin(found.round.instrument_version), found, here))


async def you_said_we_did(context: Context, posting: Posting) -> Message | NotBefore | None:
    """Not wanted by somebody who stopped these messages; nobody gets it at night or on a day off."""
    here, telling = moment(context), Telling.read(posting.note)
    to_all = posting.kind == Kind.GOAL_STORY_TO_ALL
    person = await context.unhurried.read(partial(people.of, team_id=posting.team_id, person_id=posting.target))
    if telling is None or (person and person.stopped):
        return None
    zone = zone_named(person.zone, here.zone) if person and to_all else here.zone
    if to_all and (later := wait_until(here.now, zone, here.off)):
        return NotBefore(later)
    found = await context.unhurried.read(partial(story.draft, team_id=posting.team_id, telling=telling))
    return story.message(found.story, found.round.id, to_all=to_all) if found and found.story else None


def digest_is_done(connection: Connection, context: Context, posting: Posting, now: datetime) -> None:
    service.digest_is_done(connection, posting, replace(moment(context), now=now))


async def stuck_note(context: Context, posting: Posting) -> NewPosting | None:
    """To whoever began the plan, or to another coordinator where that one is none any more."""
    plans = await context.unhurried.read(partial(goals.plans, team_id=posting.team_id))
    coordinators = await everyone(context, posting.team_id)
    if not plans or not coordinators:
        return None
    in_channel = [plan for plan in plans if plan.channel_id == posting.target]
    plan = (in_channel or plans)[-1]
    whom = plan.started_by if plan.started_by in coordinators else coordinators[0]
    note = f"{posting.target}:{plan.id if in_channel else ''}"
    return NewPosting(Kind.GOAL_STUCK, posting.team_id, None, whom, _stuck_at(posting), note)


def _stuck_at(posting: Posting) -> datetime:
    """One instant for each place and hour: a row is owed once for its kind, reader and instant.

    So the parts of a check-in are told as one, and of two places that can't be reached in the same hour each is.
    """
    return posting.due_at.replace(minute=0, second=0, microsecond=crc32(posting.target.encode()) % 1_000_000)


async def stuck(context: Context, posting: Posting) -> Message | None:
    target, _, plan_id = posting.note.partition(":")
    return messages.stuck(target, int(plan_id) if plan_id else None)


LETTERS: Letters = {
    Kind.GOAL_HEADS_UP: Letter(about_goals, has_to_arrive=True, instead=stuck_note),
    Kind.GOAL_CHECK_IN: Letter(about_goals, has_to_arrive=True, instead=stuck_note),
    Kind.GOAL_FOLLOW_UP: Letter(about_goals, has_to_arrive=True, instead=stuck_note),
    Kind.GOAL_STUCK: Letter(stuck),
    Kind.GOAL_DIGEST: Letter(where_we_are, has_to_arrive=True, instead=stuck_note, mark=digest_is_done),
    Kind.GOAL_YOURS: Letter(it_is_yours),
    Kind.GOAL_RETAKE: Letter(take_it_again),
    Kind.GOAL_DRAFT: Letter(draft),
    Kind.GOAL_STORY: Letter(you_said_we_did, has_to_arrive=True, instead=stuck_note),
    Kind.GOAL_STORY_TO_ALL: Letter(you_said_we_did, is_patient=True),
}


async def _take_back(context: Context, posting: Posting) -> None:
    """It is not wanted, so that it was not sent either: nothing may take it for what its place got today."""
    await context.unhurried.write(partial(postings.take_back, posting_ids=[posting.id]))


async def _turn(context: Context, posting: Posting, zone: ZoneInfo) -> datetime | None:
    return await context.unhurried.read(partial(turns.waits_until, posting=posting, zone=zone, at=moment(context)))


async def _handed_on(context: Context, posting: Posting) -> bool:
    """Whether it went to another coordinator, since whoever began the plan is none any more."""
    coordinators = await everyone(context, posting.team_id)
    if not coordinators or posting.target in coordinators:
        return False
    owed = NewPosting(posting.kind, posting.team_id, None, coordinators[0], posting.due_at, posting.note)
    await context.unhurried.write(partial(postings.owe, postings=[owed]))
    context.due.set()
    return True


async def _zone(context: Context, posting: Posting) -> ZoneInfo:
    """The owner's zone for a message to an owner, else the organization's."""
    here = moment(context)
    if posting.kind == Kind.GOAL_CHECK_IN:
        return here.zone
    read = partial(service.calendar, team_id=posting.team_id, owners=[posting.target], at=here)
    return (await context.unhurried.read(read)).zone_of(posting.target)
