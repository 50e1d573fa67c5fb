"""The workspace as a process: it starts, serves, tells its tokens, and says what is wrong."""

import asyncio
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from places import DATA, ROOT
from sandbox.manifest import BrokenManifest, read
from sandbox.people import ENTERPRISE_ID
from sandbox_counterpart import NURSE

MANIFEST = DATA / "sandbox_manifest.yml"


async def started(*words: str, **settings: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", *words),
        cwd=ROOT,
        env=os.environ | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def first_line(process: asyncio.subprocess.Process) -> Any:
    assert process.stdout is not None
    return json.loads(await process.stdout.readline())


async def test_it_serves_until_it_is_told_to_stop() -> None:
    told = ("--port", "0", "--manifest", str(MANIFEST), "--socket-mode", "--print-tokens")
    process = await started(*told, SANDBOX_BOT_TOKEN="xoxb-mine")

    up = await first_line(process)
    async with aiohttp.ClientSession() as session, session.get(f"{up['address']}/view/{NURSE}") as answer:
        status = answer.status
    process.terminate()

    assert status == 200
    assert up["bot"] == "xoxb-mine"
    assert up["app"].startswith("xapp-")
    assert await process.wait() == 0


@pytest.mark.parametrize(("words", "is_org_install"), [(["--grid"], False), (["--grid", "--org-install"], True)])
async def test_it_can_be_an_enterprise_grid(words: list[str], is_org_install: bool) -> None:
    process = await started("--port", "0", "--manifest", str(MANIFEST), "--socket-mode", "--print-tokens", *words)

    up = await first_line(process)
    address, proof = f"{up['address']}/api/auth.test", {"token": up["bot"]}
    async with aiohttp.ClientSession() as session, session.post(address, data=proof) as answer:
        told = await answer.json()
    process.terminate()
    await process.wait()

    assert (told["enterprise_id"], told["is_enterprise_install"]) == (ENTERPRISE_ID, is_org_install)


async def test_without_a_grid_there_is_no_organization_to_install_for() -> None:
    process = await started("--manifest", str(MANIFEST), "--socket-mode", "--org-install")
    _, said = await process.communicate()

    assert process.returncode == 2
    assert "--org-install goes with --grid" in said.decode()


async def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await started("--port", str(port), "--manifest", str(MANIFEST), "--socket-mode")
        _, said = await process.communicate()

    assert process.returncode == 1
    assert said.decode() == f"Port {port} can't be used: Address already in use. Choose another with --port.\n"


async def test_a_manifest_that_is_not_there_is_told_in_one_line() -> None:
    process = await started("--manifest", "nowhere.yml", "--socket-mode")
    _, said = await process.communicate()

    assert process.returncode == 2
    assert said.decode() == "nowhere.yml: No such file or directory\n"


async def test_a_port_that_there_is_not_is_refused() -> None:
    process = await started("--port", "65536", "--manifest", str(MANIFEST), "--socket-mode")
    _, said = await process.communicate()

    assert process.returncode == 2
    assert "a port is a number" in said.decode()


def test_a_manifest_that_slack_would_not_take_is_refused_with_place_and_fault(tmp_path: Path) -> None:
    broken = tmp_path / "manifest.yml"
    broken.write_text(MANIFEST.read_text().replace("/echo", "/" + "e" * 40))

    with pytest.raises(BrokenManifest, match=r"manifest.yml: features/slash_commands/0/command"):
        read(broken)


@pytest.mark.parametrize("written", ["", "- a list", "name: [unclosed"])
def test_a_file_that_is_no_manifest_is_refused(tmp_path: Path, written: str) -> None:
    broken = tmp_path / "manifest.yml"
    broken.write_text(written)

    with pytest.raises(BrokenManifest, match=r"manifest.yml"):
        read(broken)


def test_the_manifest_says_what_the_bot_may_do() -> None:
    allowed = read(MANIFEST)

    assert [command.command for command in allowed.commands] == ["/echo"]
    assert "groups:read" in allowed.scopes, "optional scopes are granted at first"
    assert (allowed.bot_name, allowed.has_home, allowed.has_messages, allowed.is_read_only) == (
        "Echo Bot",
        True,
        True,
        True,
    )
