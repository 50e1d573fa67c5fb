"""The plan of reminders, as rows: the same whoever has finished, and never more than was promised."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select, update

from bot.payloads import Who
from bot.postings import Kind
from bot.reminders import service
from bot.reminders.service import HeldUp, Picked, Stopped, TooLate
from bot.reminders.times import BestTime, Later
from bot.rounds import service as rounds_service
from bot.rounds.audience import Audience
from bot.survey import service as survey
from bot.survey.service import KeyMissing, NotAsked, NothingOpen
from instrument.progress import State
from sealed import CIPHER
from storage import invitations, people, postings, responses, rounds
from storage.database import Database
from storage.invitations import Standing
from storage.keys import Keyring
from storage.postings import Posting
from storage.rounds import NewRound, Opened, Round
from storage.sealing import Sheet

T = TypeVar("T")
ZONE = ZoneInfo("America/New_York")
OPENED = datetime(2027, 3, 1, 15, tzinfo=UTC)
DAY = timedelta(days=1)
NIGHT_SHIFT = [f"U{number}" for number in range(1, 7)]
OTHERS = ["U7", "U8"]


class Told:
    """A round whose people are invited, and what happens to it; `at` is the time."""

    def __init__(self, database: Database, keyring: Keyring, round_: Round) -> None:
        self.database, self.keyring, self.round, self.at = database, keyring, round_, OPENED

    async def write(self, transaction: Callable[[Connection], T]) -> T:
        return await self.database.write(transaction)

    async def change(self, **values: object) -> None:
        """The round is now so; its reminders are planned again."""
        theirs = rounds.ROUND.c.id == self.round.id
        await self.write(lambda connection: connection.execute(update(rounds.ROUND).where(theirs).values(values)))
        self.round = replace(self.round, **values)  # type: ignore[arg-type]
        await self.write(partial(service.plan_again, round_=self.round, zone=ZONE, now=self.at))

    async def rows(self, person_id: str) -> list[tuple[object, ...]]:
        """All that the person's reminders tell, ids aside."""
        columns = [column for column in postings.POSTING.c if column.name not in ("id", "target")]
        query = select(*columns).where(postings.POSTING.c.target == person_id, postings.POSTING.c.kind == Kind.REMINDER)
        query = query.order_by(postings.POSTING.c.due_at)
        return [tuple(row) for row in await self.database.read(lambda connection: connection.execute(query).all())]

    async def owed(self, person_id: str) -> tuple[datetime, str] | None:
        sent = await self.database.read(
            partial(postings.of_round, round_id=self.round.id, kinds=[Kind.REMINDER], target=person_id)
        )
        owed = [(row.due_at, row.note) for row in sent if row.is_owed]
        assert len(owed) <= 1
        return owed[0] if owed else None

    async def deliver(self, *, put_off: frozenset[str] = frozenset()) -> list[Posting]:
        """What is due now is done: those who want it got it, some after Slack had put them off."""
        sent = []
        for posting in await self.write(partial(postings.claim_due, now=self.at, lease=DAY, limit=1000)):
            wants = None
            if posting.kind == Kind.REMINDER:
                wants = await self.database.read(
                    partial(service.wanted, keyring=self.keyring, posting=posting, zone=ZONE, now=self.at)
                )
            if isinstance(wants, HeldUp):
                await self.write(partial(postings.put_off, posting_id=posting.id, until=wants.until))
                continue
            if posting.target in put_off:
                await self.write(partial(postings.put_off, posting_id=posting.id, until=self.at + timedelta(minutes=5)))
            await self.write(partial(service.go_on, posting=posting, zone=ZONE, now=self.at + timedelta(seconds=5)))
            sent += [posting] if wants else []
        return sent

    async def let_days_go_by(self, *, put_off: frozenset[str] = frozenset()) -> list[Posting]:
        """All that comes until closing, whenever it is due."""
        sent = []
        while (due := await self.database.read(postings.next_due_at)) is not None:
            self.at = max(self.at, due)
            sent += await self.deliver(put_off=put_off)
        return sent

    async def pick(self, person_id: str, later: Later) -> service.Outcome:
        return await self.write(
            lambda c: service.pick(c, self.keyring, self.who(person_id), self.round.id, later, ZONE, self.at)
        )

    async def nudge(self, source_id: str = "S1") -> bool:
        return await self.write(lambda c: service.nudge(c, self.round, source_id, ZONE, self.at))

    async def finish(self, *person_ids: str) -> None:
        def submitted(connection: Connection) -> None:
            for person_id in person_ids:
                survey.begin(connection, self.keyring, self.who(person_id), self.round.id, "nursing")
                assert self.round.key is not None
                cipher = self.keyring.cipher(self.round.key)
                response = responses.find(connection, self.round.id, cipher, person_id, for_update=True)
                assert response is not None
                responses.save(connection, cipher, response, Sheet(State.SUBMITTED, "nursing", "0" * 62))

        await self.write(submitted)

    async def stand(self, person_id: str, standing: Standing) -> None:
        await self.write(partial(invitations.stand, round_id=self.round.id, person_id=person_id, standing=standing))

    @staticmethod
    def who(person_id: str) -> Who:
        return Who("T1", person_id, "T1")


@pytest.fixture
async def told(database: Database, keyring: Keyring) -> Told:
    key = keyring.make()
    new = NewRound("T1", "2021-09", "U0", "C9", 5, 3, OPENED + 28 * DAY, key.name, key.half, ())
    opened = await database.write(partial(rounds.open_round, new=new, now=OPENED))
    assert isinstance(opened, Opened)
    asked = (*((one, "S1") for one in NIGHT_SHIFT), *((one, "C1") for one in OTHERS))
    zones = {"U1": "America/New_York", "U7": "Europe/Lisbon"}
    audience = Audience(asked, {}, zones)
    await database.write(partial(rounds_service.ask, round_id=opened.round.id, audience=audience, now=OPENED))
    made = Told(database, keyring, opened.round)
    await made.deliver()
    return made


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


async def test_after_the_invitation_the_first_one_is_owed_in_the_persons_zone(told: Told) -> None:
    # Invited on a Monday at 10:00 and five seconds.
    assert await told.owed("U1") == (utc("2027-03-04 15:00"), "0")
    assert await told.owed("U7") == (utc("2027-03-04 10:00"), "0")


async def test_the_rows_are_the_same_whether_it_was_sent_put_off_or_not_wanted(told: Told) -> None:
    await told.finish("U2")
    await told.stand("U3", Standing.DECLINED)
    await told.stand("U4", Standing.WITHDRAWN)
    await told.write(partial(people.stop, team_id="T1", person_id="U5", zone=ZONE.key, stopped=True))

    sent = await told.let_days_go_by(put_off=frozenset({"U6"}))

    assert sorted(posting.target for posting in sent) == sorted(["U1", "U6", "U7", "U8"] * 3)
    rows = [await told.rows(one) for one in NIGHT_SHIFT]
    assert len(rows[0]) == 3
    assert all(one == rows[0] for one in rows)


async def test_the_next_one_does_not_tell_that_slack_was_down_for_days_when_the_last_was_sent(told: Told) -> None:
    told.at = utc("2027-03-04 15:00")
    in_hand = await told.write(partial(postings.claim_due, now=told.at, lease=DAY, limit=1000))
    days = {"U1": 0, "U2": 9}
    for posting in in_hand:
        done_at = told.at + days.get(posting.target, 0) * DAY
        await told.write(partial(service.go_on, posting=posting, zone=ZONE, now=done_at))

    assert await told.rows("U1") == await told.rows("U2")


async def test_while_the_key_is_missing_nobody_can_tell_whether_one_is_wanted(told: Told, tmp_path: Path) -> None:
    told.at = utc("2027-03-04 15:00")
    first, *_ = await told.write(partial(postings.claim_due, now=told.at, lease=DAY, limit=1000))
    elsewhere = Keyring(tmp_path / "elsewhere")

    wants = await told.database.read(partial(service.wanted, keyring=elsewhere, posting=first, zone=ZONE, now=told.at))

    assert isinstance(wants, KeyMissing)


async def test_one_that_is_held_up_until_the_night_waits_for_the_morning_whoever_it_is_for(told: Told) -> None:
    await told.finish("U2")
    told.at = utc("2027-03-05 02:00")  # 21:00 there

    at_night = await told.deliver()
    rows = [await told.rows(one) for one in ("U1", "U2")]
    told.at = utc("2027-03-05 15:00")
    in_the_morning = await told.deliver()

    assert [posting.target for posting in at_night] == []
    assert rows[0] == rows[1]
    assert sorted(posting.target for posting in in_the_morning if posting.target in NIGHT_SHIFT) == [
        one for one in NIGHT_SHIFT if one != "U2"
    ]
    assert await told.owed("U1") == (utc("2027-03-07 23:30"), "1")


async def test_of_two_that_were_held_up_for_days_one_comes(told: Told) -> None:
    told.at = utc("2027-03-08 16:00")  # the second was due at 18:30 on the day before

    first = await told.deliver()
    second = await told.deliver()

    assert [posting.target for posting in first if posting.target == "U1"] == []
    assert [posting.target for posting in second if posting.target == "U1"] == ["U1"]


async def test_a_picked_time_is_sent_however_late_and_is_none_of_the_three(told: Told) -> None:
    assert isinstance(await told.pick("U1", Later.TOMORROW), Picked)
    assert await told.owed("U1") == (utc("2027-03-02 15:00"), "0:picked")
    told.at = utc("2027-03-03 04:00")

    sent = await told.deliver()

    assert [posting.target for posting in sent] == ["U1"]
    assert await told.owed("U1") == (utc("2027-03-05 15:00"), "0")


async def test_a_time_picked_while_one_was_under_way_stands(told: Told) -> None:
    told.at = utc("2027-03-04 15:00")
    under_way = await told.write(partial(postings.claim_due, now=told.at, lease=DAY, limit=1000))
    (hers,) = (posting for posting in under_way if posting.target == "U1")
    picked = await told.pick("U1", Later.TOMORROW)

    await told.write(partial(service.go_on, posting=hers, zone=ZONE, now=told.at))

    assert isinstance(picked, Picked)
    assert await told.owed("U1") == (picked.at, "0:picked")


async def test_stopping_takes_back_a_picked_time_and_the_rows_go_on_as_everybodys(told: Told) -> None:
    await told.pick("U1", Later.NEXT_WEEK)

    outcome = await told.write(lambda c: service.stop(c, told.keyring, told.who("U1"), told.round.id, ZONE, told.at))

    assert isinstance(outcome, Stopped)
    assert await told.rows("U1") == await told.rows("U2")
    assert "U1" not in {posting.target for posting in await told.let_days_go_by()}


async def test_a_picked_time_wins_over_having_stopped(told: Told) -> None:
    await told.write(partial(people.stop, team_id="T1", person_id="U1", zone=ZONE.key, stopped=True))
    await told.pick("U1", Later.NEXT_WEEK)

    sent = await told.let_days_go_by()

    assert [posting.note for posting in sent if posting.target == "U1"] == ["0:picked"]


async def test_after_closing_nothing_is_planned_or_picked(told: Told) -> None:
    await told.pick("U2", Later.NEXT_WEEK)
    told.at = utc("2027-03-04 15:00")
    under_way = await told.write(partial(postings.claim_due, now=told.at, lease=DAY, limit=1000))
    await told.write(partial(rounds.close_now, round_id=told.round.id, at=told.at))
    await told.write(partial(rounds_service.close, cipher=CIPHER, round_id=told.round.id, now=told.at))

    for posting in under_way:
        await told.write(partial(service.go_on, posting=posting, zone=ZONE, now=told.at))
    await told.pick("U1", Later.TOMORROW)

    assert [await told.rows(one) for one in (*NIGHT_SHIFT, *OTHERS)] == [[]] * 8
    assert not await told.nudge()


async def test_a_picked_time_after_closing_is_none(told: Told) -> None:
    told.at = utc("2027-03-29 10:00")

    assert isinstance(await told.pick("U1", Later.TOMORROW), TooLate)


async def test_a_stranger_to_the_round_can_do_nothing(told: Told) -> None:
    assert isinstance(await told.pick("U99", Later.TOMORROW), NotAsked)
    assert isinstance(
        await told.write(lambda c: service.stop(c, told.keyring, Who("T2", "U1", "T2"), told.round.id, ZONE, told.at)),
        NothingOpen,
    )
    assert await told.rows("U99") == []


async def test_when_the_closing_day_moves_the_plan_moves_and_what_was_picked_stays(told: Told) -> None:
    await told.pick("U2", Later.NEXT_WEEK)
    picked = await told.owed("U2")
    await told.change(closes_at=utc("2027-03-05 14:00"))
    sooner = await told.owed("U1")
    await told.change(closes_at=utc("2027-03-04 14:00"))
    soonest = await told.owed("U1")
    told.at = utc("2027-03-02 15:00")
    await told.change(closes_at=OPENED + 40 * DAY)

    assert sooner == (utc("2027-03-04 15:00"), "0")
    assert soonest == (utc("2027-03-03 15:00"), "0")
    assert await told.owed("U1") == (utc("2027-03-04 15:00"), "0")
    assert await told.owed("U2") == picked


async def test_a_plan_that_had_ended_goes_on_when_the_closing_day_moves_later(told: Told) -> None:
    await told.change(closes_at=utc("2027-03-05 14:00"))
    told.at = utc("2027-03-04 15:00")
    await told.deliver()
    ended = await told.owed("U1")
    told.at = utc("2027-03-04 20:00")

    await told.change(closes_at=OPENED + 28 * DAY)

    assert ended is None
    assert await told.owed("U1") == (utc("2027-03-07 23:30"), "1")


async def test_what_may_be_under_way_is_not_planned_again(told: Told) -> None:
    told.at = utc("2027-03-04 15:00")

    await told.change(closes_at=OPENED + 40 * DAY)

    assert await told.owed("U1") == (utc("2027-03-04 15:00"), "0")


async def test_who_chose_a_time_of_day_has_it_from_the_next_one_on(told: Told) -> None:
    await told.write(
        lambda c: service.prefer(c, told.keyring, told.who("U1"), told.round.id, BestTime.NIGHT, ZONE, told.at)
    )

    assert await told.owed("U1") == (utc("2027-03-05 03:00"), "0")
    assert len([one for one in await told.let_days_go_by() if one.target == "U1"]) == 3


async def test_a_nudge_brings_the_group_forward_alike_and_nobody_else(told: Told) -> None:
    await told.finish("U2")
    await told.pick("U3", Later.NEXT_WEEK)
    picked = await told.owed("U3")

    assert await told.nudge()

    # Within a day of the invitation by five seconds, so it is the evening.
    nudged = (utc("2027-03-02 23:30"), "0")
    assert [await told.owed(one) for one in NIGHT_SHIFT] == [nudged, nudged, picked, nudged, nudged, nudged]
    assert await told.owed("U8") == (utc("2027-03-04 15:00"), "0")
    assert await told.rows("U1") == await told.rows("U2")


@pytest.mark.parametrize("finished", range(len(NIGHT_SHIFT) + 1))
async def test_a_nudge_moves_the_same_rows_however_many_have_finished(told: Told, finished: int) -> None:
    """An accomplice sees whether her own reminder moves, and it would tell whether the others are through."""
    await told.finish(*NIGHT_SHIFT[:finished])
    if finished < len(NIGHT_SHIFT):
        await told.stand(NIGHT_SHIFT[finished], Standing.DECLINED)

    assert await told.nudge()

    assert [await told.owed(one) for one in NIGHT_SHIFT] == [(utc("2027-03-02 23:30"), "0")] * len(NIGHT_SHIFT)


async def test_a_group_that_brought_fewer_than_the_minimum_is_not_nudged(told: Told) -> None:
    before = [await told.rows(one) for one in OTHERS]

    assert not await told.nudge("C1")
    assert not await told.nudge("C77")
    assert [await told.rows(one) for one in OTHERS] == before


async def test_a_nudge_reaches_people_where_no_reminders_were_planned_and_then_no_more(told: Told) -> None:
    await told.change(remind_every_days=None)
    assert await told.owed("U1") is None

    assert await told.nudge()

    assert await told.owed("U1") == (utc("2027-03-02 23:30"), "0")
    assert len([one for one in await told.let_days_go_by() if one.target == "U1"]) == 1


async def test_nudged_every_hour_a_person_gets_no_more_than_three_and_one_a_day(told: Told) -> None:
    came: list[datetime] = []
    while told.at < OPENED + 27 * DAY:
        await told.nudge()
        came += [told.at for posting in await told.deliver() if posting.target == "U1"]
        # Once three have come, seven hours: that is every hour of the day, too.
        told.at += timedelta(hours=1 if len(came) < 3 else 7)

    assert len(came) == 3
    assert came[1] - came[0] >= DAY
    assert came[2] - came[1] >= DAY


async def test_who_was_not_invited_yet_is_not_nudged(told: Told) -> None:
    late = [(f"U{number}", "S2") for number in range(20, 26)]
    await told.write(partial(invitations.ask, round_id=told.round.id, people=late))

    assert await told.nudge("S2")
    assert await told.owed("U20") is None


async def test_closing_while_reminders_are_under_way_leaves_none(told: Told) -> None:
    told.at = utc("2027-03-04 15:00")
    under_way = await told.write(partial(postings.claim_due, now=told.at, lease=DAY, limit=1000))
    await told.write(partial(rounds.close_now, round_id=told.round.id, at=told.at))
    closing = told.write(partial(rounds_service.close, cipher=CIPHER, round_id=told.round.id, now=told.at))
    done = [told.write(partial(service.go_on, posting=posting, zone=ZONE, now=told.at)) for posting in under_way]

    await asyncio.gather(*done[:4], closing, *done[4:])

    assert len(under_way) == 8
    assert [await told.rows(one) for one in (*NIGHT_SHIFT, *OTHERS)] == [[]] * 8


async def test_whatever_a_person_does_at_once_one_is_owed(told: Told) -> None:
    told.at = utc("2027-03-04 15:00")
    under_way = await told.write(partial(postings.claim_due, now=told.at, lease=DAY, limit=1000))
    hers = [posting for posting in under_way if posting.target == "U1"]
    done = [told.write(partial(service.go_on, posting=posting, zone=ZONE, now=told.at)) for posting in hers]
    nights = [
        told.write(
            lambda c: service.prefer(c, told.keyring, told.who("U1"), told.round.id, BestTime.NIGHT, ZONE, told.at)
        )
        for _ in range(3)
    ]

    await asyncio.gather(
        told.pick("U1", Later.NEXT_WEEK), *done, *nights, told.pick("U1", Later.TOMORROW), told.nudge()
    )

    owed = await told.owed("U1")
    assert owed is not None
    assert owed[1].endswith(":picked")
