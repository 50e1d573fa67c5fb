"""Hears from Slack that the app was uninstalled, or that its token is good no more."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.context import Context
from bot.stoppages import stop_posting

Body = dict[str, Any]


def listen(app: AsyncApp, context: Context) -> None:
    """Registers what this room hears."""

    @app.event("tokens_revoked")
    async def on_tokens_revoked(body: Body, ack: AsyncAck) -> None:
        if payloads.revoked_bots(body):
            await stop_posting(context, body["team_id"], "tokens_revoked")
        await ack()

    @app.event("app_uninstalled")
    async def on_app_uninstalled(body: Body, ack: AsyncAck) -> None:
        await stop_posting(context, body["team_id"], "app_uninstalled")
        await ack()
