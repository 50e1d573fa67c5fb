"""How does one try the bot without Slack? The pretend workspace as a process of its own, and the bot beside it."""

import asyncio
import logging
import os
import secrets
import subprocess
import sys
import tempfile
import webbrowser
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from bot import logs
from bot.config import Settings
from bot.serving import serve

log = logging.getLogger(__name__)

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
UP_WITHIN = 15.0


def try_out(port: int, *, open_browser: bool) -> int:
    """Brings up page and bot on 127.0.0.1 until Ctrl-C. Everything lies in a temporary folder and goes with it.

    No `.env` is read, and no setting of a real workspace is used.
    """
    logs.set_up()
    with tempfile.TemporaryDirectory(prefix="hta-sandbox-") as folder:
        clock_file = Path(folder, "clock")
        clock_file.write_text("0")
        secret, token = secrets.token_hex(16), f"xoxb-{secrets.token_hex(16)}"
        bot_port = port + 1
        workspace = subprocess.Popen(  # noqa: S603
            [
                *(sys.executable, "-m", "sandbox", "--port", str(port), "--manifest", str(MANIFEST)),
                *("--bot-url", f"http://127.0.0.1:{bot_port}/slack/events", "--clock-file", str(clock_file)),
            ],
            env=os.environ | {"SANDBOX_BOT_TOKEN": token, "SANDBOX_SIGNING_SECRET": secret},
        )
        try:
            return asyncio.run(_run_beside(workspace, port, bot_port, token, secret, Path(folder), open_browser))
        finally:
            workspace.terminate()
            workspace.wait()


async def _run_beside(
    workspace: "subprocess.Popen[bytes]",
    port: int,
    bot_port: int,
    token: str,
    secret: str,
    folder: Path,
    open_browser: bool,
) -> int:
    address = f"http://127.0.0.1:{port}"
    coordinators = await _coordinators(workspace, address)
    if coordinators is None:
        sys.stderr.write(f"The sandbox did not start. Is port {port} taken? Try: hta-bot sandbox --port 8500\n")
        return 1
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=SecretStr(token),
        slack_signing_secret=SecretStr(secret),
        slack_app_token=None,
        slack_client_id=None,
        slack_api_url=f"{address}/api/",
        database_url=f"sqlite:///{folder / 'hta.db'}",
        hta_coordinators=",".join(coordinators),
        hta_timezone="America/New_York",
        hta_clock_file=folder / "clock",
        hta_key_dir=folder / "keys",
        hta_close_now_after=0,
        host="127.0.0.1",
        port=bot_port,
    )
    sys.stderr.write(f"\nThe sandbox is at {address}\nCtrl-C ends it; nothing is kept.\n\n")
    if open_browser:
        webbrowser.open(address)
    return await serve(settings)


async def _coordinators(workspace: "subprocess.Popen[bytes]", address: str) -> list[str] | None:
    """Who is coordinator in the sandbox, asked as soon as it is up; None where it does not come up."""
    async with aiohttp.ClientSession() as session:
        deadline = asyncio.get_running_loop().time() + UP_WITHIN
        while workspace.poll() is None and asyncio.get_running_loop().time() < deadline:
            try:
                async with session.get(f"{address}/people") as answer:
                    told = await answer.json()
                    return [person["id"] for person in told["people"] if person["is_coordinator_hint"]]
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    return None
