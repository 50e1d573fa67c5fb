"""How does the bot run until it is told to stop? It hears Slack over HTTP or a socket, and answers whether it is well."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn
from slack_sdk.errors import SlackApiError

from bot.app import Bot, MissingKeys, running
from bot.config import Settings
from bot.connections import Connections, bounded, most_connections
from bot.open_files import AcceptErrors, raised_limit
from bot.outcomes import UNREACHABLE, NotNow, Refused, outcome_of
from bot.server import Front
from bot.slack import Identity

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode.websockets import AsyncSocketModeHandler

log = logging.getLogger(__name__)

DEFAULT_PORT = 3000
BACKLOG = 128
"""Connections that wait to be accepted, and that asyncio accepts in a row."""
RETRY = 2.0
"""Seconds until Slack's socket is tried again."""


async def serve(settings: Settings) -> int:
    """Runs the bot until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for which in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(which, stop.set)
    if settings.hta_clock_file:
        log.warning("HTA_CLOCK_FILE is set: the clock can be moved. This is for trying and testing only.")
    try:
        async with running(settings) as bot:
            match await bot.kit.slack.greet():
                case Refused(error):
                    raise CannotRun(_bot_token_trouble(error))
                case NotNow():
                    log.warning("Slack can't be reached yet; the bot goes on trying")
                case us:
                    log.info("Slack knows us", extra={"team": us.team_id})
            await _listen(bot, settings, stop)
    except (MissingKeys, CannotRun) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 0


async def _listen(bot: Bot, settings: Settings, stop: asyncio.Event) -> None:
    """Hears Slack over HTTP or a socket until `stop` is set. Raises CannotRun."""
    handler = None
    if settings.slack_app_token:
        from slack_bolt.adapter.socket_mode.websockets import AsyncSocketModeHandler

        handler = AsyncSocketModeHandler(bot.bolt, settings.slack_app_token.get_secret_value())
    http = None
    if handler is None or settings.port:
        http = asyncio.create_task(_serve_http(bot, settings, _bound(settings), stop, hears_slack=handler is None))
    try:
        if handler:
            await _connect(handler, stop)
        # Start-up's objects stay for good: leaving them out of the collector's rounds takes p99 from 40 to 15 ms.
        gc.freeze()
        gc.enable()
        await stop.wait()
    finally:
        stop.set()
        if handler:
            await handler.close_async()  # type: ignore[no-untyped-call]
        if http:
            await http


def _bound(settings: Settings) -> socket.socket:
    """The socket that HTTP is served on; uvicorn would end the process without a way out. Raises CannotRun."""
    address = (settings.host, settings.port or DEFAULT_PORT)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as error:
        where = f"HOST {address[0]}, PORT {address[1]}"
        raise CannotRun(f"{where} can't be used: {error.strerror}. Set another, or stop what listens there.") from None


async def _connect(handler: "AsyncSocketModeHandler", stop: asyncio.Event) -> None:
    """Connects as soon as Slack lets us. Raises CannotRun."""
    while not stop.is_set():
        try:
            # With a new address each time: one is good for one socket.
            await handler.client.connect_to_new_endpoint(force=True)
            return
        except SlackApiError as error:
            outcome = outcome_of(error)
            if isinstance(outcome, Refused):
                raise CannotRun(_app_token_trouble(outcome.error)) from None
        except UNREACHABLE:
            log.warning("Slack's socket can't be reached yet; the bot goes on trying")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RETRY)


async def _serve_http(
    bot: Bot, settings: Settings, listening: socket.socket, stop: asyncio.Event, *, hears_slack: bool
) -> None:
    async def not_ready() -> Sequence[str]:
        if not isinstance(await bot.kit.slack.greet(), Identity):
            return ("slack",)
        return () if await bot.kit.database.read(lambda _: True) else ("database",)

    secret = settings.slack_signing_secret.get_secret_value() if hears_slack and settings.slack_signing_secret else None
    config = uvicorn.Config(
        Front(bot.bolt, secret, not_ready),
        http=bounded(Connections(most_connections(raised_limit()))),  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=10,
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


class CannotRun(Exception):
    """A token that Slack refuses, or a port that is taken; the message says which, and the way out."""


def _bot_token_trouble(word: str) -> str:
    return (
        f"Slack refuses SLACK_BOT_TOKEN ({word}). Copy the Bot User OAuth Token (xoxb-...) from OAuth & Permissions of "
        "your app, and install the app to the workspace first."
    )


def _app_token_trouble(word: str) -> str:
    return (
        f"Slack refuses SLACK_APP_TOKEN ({word}). Make one with the scope connections:write under Basic Information, "
        "App-Level Tokens (xapp-...), and switch Socket Mode on."
    )
