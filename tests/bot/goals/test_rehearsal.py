"""A year of posts as a list, before any of it is sent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.goals import rehearsal
from bot.goals.calendar import Calendar, Moment
from bot.goals.days_off import DaysOff
from bot.goals.rehearse import EXAMPLE, rehearse
from instrument.goals import Horizon, Status
from sandbox.strictness import complaints
from storage.database import migrate
from storage.goals import Goal, Plan

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2027, 3, 29, 17, tzinfo=UTC)
PLAN = Plan(1, "T1", 1, date(2027, 3, 29), "C9", "U1")
GOAL = Goal(1, 1, Horizon.DAYS_10, "c2", None, "x", None, "U2", date(2027, 4, 8), Status.AT_RISK, "U1", NOW)
HERE = Calendar(NEW_YORK, DaysOff("US"), {"U2": ZoneInfo("America/Los_Angeles")})


def test_it_lists_when_where_to_whom_and_why_in_the_hours_of_those_who_read_it() -> None:
    later = replace(GOAL, id=2, owner="U3", horizon=Horizon.MONTHS_3, due_on=date(2027, 6, 29))

    listed = rehearsal.rehearsed([PLAN], [GOAL, later], HERE, NOW, date(2027, 4, 13))

    assert rehearsal.lines(listed) == [
        "2027-04-05 Mon 10:00 EDT  C9  digest, if there is something to say",
        "2027-04-06 Tue 10:00 PDT  U2  heads-up: a goal for 10 days due on Thu 8 April",
        "2027-04-08 Thu 10:00 EDT  C9  check-in: a goal for 10 days due, 1 running longer",
        "2027-04-12 Mon 10:00 EDT  C9  digest, if there is something to say",
        "2027-04-12 Mon 10:00 EDT  U1  draft of “You said, we did”, or its one reminder if it was not sent",
        "2027-04-13 Tue 10:00 PDT  U2  only if nobody has answered: a goal for 10 days",
    ]


def test_clocks_change_and_holidays_are_passed_over() -> None:
    start = date(2027, 2, 26)
    plan = replace(PLAN, starts_on=start)
    goal = replace(GOAL, owner="U3", due_on=date(2027, 7, 5), horizon=Horizon.MONTHS_3)

    told = rehearsal.lines(
        rehearsal.rehearsed([plan], [goal], HERE, datetime(2027, 2, 26, 17, tzinfo=UTC), date(2028, 2, 29))
    )

    assert "2027-03-08 Mon 10:00 EST  C9  check-in: nothing due, 1 running longer" in told
    assert "2027-03-26 Fri 10:00 EDT  C9  check-in: nothing due, 1 running longer" in told
    assert "2027-07-06 Tue 10:00 EDT  C9  check-in: a goal for 3 months due, 0 running longer" in told
    assert "2027-07-07 Wed 10:00 EDT  C9  digest, if there is something to say" in told, "the check-in comes before it"
    assert not [line for line in told if line.startswith("2027-07-05")]


def test_a_coordinator_reads_a_year_in_one_message() -> None:
    goals = [replace(GOAL, id=number, owner=f"U{number}") for number in range(30)]
    listed = rehearsal.rehearsed([PLAN], goals, HERE, NOW, date(2028, 3, 29))

    said = rehearsal.message(listed, date(2028, 3, 29))

    assert complaints("message", {"text": said.text, "blocks": list(said.blocks)}) == []
    assert "Thu 8 April 2027, 10:00: <#C9>, check-in: 5 goals (10 days) due, 0 running longer, part 2" in str(
        said.blocks
    )
    digests = [one for one in listed if one.why == rehearsal.DIGEST]
    assert len(digests) > 50
    assert said.text.count(rehearsal.DIGEST) == str(said.blocks).count(rehearsal.DIGEST) == 1, (
        "they would hide the rest"
    )
    assert f"And {len(listed) - len(digests) - 80} more." in str(said.blocks)
    assert "Nothing is to come" in rehearsal.message((), date(2028, 3, 29)).text


def test_without_goals_the_command_shows_what_a_plan_of_today_would_bring(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hta.db'}"
    migrate(url)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token="x",  # type: ignore[arg-type]
        slack_signing_secret="x",  # type: ignore[arg-type]
        database_url=url,
        hta_holidays="none",
    )

    told = rehearse(settings, datetime.now(UTC).date() + timedelta(days=400))

    assert told[0] == EXAMPLE
    at = Moment(datetime.now(UTC), settings.zone, DaysOff("none"))
    plans, _ = rehearsal.an_example("", at)
    assert plans[0].starts_on == at.today
    assert sum("check-in: " in line for line in told) == 5
    assert sum("heads-up" in line for line in told) == 5
    assert sum("only if nobody has answered" in line for line in told) == 10
