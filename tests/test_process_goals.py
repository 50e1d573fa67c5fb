"""A year of check-ins on a machine that crashes and is down for a week: each comes once, on its day, by day."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.goals import flow
from bot.goals.calendar import Moment, dates
from bot.goals.days_off import DaysOff
from bot_process import RESULTS, Beside, beside
from conversation import COORDINATOR, STAFF
from instrument.goals import Horizon, wait_until
from sandbox.workspace import Message
from storage.database import Database
from storage.goals import NewGoal
from test_conversation_goals import START, close_one

NEW_YORK = ZoneInfo("America/New_York")
OFF = DaysOff("US")
LEASE = timedelta(minutes=3)


async def plan_a_year(folder: Path) -> None:
    """A closed self-assessment, and a goal for each of the five dates."""
    database = Database(f"sqlite:///{folder / 'hta.db'}")
    await database.open()
    round_id = await database.write(partial(close_one, now=START))
    at = Moment(START.astimezone(UTC), NEW_YORK, OFF)
    for horizon, due in dates(START.date()).items():
        new = NewGoal(horizon, "c2", None, f"A goal for {horizon.label}", None, STAFF[0], due, COORDINATOR)
        save = partial(flow.save, team_id="T0HOSPITAL", round_id=round_id, new=new, owner_zone=None, at=at)
        assert await database.write(save)
    await database.close()


def move_to(here: Beside, at: datetime) -> None:
    here.sandbox.clock.advance(int(at.timestamp() - here.sandbox.clock.now()))


def check_ins(here: Beside) -> list[Message]:
    return [one for one in here.sandbox.channel(RESULTS) if one.text.startswith("Check-in")]


async def test_a_year_with_kills_and_a_week_down(tmp_path: Path) -> None:
    async with beside(tmp_path, starts=False) as here:
        await plan_a_year(tmp_path)
        move_to(here, START)
        due = dates(START.date())
        steps = [Horizon.DAYS_10, Horizon.MONTHS_3, Horizon.YEAR_1]
        for number, horizon in enumerate(steps, 1):
            day = due[horizon]
            is_down = horizon is Horizon.MONTHS_3
            move_to(
                here, datetime.combine(day, time(10, 0, 5), NEW_YORK) + (timedelta(days=7) if is_down else timedelta())
            )
            await here.bot.start()  # it ticks at once
            await here.sandbox.until(partial(lambda many: len(check_ins(here)) == many, number))
            await here.bot.kill()  # perhaps before the message is marked as posted
        move_to(here, datetime.combine(due[Horizon.YEAR_1], time(10), NEW_YORK) + LEASE)
        await here.bot.start()
        await here.sandbox.settled(0.3)

        posted = check_ins(here)
        days = [date.fromtimestamp(float(one.ts)) for one in posted]  # noqa: DTZ012

    titles = [one.text.split(":")[0] for one in posted]
    kills = len(steps)
    assert len(set(titles)) == 3, "none is lost, and after months away the latest speaks for those before"
    assert len(titles) - len(set(titles)) <= kills, "at most one is repeated for each kill"
    assert "It comes late" in posted[1].text
    assert days[1] == due[Horizon.MONTHS_3] + timedelta(days=7)
    for one in here.sandbox.channel(RESULTS):
        assert wait_until(datetime.fromtimestamp(float(one.ts), UTC), NEW_YORK, OFF) is None, "by day, on a working day"
