"""A year of goals with a process of the bot that is killed and stands still: each check-in comes, on its day, in the morning."""

from pathlib import Path

from bot.delivery import LEASE
from bot_process import RESULTS, Beside, beside
from year_steps import (
    AMARA,
    BEN,
    GRACE,
    LOS_ANGELES,
    NEW_YORK,
    Came,
    advance_to,
    all_out,
    came,
    look_at,
    moment,
    now,
    set_the_goals,
)

HEADS_UPS = ["2027-05-28", "2027-06-16", "2027-08-06", "2027-11-05", "2028-04-21"]
CHECK_INS = ["2027-05-31", "2027-06-21", "2027-08-30", "2027-11-22", "2028-05-22"]
"""The third was due on the 23rd."""
FOLLOW_UPS = ["2027-06-24", "2027-06-30", "2027-08-30", "2027-09-01"]
FOLLOW_UPS += ["2027-11-25", "2027-12-01", "2028-05-25", "2028-05-31"]
"""Somebody answers the first check-in, and no other."""
IN_LOS_ANGELES = ("2027-11-05", "2027-11-25", "2027-12-01")
"""The days on which Grace is written to; at 13:00 it is 10:00 there."""
CRASHES = ("2027-06-21", "2027-11-22")
"""Check-ins at which it is killed while it posts."""
GONE, BACK, MONDAY = "2027-08-20", "2027-08-28", "2027-08-30"
"""Down from a Friday to the Saturday of the next week, with a check-in and a follow-up between; on Monday they come."""


async def test_five_horizons_and_a_year_with_crashes_and_a_week_that_it_is_down(tmp_path: Path) -> None:
    async with beside(tmp_path, starts=False, hta_holidays="none") as here:
        await set_the_goals(here, tmp_path)
        for day in sorted({*HEADS_UPS, *CHECK_INS, *FOLLOW_UPS}):
            if day == MONDAY:
                await is_down_for_a_week(here)
            for hour in ("01:30", "09:59"):
                await look_at(here, day, hour)
            if day in CRASHES:
                await crashes_while_it_posts(here, day)
            for hour in ("10:00", "13:00") if day in IN_LOS_ANGELES else ("10:00",):
                advance_to(here, max(moment(day, hour), now(here)))
                await all_out(here)
            if day == CHECK_INS[0]:
                await here.press(here.person(BEN), "Done", check_ins(here)[-1].message)
        advance_to(here, moment("2028-07-03", "10:00"))
        await all_out(here)

        posted = check_ins(here)
        assert sorted({one.day for one in posted}) == CHECK_INS, "each comes, and on its day"
        assert len(posted) <= len(CHECK_INS) + len(CRASHES), "at most one is repeated for each kill"
        assert {one.day for one in posted if many(one, posted) > 1} <= {*CRASHES}
        assert [one.day for one in posted if "It comes late" in one.message.text] == [MONDAY]
        heads_ups, follow_ups = to_owners(here, "Something is due soon"), to_owners(here, "has no answer yet")
        assert sorted(one.day for one in heads_ups) == HEADS_UPS
        assert sorted(one.day for one in follow_ups) == FOLLOW_UPS
        assert {one.at.hour for one in (*posted, *heads_ups, *follow_ups)} == {10}


async def crashes_while_it_posts(here: Beside, day: str) -> None:
    before = len(check_ins(here))
    advance_to(here, moment(day, "10:00"))
    await here.sandbox.until(lambda: len(check_ins(here)) > before)
    await here.bot.kill()
    advance_to(here, moment(day, "10:00") + LEASE)
    await here.bot.start()


async def is_down_for_a_week(here: Beside) -> None:
    advance_to(here, moment(GONE, "17:00"))
    assert await here.bot.stop() == 0
    advance_to(here, moment(BACK, "14:00"))
    await here.bot.start()
    await look_at(here, BACK, "16:00")


def check_ins(here: Beside) -> list[Came]:
    return [came(one, NEW_YORK) for one in here.sandbox.channel(RESULTS) if one.text.startswith("Check-in of ")]


def to_owners(here: Beside, words: str) -> list[Came]:
    zones = {AMARA: NEW_YORK, GRACE: LOS_ANGELES}
    return [came(one, zone) for person, zone in zones.items() for one in here.person(person).dm if words in one.text]


def many(one: Came, all_of_them: list[Came]) -> int:
    """How many came on the same day."""
    return sum(other.day == one.day for other in all_of_them)
