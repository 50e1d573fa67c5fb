"""Says in a sentence why the sandbox can't have its ports: who has them, and which to choose instead."""

import socket
import sys
from pathlib import Path

import aiohttp

LAST = 65_534
"""The bot listens at the port after the page's."""
ANSWERS_WITHIN = aiohttp.ClientTimeout(total=2.0)
FURTHER = 100


async def why_not(port: int) -> str | None:
    """What to tell who asked for this port, and the one after it; None: both are free."""
    if not 1 <= port <= LAST:
        return f"{port} can't be the page's port. Choose one from 1 to {LAST:,}: {_command(8400)}"
    for wanted in (port, port + 1):
        if not _is_free(wanted):
            return f"{await _taken(wanted)} {_way_out(port)}"
    return None


async def _taken(port: int) -> str:
    for page in (port, port - 1):
        address = f"http://127.0.0.1:{page}"
        if await _is_sandbox(address):
            return f"Port {port} is taken by another sandbox, which is running at {address}. Use that one, or"
    return f"Port {port} is taken by another program. Stop that, or"


def _way_out(port: int) -> str:
    free = (one for one in range(port + FURTHER, LAST, FURTHER) if _is_free(one) and _is_free(one + 1))
    return f"choose another port: {_command(next(free, None))}"


def _command(port: int | None) -> str:
    """The command as it was typed: `make sandbox` runs one that is not on the PATH."""
    typed = sys.argv[0] if Path(sys.argv[0]).name == "hta-bot" else "hta-bot"
    return f"{typed} sandbox --port {port or 'N'}"


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


async def _is_sandbox(address: str) -> bool:
    """Whether a sandbox's page is there: it lists the people of its workspace."""
    try:
        async with aiohttp.ClientSession(timeout=ANSWERS_WITHIN) as session, session.get(f"{address}/people") as answer:
            told = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return False
    return isinstance(told, dict) and {"team", "people"} <= told.keys()
