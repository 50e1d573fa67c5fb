"""Runs the bot until it is told to stop: Slack over HTTP or a socket, and pages that say whether it is well."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import uvicorn

from bot.app import Bot, running
from bot.config import Settings
from bot.connections import Connections, bounded, most_connections
from bot.open_files import AcceptErrors, raised_limit
from bot.outcomes import NO_ANSWER, NotNow, Refused, word_of
from bot.problems import CannotRun, bot_token_refused
from bot.readiness import reasons
from bot.refusals import TOKEN
from bot.server import Front
from bot.slack import Identity

if TYPE_CHECKING:
    from bot.socket_mode import Socket

log = logging.getLogger(__name__)

DEFAULT_PORT = 3000
BACKLOG = 128
"""Connections that wait to be accepted, and that asyncio accepts in a row."""
GREETING_TAKES = 5.0
"""Seconds that the first word of Slack's is waited for; the bot listens all the same."""
REQUESTS_END = 8
"""Seconds that requests under way get when the bot stops."""
ENDS_WITHIN = 28.0
"""Seconds after which the process ends, whatever hangs. What is under way has ended before: sockets in 3, requests in 8,
messages in 6, what follows presses in 6, the database in 4."""


async def serve(settings: Settings) -> int:
    """Runs the bot until SIGTERM or SIGINT, and ends within half a minute of it."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for which in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(which, partial(_told_to_stop, stop))
    if settings.hta_clock_file:
        log.warning("HTA_CLOCK_FILE is set: the clock can be moved. This is for trying and testing only.")
    try:
        async with running(settings) as bot:
            await _greet(bot)
            await _listen(bot, settings, stop)
    except CannotRun as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 0


def _told_to_stop(stop: asyncio.Event) -> None:
    """Everything under way has a time by which it ends. Should something hang all the same, the process ends without it."""
    if not stop.is_set():
        stop.set()
        last = threading.Timer(ENDS_WITHIN, _end_at_once)
        last.daemon = True
        last.start()


def _end_at_once() -> None:
    log.error("something did not end in time; the process ends without it")
    os._exit(1)


async def _greet(bot: Bot) -> None:
    """Raises CannotRun where no waiting helps: the token is none."""
    outcome: Identity | NotNow | Refused = NO_ANSWER
    with suppress(TimeoutError):
        async with asyncio.timeout(GREETING_TAKES):
            outcome = await bot.context.slack.greet()
    match outcome:
        case Refused(error) if error in TOKEN:
            raise bot_token_refused(error)
        case Identity(team_id):
            log.info("Slack knows us", extra={"team": team_id})
        case Refused() | NotNow():
            log.warning("Slack doesn't greet us yet; the bot goes on trying", extra={"error": word_of(outcome)})


async def _listen(bot: Bot, settings: Settings, stop: asyncio.Event) -> None:
    """Hears Slack over HTTP or a socket until `stop` is set. Raises CannotRun."""
    connection = _socket(bot, settings)
    http = None
    if connection is None or settings.port:
        http = asyncio.create_task(_serve_http(bot, settings, _bound(settings), stop, connection))
    try:
        if connection:
            await connection.connect(stop)
        # Start-up's objects stay for good: leaving them out of the collector's rounds takes p99 from 40 to 15 ms.
        gc.freeze()
        gc.enable()
        await stop.wait()
    finally:
        stop.set()
        if connection:
            await connection.close()
        if http:
            await http


def _socket(bot: Bot, settings: Settings) -> "Socket | None":
    """The socket, in Socket Mode; only then its library is loaded."""
    if settings.slack_app_token is None:
        return None
    from bot.socket_mode import Socket

    return Socket(bot, settings.slack_app_token.get_secret_value())


def _bound(settings: Settings) -> socket.socket:
    """The socket that HTTP is served on; uvicorn would end the process without a way out. Raises CannotRun."""
    address = (settings.host, settings.port or DEFAULT_PORT)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as error:
        where = f"HOST {address[0]}, PORT {address[1]}"
        raise CannotRun(f"{where} can't be used: {error.strerror}. Set another, or stop what listens there.") from None


async def _serve_http(
    bot: Bot, settings: Settings, listening: socket.socket, stop: asyncio.Event, connection: "Socket | None"
) -> None:
    async def not_ready() -> Sequence[str]:
        return await reasons(bot, connection.is_connected if connection else None)

    hears_slack = connection is None
    secret = settings.slack_signing_secret.get_secret_value() if hears_slack and settings.slack_signing_secret else None
    config = uvicorn.Config(
        Front(bot.bolt, secret, not_ready, bot.context.clock.unmoved),
        http=bounded(Connections(most_connections(raised_limit()))),  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=REQUESTS_END,
    )
    asyncio.get_running_loop().set_exception_handler(AcceptErrors())
    server = uvicorn.Server(config)
    # uvicorn would raise SIGTERM again and end with 143; we heard it already.
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    server.capture_signals = suppress  # type: ignore[assignment]
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await asyncio.wait([serving, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stop.set()
    await serving
