"""A process of the bot that is killed for three months and started again: one message a place and day, and none in a heap."""

from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

from bot_process import RESULTS, Beside, beside
from conversation import COORDINATOR, STAFF
from year_steps import AMARA, LOS_ANGELES, NEW_YORK, advance_to, all_out, came, look_at, moment, set_the_goals

GRACE = STAFF[6]
GONE, BACK = "2027-05-25", "2027-08-28"
"""Killed on a Tuesday, before any date of the plan; started on a Saturday, after the first three."""
WEEK = ["2027-08-30", "2027-08-31", "2027-09-01", "2027-09-02", "2027-09-03"]
CHECK_IN, DIGEST, DRAFT, ASKS = "Check-in of", "Where our plan stands", "The date for", "A short message about"


async def test_after_three_months_away_each_place_gets_one_message_a_day(tmp_path: Path) -> None:
    async with beside(tmp_path, starts=False, hta_holidays="none") as here:
        await set_the_goals(here, tmp_path)
        advance_to(here, moment(GONE, "12:00"))
        await all_out(here)
        await here.bot.kill()
        before = everything(here)
        advance_to(here, moment(BACK, "14:00"))
        await here.bot.start()
        await look_at(here, BACK, "16:00")
        assert everything(here) == before, "nothing on a Saturday"
        for day in WEEK:
            await look_at(here, day, "09:59")
            for hour in ("10:00", "13:00"):
                advance_to(here, moment(day, hour))
                await all_out(here)

        new = everything(here) - before
        assert max(Counter((place, day) for place, day, _, _ in new).values()) == 1
        assert told(new, RESULTS) == [("2027-08-30", CHECK_IN), ("2027-08-31", DIGEST)], "the check-in comes first"
        assert told(new, COORDINATOR) == [("2027-08-30", DRAFT)], "one for all dates that have passed"
        assert told(new, AMARA) == [("2027-08-30", ASKS), ("2027-09-01", ASKS)], "and the second follow-up on its day"
        assert told(new, GRACE) == []


def everything(here: Beside) -> set[tuple[str, str, str, str]]:
    """Place, day, time stamp and the beginning of each message about goals."""
    zones: dict[str, ZoneInfo] = {RESULTS: NEW_YORK, COORDINATOR: NEW_YORK, AMARA: NEW_YORK, GRACE: LOS_ANGELES}
    found = set()
    for place, zone in zones.items():
        messages = here.sandbox.channel(place) if place == RESULTS else here.person(place).dm
        for one in messages:
            begins = next((words for words in (CHECK_IN, DIGEST, DRAFT, ASKS) if one.text.startswith(words)), None)
            if begins:
                found.add((place, came(one, zone).day, one.ts, begins))
    return found


def told(found: set[tuple[str, str, str, str]], place: str) -> list[tuple[str, str]]:
    return [(day, begins) for where, day, _, begins in sorted(found, key=lambda one: one[2]) if where == place]
