"""Goals are drawn in the words of the questionnaire that their own self-assessment was answered with, two versions side by side."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.goals import asking, handing, messages, plan, service
from bot.goals.buttons import Kind, Surface
from bot.goals.calendar import Moment
from instrument.collation import Answers, collate
from instrument.definition import Instrument, builtin
from instrument.goals import Horizon
from storage import goals, postings, rounds, snapshots
from storage.database import Database
from storage.goals import NewGoal
from storage.rounds import NewRound, Opened

NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2027, 3, 29, 17, tzinfo=UTC)
LATER = Moment(datetime(2027, 4, 8, 14, 5, tzinfo=UTC), NEW_YORK, frozenset())
OLD = builtin()
NEW = replace(
    OLD,
    version="2027-01",
    sections=tuple(replace(one, heading=f"{one.heading}, revised") for one in OLD.sections[:-1]),
)


def instrument_of(version: str) -> Instrument:
    return {one.version: one for one in (OLD, NEW)}[version]


def with_a_goal(connection: Connection, instrument: Instrument, section: str, at: datetime) -> None:
    """A closed round of this version, with a goal of U2 for 10 days."""
    new = NewRound("T1", instrument.version, "U1", "C9", 5, None, at, "key", b"x", ())
    opened = rounds.open_round(connection, new, at - timedelta(days=14))
    assert isinstance(opened, Opened)
    answers = [Answers("nursing", "1" * len(instrument.items))] * 12
    snapshots.save(connection, opened.round.id, collate(instrument, answers, asked=12, minimum=5), at)
    rounds.mark_closed(connection, opened.round.id, at)
    goal = NewGoal(Horizon.DAYS_10, section, None, "Screening", None, "U2", date(2027, 4, 8), "U1")
    set_ = service.save(connection, "T1", opened.round.id, goal, None, Moment(at, NEW_YORK, frozenset()))
    assert set_ is not None


async def test_a_message_with_goals_of_two_plans_has_each_in_its_own_words(database: Database) -> None:
    for instrument in (OLD, NEW):
        await database.write(partial(with_a_goal, instrument=instrument, section="c2", at=START))
    ask = partial(asking.asked, team_id="T1", at=LATER, instrument_of=instrument_of)

    check_in, heads_up = [
        await database.read(partial(ask, surface=Surface(kind, day), target=target))
        for kind, day, target in [
            (Kind.CHECK_IN, date(2027, 4, 8), "C9"),
            (Kind.HEADS_UP, date(2027, 4, 6), "U2"),
        ]
    ]

    for asked in (check_in, heads_up):
        assert [line.about for line in asked.lines] == ["2 Risk", "2 Risk, revised"]
    said = messages.drawn(check_in, late=False)
    assert "2 Risk, revised: Screening" in said.text
    assert "*2 Risk*" in str(said.blocks)
    assert "*2 Risk, revised*" in str(said.blocks)


async def test_the_plan_and_the_word_to_a_new_owner_have_them_too(database: Database) -> None:
    for instrument in (OLD, NEW):
        await database.write(partial(with_a_goal, instrument=instrument, section="c2", at=START))

    def shown(connection: Connection) -> tuple[list[str], list[str]]:
        here = service.setting(connection, "T1", None, LATER)
        assert here is not None
        planned = plan.shown(connection, "T1", NEW_YORK, LATER.today, here, instrument_of).goals
        (first, *_) = postings.owed_of_no_round(connection, "T1", ["goal_yours"])
        both = replace(first, note=",".join(f"{goal.id}:U1" for goal in goals.of_team(connection, "T1")))
        return [one.about for one in planned], [
            one.about for one in handing.handed(connection, both, LATER, instrument_of)
        ]

    assert await database.read(shown) == (["2 Risk", "2 Risk, revised"],) * 2


async def test_a_section_that_its_version_does_not_have_has_words_of_its_own(database: Database) -> None:
    await database.write(partial(with_a_goal, instrument=NEW, section="c6", at=START))
    ask = partial(asking.asked, team_id="T1", surface=Surface(Kind.CHECK_IN, date(2027, 4, 8)), target="C9", at=LATER)

    asked = await database.read(partial(ask, instrument_of=instrument_of))

    assert [line.about for line in asked.lines] == ["a section that this version doesn't have"]
