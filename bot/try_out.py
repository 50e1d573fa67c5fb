"""Tries the bot without Slack: the pretend workspace as a process of its own, and the bot beside it."""

import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
import webbrowser
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot import logs
from bot.config import Settings
from bot.serving import serve
from bot.taken_ports import why_not

LOOK_AGAIN = 0.1
"""Seconds between two looks whether the bot is ready."""
LOOK_WITHIN = aiohttp.ClientTimeout(total=5.0)


def try_out(port: int, *, open_browser: bool) -> int:
    """Brings up page and bot on 127.0.0.1 until Ctrl-C. Everything is in a temporary folder and goes with it.

    No `.env` is read, and no setting of a real workspace is used.
    """
    logs.set_up()
    if reason := asyncio.run(why_not(port)):
        sys.stderr.write(f"{reason}\n")
        return 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hta-sandbox-")))
        (folder / "clock").write_text("0")
        secret, token = secrets.token_hex(16), f"xoxb-{secrets.token_hex(16)}"
        settings = _settings(folder, port + 1, token, secret)
        workspace = subprocess.Popen(  # noqa: S603
            [
                *(sys.executable, "-m", "sandbox", "--port", str(port), "--print-tokens"),
                *("--manifest", str(stack.enter_context(as_file(manifest())))),
                *("--bot-url", f"http://127.0.0.1:{port + 1}/slack/events", "--clock-file", str(folder / "clock")),
            ],
            env=os.environ | {"SANDBOX_BOT_TOKEN": token, "SANDBOX_SIGNING_SECRET": secret},
            stdout=subprocess.PIPE,
        )
        try:
            return asyncio.run(_run_beside(workspace, settings, open_browser=open_browser))
        finally:
            workspace.terminate()
            workspace.communicate()


def manifest() -> Any:
    """The app's manifest: a wheel carries a copy beside the code; in a checkout it is the one at the top."""
    carried = files("bot") / "manifest.yml"
    return carried if carried.is_file() else Path(__file__).parent.parent / "manifest.yml"


def _settings(folder: Path, bot_port: int, token: str, secret: str) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=SecretStr(token),
        slack_signing_secret=SecretStr(secret),
        slack_app_token=None,
        slack_client_id=None,
        slack_api_url=f"http://127.0.0.1:{bot_port - 1}/api/",
        database_url=f"sqlite:///{folder / 'hta.db'}",
        hta_timezone="America/New_York",
        hta_clock_file=folder / "clock",
        hta_key_dir=folder / "keys",
        hta_close_now_after=0,
        host="127.0.0.1",
        port=bot_port,
    )


async def _run_beside(workspace: "subprocess.Popen[bytes]", settings: Settings, *, open_browser: bool) -> int:
    """Runs the bot beside the workspace, as soon as that serves. Where it can't, it has said why."""
    line = await asyncio.to_thread(_first_line, workspace)
    if not line:
        return 1
    address = json.loads(line)["address"]
    coordinators = await _coordinators(address)
    serving = asyncio.create_task(serve(settings.model_copy(update={"hta_coordinators": ",".join(coordinators)})))
    opening = asyncio.create_task(_open_when_ready(address, settings.port, open_browser=open_browser))
    try:
        return await serving
    finally:
        opening.cancel()


def _first_line(workspace: "subprocess.Popen[bytes]") -> bytes:
    return workspace.stdout.readline() if workspace.stdout else b""


async def _coordinators(address: str) -> list[str]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/people") as answer:
        told = await answer.json()
    return [person["id"] for person in told["people"] if person["is_coordinator_hint"]]


async def _open_when_ready(address: str, bot_port: int | None, *, open_browser: bool) -> None:
    """Tells where the page is, and opens it, once the bot is ready: by then this workspace has greeted it."""
    async with aiohttp.ClientSession(timeout=LOOK_WITHIN) as session:
        while not await _is_ready(session, f"http://127.0.0.1:{bot_port}/readyz"):  # noqa: ASYNC110, since nothing else tells
            await asyncio.sleep(LOOK_AGAIN)
    sys.stderr.write(f"\nThe sandbox is at {address}\nCtrl-C ends it; nothing is kept.\n\n")
    if open_browser:
        await asyncio.to_thread(webbrowser.open, address)


async def _is_ready(session: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with session.get(address) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
