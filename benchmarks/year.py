"""Does every check-in come? Two processes of the bot tick on one PostgreSQL for a year, and are killed at random moments.

The clock stands still for nothing: it runs while something is owed, and leaps to the next thing that is due. In the evening
people answer some of what fell due. What should have come is counted from the rules alone; lost is what never came,
repeated what came again, and "too much" what nothing asked for on that day.
"""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, func, select

from benchmarks import kept, promised
from benchmarks.made_up import results
from benchmarks.postgresql import postgresql
from benchmarks.prepared import INSTRUMENT
from benchmarks.promised import Goal, Plan, Promise
from benchmarks.report import say, show
from benchmarks.servers import ROOT, Server, free_port, started
from bot.delivery import LEASE
from bot.goals import service
from bot.goals.calendar import Moment
from bot.goals.days_off import DaysOff
from instrument.goals import Horizon, check_in_on, due_on
from sandbox import manifest
from sandbox.driver import Sandbox
from sandbox.people import BOT_ID, TEAM_ID, Cast, Channel, Person
from sandbox.refusals import Json
from sandbox.workspace import Message
from storage import postings, rounds, snapshots
from storage.database import Database
from storage.goals import NewGoal
from storage.rounds import NewRound, Opened, Round, Source, SourceKind

GOALS = int(os.environ.get("GOALS", "200"))
KILLS = int(os.environ.get("KILLS", "24"))
OWNERS, CHANNELS, STARTS = 40, 5, 8
"""So many people own the goals, so many channels have plans, and plans begin on so many days."""
STARTS_WITHIN = 46
BOTH = 0.2
"""How often a kill takes both processes at once."""
ZONE = ZoneInfo("America/New_York")
ZONES = ("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Puerto_Rico", "Pacific/Honolulu")
FIRST_DAY = date(2027, 2, 1)
"""A Monday; the year has both changes of the clock, and a 29 February."""
LAST_DAY = FIRST_DAY + timedelta(days=STARTS_WITHIN + 366 + 21)
"""Two weeks after the last check-in, when the last follow-up is over."""
ANSWERS = {"done": 0.4, "on_track": 0.3}
"""What is said of a goal in the evening of its check-in, and how often; of the rest, nothing."""
OFF = DaysOff("US")
COORDINATOR = "U01MARISOL"
FASTER, STEP = 20.0, 0.02
"""So many seconds of the bot pass in one of ours while something is owed, in steps of so many of ours."""
IDLE = 1.0
"""Seconds without a call after which what is claimed counts as claimed by the dead."""
OFF_BEAT = 0.03
"""Seconds at most by which a kill comes later than the call that it waits for."""
REACTS = 1.0
"""Seconds that a process has to show an answer that it has taken."""
CALLS_A_GOAL = 9
ENOUGH = 600.0


@dataclass
class Process:
    """One of the bot's processes."""

    folder: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    server: Server | None = None

    async def start(self) -> None:
        self.server = await started(
            ["-m", "bot", "run"], self.folder, self.settings | {"PORT": str(self.port)}, self.port
        )
        await self.server.is_up()

    async def end(self, how: signal.Signals) -> None:
        server, self.server = self.server, None
        if server:
            await server.end(how)


@dataclass(frozen=True)
class Owed:
    """What is due: nobody's yet, claimed by a process, and when the next of both, or of what waits, can be claimed."""

    free: int
    claimed: int
    next_at: datetime | None


@dataclass
class Year:
    """The workspace, the bot's two processes, and what people agreed on."""

    sandbox: Sandbox
    database: Database
    processes: list[Process]
    chance: Random
    plans: list[Plan] = field(default_factory=list)
    promises: set[Promise] = field(default_factory=set)
    kills: list[datetime] = field(default_factory=list)
    answers: int = 0
    day: date = FIRST_DAY

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.sandbox.clock.now(), UTC)

    def leap(self, at: datetime) -> None:
        """Moves the clock forward to a little after this."""
        self.sandbox.clock.advance(max(0.0, (at - self.now).total_seconds()) + 0.1)

    async def go_by(self, rounds_: list[Round]) -> None:
        """Day by day until the last: plans begin, messages come, people answer."""
        starts = _starts(self.chance, rounds_)
        while self.day <= LAST_DAY:
            await self._until_quiet()
            next_at = (await self.database.read(partial(_owed, now=self.now))).next_at
            next_day = min([*starts, LAST_DAY + timedelta(days=1), *([_day(next_at)] if next_at else [])])
            if next_day > self.day:
                await self._answer_in_the_evening()
                # What the bot is asleep for between the two is promised as well, and would be lost.
                for days in range((next_day - self.day).days):
                    self.promises |= promised.on(self.day + timedelta(days=days + 1), self.plans, OFF)
                self.day = next_day
            if next_at and _day(next_at) == self.day:
                self.leap(next_at)
            elif self.day in starts:
                self.leap(datetime(self.day.year, self.day.month, self.day.day, 16, tzinfo=ZONE))
                await self._begin_plans(starts.pop(self.day))

    async def _until_quiet(self) -> None:
        """Waits until nothing that is due is owed. Where only the dead hold something, the clock leaps to their lease's end."""
        async with asyncio.timeout(ENOUGH):
            pulse, begun, since = self.sandbox.workspace.pulse, -1, 0.0
            while True:
                owed = await self.database.read(partial(_owed, now=self.now))
                if not owed.free and not owed.claimed:
                    return
                if pulse.begun != begun or pulse.under_way or owed.free:
                    begun, since = pulse.begun, time.monotonic()
                if time.monotonic() - since > IDLE and owed.next_at:
                    self.leap(owed.next_at)
                await asyncio.sleep(STEP)
                self.sandbox.clock.advance(STEP * (FASTER - 1))

    async def _begin_plans(self, rounds_: list[Round]) -> None:
        """Each sets five goals, for the five horizons."""
        for round_ in rounds_:
            plan = Plan(round_.results_channel, self.day)
            for horizon in Horizon:
                owner = self.chance.choice(list(_owners()))
                due = due_on(self.day, horizon)
                words = f"Screen on every shift, says plan {round_.id}"  # so that no two messages look alike
                new = NewGoal(horizon, "c2", None, words, None, owner.id, due, COORDINATOR)
                at = Moment(self.now, ZONE, OFF)
                made = await self.database.write(
                    partial(service.save, team_id=TEAM_ID, round_id=round_.id, new=new, owner_zone=owner.tz, at=at)
                )
                if made is None:
                    raise RuntimeError("a goal could not be set")
                plan.goals.append(Goal(made.id, plan, owner.id, horizon))
            self.plans.append(plan)

    async def _answer_in_the_evening(self) -> None:
        for plan in self.plans:
            due = [one for one in plan.goals if one.is_open and check_in_on(one.due_on, OFF) == self.day]
            for goal in due:
                said = self.chance.choices([*ANSWERS, ""], [*ANSWERS.values(), 1 - sum(ANSWERS.values())])[0]
                if said and await self._press(goal, f"goals.v1.{said}"):
                    goal.is_open, goal.answered_on = said != "done", self.day
                    self.answers += 1

    async def _press(self, goal: Goal, action_id: str) -> bool:
        """Presses beside this goal in today's check-in until the bot has taken it; False: it stands in none."""
        for message in reversed(self.sandbox.channel(goal.plan.channel)):
            for block in message.blocks:
                for element in block.get("elements", ()):
                    if element.get("action_id") == action_id and element["value"].split(":")[1] == str(goal.id):
                        await self._taken(goal.owner, message, element, block["block_id"])
                        return True
        return False

    async def _taken(self, person: str, message: Message, element: Json, block_id: str) -> None:
        """Presses until a process has taken it: one may be killed meanwhile."""
        for _ in range(int(ENOUGH / STEP)):
            alive = [one for one in self.processes if one.server]
            if alive:
                port = self.chance.choice(alive).port
                self.sandbox.server.http.url = f"http://127.0.0.1:{port}/slack/events"
                done = await self.sandbox.client.press(person, message, element, block_id)
                if done.error is None:
                    with suppress(TimeoutError):  # it may be killed before it shows the answer
                        await self.sandbox.reacted(done, REACTS)
                    return
            await asyncio.sleep(STEP)
        raise TimeoutError("nobody takes a press")

    async def killing(self) -> None:
        """Kills one of the two, or both, in the middle of whatever is under way, and starts them again."""
        pulse, gap = self.sandbox.workspace.pulse, 2 * CALLS_A_GOAL * GOALS // max(KILLS, 1)
        while len(self.kills) < KILLS:
            moment = pulse.begun + self.chance.randint(1, gap)
            await self.sandbox.until(lambda moment=moment: pulse.begun >= moment, ENOUGH)  # type: ignore[misc]
            await asyncio.sleep(self.chance.uniform(0, OFF_BEAT))
            victims = self.processes if self.chance.random() < BOTH else [self.chance.choice(self.processes)]
            await asyncio.gather(*(one.end(signal.SIGKILL) for one in victims))
            self.kills += [self.now] * len(victims)  # only now: a call that was under way has come
            await asyncio.gather(*(one.start() for one in victims))


async def main() -> None:
    chance, began = Random(62), time.monotonic()  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="hta-bench-") as name, postgresql() as url:
        folder = Path(name)
        clock_file = folder / "clock"
        start = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 9, tzinfo=ZONE)
        clock_file.write_text(str(start.timestamp() - time.time()))
        database = Database(url)
        await database.open()
        allowed = manifest.read(ROOT / "manifest.yml")
        async with Sandbox(_cast(), allowed, bot_url="", clock_file=clock_file) as sandbox:
            settings = {
                "SLACK_BOT_TOKEN": sandbox.tokens.bot,
                "SLACK_SIGNING_SECRET": sandbox.tokens.signing_secret,
                "SLACK_API_URL": sandbox.api_url,
                "DATABASE_URL": url,
                "HTA_COORDINATORS": COORDINATOR,
                "HTA_CLOCK_FILE": str(clock_file),
                "HTA_KEY_DIR": str(folder / "keys"),
            }
            year = Year(sandbox, database, [Process(folder, settings) for _ in range(2)], chance)
            closed = await database.write(partial(_closed_rounds, many=GOALS // len(Horizon), now=start))
            try:
                await asyncio.gather(*(one.start() for one in year.processes))
                killing = asyncio.create_task(year.killing())
                await year.go_by(closed)
                killing.cancel()
                with suppress(asyncio.CancelledError, TimeoutError):
                    await killing
            finally:
                await asyncio.gather(*(one.end(signal.SIGTERM) for one in year.processes))
                await database.close()
            _tell(year, time.monotonic() - began)


def _owners() -> Iterator[Person]:
    for number in range(1, OWNERS + 1):
        yield Person(f"U{number:07d}", f"Person {number}", tz=ZONES[number % len(ZONES)])


def _cast() -> Cast:
    people = (Person(COORDINATOR, "Marisol Vega", is_coordinator=True), *_owners())
    members = [*(one.id for one in people), BOT_ID]
    return Cast("Crowd", people, [Channel(f"C1{number:03}", f"ward-{number}", members) for number in range(CHANNELS)])


def _closed_rounds(connection: Connection, many: int, now: datetime) -> list[Round]:
    """So many self-assessments, that are over, each with results."""
    snapshot, made = results(INSTRUMENT, 40, seed=62), []
    for number in range(many):
        source = Source(SourceKind.CHANNEL, "C1000")
        channel = f"C1{number % CHANNELS:03}"
        new = NewRound(TEAM_ID, "2021-09", COORDINATOR, channel, 5, None, now, f"k{number}", b"x", (source,))
        opened = rounds.open_round(connection, new, now - timedelta(days=14))
        if not isinstance(opened, Opened):
            raise RuntimeError("a round is open in a new database")
        snapshots.save(connection, opened.round.id, snapshot, now)
        rounds.mark_closed(connection, opened.round.id, now)
        rounds.mark_scrubbed(connection, [new.key_name])
        made.append(opened.round)
    return made


def _starts(chance: Random, rounds_: list[Round]) -> dict[date, list[Round]]:
    """On which days which rounds' plans begin."""
    days = [FIRST_DAY + timedelta(days=one) for one in sorted(chance.sample(range(STARTS_WITHIN), STARTS))]
    return {day: rounds_[number::STARTS] for number, day in enumerate(days) if rounds_[number::STARTS]}


def _owed(connection: Connection, now: datetime) -> Owed:
    row = postings.POSTING.c
    due = and_(*postings.IS_OWED, row.due_at <= now)
    claimable_at = func.greatest(row.due_at, row.claimed_until, row.waits_until)
    query = select(
        func.count().filter(due, claimable_at <= now),
        func.count().filter(due, claimable_at > now, claimable_at <= now + LEASE),
    ).select_from(postings.POSTING)
    free, claimed = connection.execute(query).one()
    return Owed(free, claimed, postings.next_due_at(connection))


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _tell(year: Year, seconds: float) -> None:
    sandbox = year.sandbox
    zones = {one.id: ZoneInfo(one.tz) for one in _owners()}
    shown = {channel: sandbox.channel(channel) for channel in sandbox.workspace.channels}
    shown |= {person: sandbox.person(person).dm for person in (COORDINATOR, *zones)}
    came = kept.came(shown, {target: zones.get(target, ZONE) for target in shown})
    repeats, unforced = kept.repeats(came, year.kills)
    unheard = sum(one.error == "dispatch_failed" for one in sandbox.refusals)
    goals = sum(len(one.goals) for one in year.plans)
    say(f"{goals} goals, two processes on one PostgreSQL, a year in {seconds:.0f} seconds")
    show(kept.table(year.promises, came))
    show(
        [
            ["kill -9", str(len(year.kills))],
            ["repeated in all (aim: at most one a kill)", str(repeats)],
            ["of these with no kill between", str(unforced)],
            ["came at night, on a weekend or a holiday", str(kept.at_a_wrong_hour(came, OFF))],
            ["answers that people gave", str(year.answers)],
            ["presses that met no bot, or died with it", str(unheard)],
            ["other calls that Slack refused", str(len(sandbox.refusals) - unheard)],
        ]
    )
