"""Lists the faults: how each is made to happen for a few seconds, and to what."""

import asyncio
import resource
import signal
import sqlite3
from contextlib import closing

from benchmarks.fault_losses import When
from benchmarks.fault_measure import Fault, Happen
from benchmarks.fault_trial import POST, Needs, Trial
from sandbox.faults import EVERY_METHOD, RESPONSE_URL, Instead, OddAnswer, SlackError
from sandbox.faults import Fault as Broken
from sandbox.web_api import CONNECT

LASTS = 4.0
"""Seconds that most faults last."""
LASTS_LONGER = 5.0
DOWN = 2.0
"""Seconds that pass until what was ended is started again."""
SLOW = 5.0
"""Seconds by which Slack's answers are late."""
SHARE = "files.completeUploadExternal"
HOUR, WEEK = 3600, 7 * 86_400
IDLE = 1_100
AT_A_TIME = 50
"""Connections that are made at once. With more, the kernel's queue is full, and some wait for a second."""
TIMES = 6
"""How often the workspace asks for new sockets."""

WAIT = OddAnswer(429, '{"ok": false, "error": "ratelimited"}', "application/json", {"Retry-After": "3"})
UNAVAILABLE = OddAnswer(503, "Service Unavailable")
A_LONG_WAIT = OddAnswer(429, headers={"Retry-After": "1800"})


def answered_with(instead: Instead | None, *methods: str, slow: float = 0.0) -> Happen:
    """Slack, or something in its place, answers all calls of these methods so."""

    async def happen(trial: Trial) -> None:
        trial.plan(methods, instead, LASTS, slow)
        await asyncio.sleep(LASTS)

    return happen


def refused(word: str) -> Happen:
    return answered_with(SlackError(word), POST)


def ended(how: signal.Signals) -> Happen:
    """The process ends, and is started again after a while. The fault is over when it is started, not when it listens."""

    async def happen(trial: Trial) -> None:
        await trial.bot.end(how)
        await asyncio.sleep(DOWN)
        await trial.bot.start(until_up=False)

    return happen


def ahead(seconds: int) -> Happen:
    """The machine's clock is so many seconds ahead."""

    async def happen(trial: Trial) -> None:
        trial.false_clock.set_ahead(seconds)
        await asyncio.sleep(LASTS)
        trial.false_clock.set_ahead(0)

    return happen


late_listings = answered_with(None, "users.list", "usergroups.list", slow=SLOW)


async def nothing(trial: Trial) -> None:
    await asyncio.sleep(LASTS)


async def odd_at_the_start(trial: Trial) -> None:
    """The process is restarted, and what it asks first is answered by something that isn't Slack."""
    await trial.bot.end(signal.SIGTERM)
    trial.plan((CONNECT, "auth.test"), OddAnswer(200, "[]", "application/json"), LASTS)
    await trial.bot.start(until_up=False)
    await asyncio.sleep(LASTS)


async def disconnected_again_and_again(trial: Trial) -> None:
    for _ in range(TIMES):
        await trial.sandbox.disconnect()
        await asyncio.sleep(LASTS / TIMES)


async def disk_full(trial: Trial) -> None:
    """Writes of the process fail, with EFBIG where a full disk has ENOSPC. This takes no rights (setrlimit(2))."""
    soft, hard = resource.prlimit(trial.bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(trial.bot.pid, resource.RLIMIT_FSIZE, (0, hard))
    await asyncio.sleep(LASTS)
    resource.prlimit(trial.bot.pid, resource.RLIMIT_FSIZE, (soft, hard))


async def file_locked(trial: Trial) -> None:
    with closing(sqlite3.connect(trial.folder / "hta.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE").close()
        await asyncio.sleep(LASTS_LONGER)
        other.execute("ROLLBACK").close()


async def relay_silent(trial: Trial) -> None:
    if trial.relay:
        trial.relay.fall_silent()
        await asyncio.sleep(LASTS_LONGER)
        trial.relay.pass_on()


async def relay_gone(trial: Trial) -> None:
    if trial.relay:
        await trial.relay.stop()
        await asyncio.sleep(LASTS)
        await trial.relay.start()


async def postgresql_restarted(trial: Trial) -> None:
    """The fault is over when it takes connections again."""
    if trial.postgresql:
        await asyncio.to_thread(trial.postgresql.stop)
        await asyncio.sleep(DOWN)
        await asyncio.to_thread(trial.postgresql.start_again)


async def hour_ahead_from_the_start(trial: Trial) -> None:
    """The process is restarted with the clock an hour ahead, and then the clock is put right."""
    await trial.bot.end(signal.SIGTERM)
    trial.false_clock.set_ahead(HOUR)
    await trial.bot.start()
    await asyncio.sleep(LASTS)
    trial.false_clock.set_ahead(0)


async def keys_away(trial: Trial) -> None:
    """The folder of keys is gone for a while. A process that runs has read them."""
    away = trial.keys.with_name("away")
    trial.keys.rename(away)
    await asyncio.sleep(LASTS)
    away.rename(trial.keys)


async def keys_away_at_a_start(trial: Trial) -> None:
    """The folder of keys is gone for a while, and the process is killed and started meanwhile."""
    starting = asyncio.create_task(_restarted(trial))
    await keys_away(trial)
    await starting


async def _restarted(trial: Trial) -> None:
    await trial.bot.end(signal.SIGKILL)
    await trial.bot.start()


async def idle_connections(trial: Trial) -> None:
    """More connections than the bot may have files open, and nothing is sent on them."""
    writers = []
    for _ in range(IDLE // AT_A_TIME):
        opened = [asyncio.open_connection("127.0.0.1", trial.bot.port) for _ in range(AT_A_TIME)]
        made = await asyncio.gather(*opened, return_exceptions=True)
        writers += [one[1] for one in made if not isinstance(one, BaseException)]
    await asyncio.sleep(LASTS)
    for writer in writers:
        writer.transport.abort()


STARTING, REMINDING, CLOSING = When.STARTING, When.REMINDING, When.CLOSING
SOCKET_MODE, POSTGRESQL = Needs.SOCKET_MODE, Needs.POSTGRESQL
FALSE_CLOCK, FEW_FILES, PROXY = Needs.FALSE_CLOCK, Needs.FEW_FILES, Needs.OUTBOUND_PROXY

FAULTS = (
    Fault("no fault at all", nothing),
    # What takes longest comes first, so that nothing is waited for alone at the end.
    Fault("keys away at a start", keys_away_at_a_start),
    Fault("disk full", disk_full),
    Fault("SQLite file locked for 5 s", file_locked),
    Fault("PostgreSQL silent for 5 s", relay_silent, needs=POSTGRESQL),
    Fault("PostgreSQL restarted", postgresql_restarted, needs=POSTGRESQL),
    Fault("outbound proxy gone", relay_gone, needs=PROXY),
    Fault("posts: 503 in plain text", answered_with(UNAVAILABLE, POST)),
    Fault("posts: connection dropped", answered_with(Broken.DROPPED, POST)),
    Fault("posts: answers lost", answered_with(Broken.LOST, POST)),
    Fault("posts: token_revoked", refused("token_revoked")),
    Fault("posts: rate_limited", refused("rate_limited")),
    Fault("posts: ekm_access_denied", refused("ekm_access_denied")),
    Fault("posts: missing_scope", refused("missing_scope")),
    Fault("posts: a word that nobody knows", refused("a_word_that_nobody_knows")),
    Fault("posts: 429, Retry-After 3", answered_with(WAIT, POST)),
    Fault("every method 5 s late", answered_with(None, EVERY_METHOD, slow=SLOW)),
    Fault("response_url: 500", answered_with(OddAnswer(500), RESPONSE_URL)),
    Fault("response_url: Retry-After 1800", answered_with(A_LONG_WAIT, RESPONSE_URL)),
    Fault("socket: odd answers at a start", odd_at_the_start, needs=SOCKET_MODE),
    Fault("socket: disconnected six times", disconnected_again_and_again, needs=SOCKET_MODE),
    Fault("start: users.list, usergroups.list 5 s late", late_listings, STARTING),
    Fault("kill -9", ended(signal.SIGKILL)),
    Fault("SIGTERM", ended(signal.SIGTERM)),
    Fault("clock an hour ahead from a start", hour_ahead_from_the_start, needs=FALSE_CLOCK),
    Fault("clock a week ahead", ahead(WEEK), needs=FALSE_CLOCK),
    Fault("keys away", keys_away),
    Fault("1,100 idle connections, 1,024 files", idle_connections, needs=FEW_FILES),
    Fault("reminders: token_revoked", refused("token_revoked"), REMINDING),
    Fault("reminders: kill -9", ended(signal.SIGKILL), REMINDING),
    Fault("results: token_revoked", refused("token_revoked"), CLOSING),
    Fault("results: answers lost", answered_with(Broken.LOST, POST, SHARE), CLOSING),
    Fault("results: kill -9", ended(signal.SIGKILL), CLOSING),
)
