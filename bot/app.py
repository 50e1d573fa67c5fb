"""The bot, put together. Open this file and see all that it can hear."""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

import bot.admin.handlers
import bot.goals.handlers
import bot.home.handlers
import bot.reminders.handlers
import bot.results.charts.handlers
import bot.results.evidence.handlers
import bot.results.export.handlers
import bot.results.handlers
import bot.rounds.handlers
import bot.survey.handlers
from bot import coordinators, payloads
from bot.blocks import paragraph
from bot.clock import Clock
from bot.config import Settings
from bot.context import Context
from bot.goals.answering import plan_again as goals_again
from bot.insiders import Insiders
from bot.letters import LETTERS
from bot.lost_keys import look_at_keys
from bot.outcomes import CallFailed, word_of
from bot.rounds.audience import Directory
from bot.schedule import Schedule
from bot.slack import Slack
from bot.survey import messages as survey
from bot.tasks import Tasks
from storage.database import Database, DatabaseSilent
from storage.keys import Keyring

log = logging.getLogger(__name__)

CALL_TAKES = 30.0
"""Seconds that a call to Slack may take."""
DRAIN = 6.0
"""Seconds that what is under way gets when the bot stops."""
NOT_OURS = "HTA Bot is not set up for this workspace. Ask whoever installed it."


class NotOurs(Exception):
    """A payload of another workspace, where the app may be installed, but not with our token."""


@dataclass(frozen=True)
class Bot:
    context: Context
    bolt: AsyncApp
    schedule: Schedule


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Bot]:
    """The bot with everything open and ticking; on leaving, what is under way is finished.

    Raises storage.database.DatabaseProblem.
    """
    keyring = Keyring(settings.key_dir)
    database = Database(settings.database_url, keyring)
    await database.open()
    # With trust_env the session goes by HTTPS_PROXY and NO_PROXY, as most of a hospital's servers have to.
    session = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=CALL_TAKES), trust_env=not settings.is_on_this_machine
    )
    try:
        clock = Clock(settings.hta_clock_file)
        slack = Slack(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session, clock)
        context = Context(settings, clock, database, keyring, slack, Tasks(), Insiders(slack, database))
        await look_at_keys(context)
        directory = Directory(slack, context.insiders)
        schedule = Schedule(context, directory, LETTERS)
        await schedule.start()
        context.tasks.start(goals_again(context))
        try:
            yield Bot(context, listening(context, directory), schedule)
        finally:
            await schedule.stop()
            await context.tasks.stop(DRAIN)
    finally:
        await session.close()
        await database.close(seconds=3)


def listening(context: Context, directory: Directory) -> AsyncApp:
    """Bolt, with all that the bot hears."""
    app = AsyncApp(
        name="hta-bot",  # else Bolt reads the source of each caller to find one
        client=context.slack.api.client,
        logger=logging.getLogger("slack"),  # Bolt's own loggers take the root's level, and would write what was pressed
        authorize=_authorize(context),
        process_before_response=True,
        request_verification_enabled=False,  # bot/server.py has verified, or a socket has brought it
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )

    @app.middleware
    async def who_it_is(body: dict[str, Any], next: Callable[[], Awaitable[None]]) -> None:
        await context.insiders.settle(body)
        await next()

    bot.survey.handlers.listen(app, context)
    bot.rounds.handlers.listen(app, context, directory)
    bot.results.handlers.listen(app, context)
    bot.goals.handlers.listen(app, context)
    bot.results.charts.handlers.listen(app, context)
    bot.results.export.handlers.listen(app, context)
    bot.results.evidence.handlers.listen(app, context)
    bot.home.handlers.listen(app, context)
    bot.reminders.handlers.listen(app, context)
    bot.admin.handlers.listen(app, context)
    _answer_the_rest(app, context)
    return app


def _authorize(context: Context) -> Any:
    async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
        """Raises NotOurs: where None is returned, Bolt says so by a call of its own before it answers Slack."""
        us = await context.slack.identity()
        is_of_our_organization = us.enterprise_id is not None and us.enterprise_id in (team_id, enterprise_id)
        if team_id != us.team_id and not is_of_our_organization:
            raise NotOurs
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=us.team_id,
            bot_id=us.bot_id,
            bot_user_id=us.bot_user_id,
            bot_token=context.slack.api.client.token,
        )

    return authorize


def _answer_the_rest(app: AsyncApp, context: Context) -> None:
    """Old and unknown buttons are answered kindly; without a listener Bolt would log what was pressed."""

    @app.action(re.compile(""))
    async def on_unknown_button(body: dict[str, Any], ack: AsyncAck) -> None:
        await ack()
        if response_url := payloads.press(body).response_url:
            context.tasks.start(context.slack.whisper(response_url, survey.outdated()))

    @app.view(re.compile(""))
    async def on_unknown_view(ack: AsyncAck) -> None:
        await ack()

    @app.command(re.compile(""))
    async def on_unknown_command(body: dict[str, Any], ack: AsyncAck) -> None:
        await ack()
        command = payloads.command(body)
        known = await coordinators.everyone(context, command.who.team_id)
        context.tasks.start(context.slack.whisper(command.response_url, survey.usage(known)))

    @app.event(re.compile(""))
    async def on_other_event(ack: AsyncAck) -> None:
        await ack()

    @app.error
    async def on_error(error: Exception, body: dict[str, Any]) -> BoltResponse:
        """Before the commit something failed: no 200, and the person reads that nothing was saved."""
        if isinstance(error, NotOurs):
            if response_url := body.get("response_url"):
                context.tasks.start(context.slack.whisper(response_url, paragraph(NOT_OURS)))
            return BoltResponse(status=200, body="")
        if isinstance(error, payloads.Unreadable):
            log.warning("a request lacked what Slack always sends")
            return BoltResponse(status=400, body="")
        if isinstance(error, CallFailed):
            log.warning("Slack has not said yet who we are", extra={"error": word_of(error.outcome)})
        else:
            log.exception("a request failed before it was acknowledged")
        if response_url := body.get("response_url"):
            is_open = isinstance(error, DatabaseSilent) and error.may_be_stored
            told = survey.maybe_saved() if is_open else survey.nothing_saved()
            context.tasks.start(context.slack.whisper(response_url, told))
        return BoltResponse(status=500, body="")
