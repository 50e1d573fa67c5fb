"""What another process asks the sandbox for, and calls of the bot's whose answers may be anything, for the tests of both."""

from typing import Any

from sandbox.refusals import Json
from sandbox.web_api import CONNECT
from sandbox_counterpart import Counterpart


async def control(bot: Counterpart, name: str, body: Json | None = None) -> tuple[int, Any]:
    """What another process does."""
    assert bot.client.session is not None
    address = f"{bot.sandbox.address}/control/{name}"
    asking = bot.client.session.get(address) if body is None else bot.client.session.post(address, json=body)
    async with asking as answer:
        return answer.status, await (answer.json() if answer.status == 200 else answer.text())


async def called(bot: Counterpart, method: str, **asked: Any) -> tuple[int, str, Any]:
    """The status of a call, its body, and its headers: whatever they are."""
    token = bot.sandbox.tokens.app if method == CONNECT else bot.sandbox.tokens.bot
    return await posted(bot, f"{bot.sandbox.api_url}{method}", data=asked, headers={"Authorization": f"Bearer {token}"})


async def posted(bot: Counterpart, address: str, **how: Any) -> tuple[int, str, Any]:
    assert bot.client.session is not None
    async with bot.client.session.post(address, **how) as answer:
        return answer.status, await answer.text(), answer.headers
