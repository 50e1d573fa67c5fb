"""The commands as an operator runs them: what is wrong is said in a sentence, and what was acknowledged outlives the process."""

import asyncio
import socket
from importlib.metadata import version
from pathlib import Path

import pytest

from bot_process import ALL_STAFF, BotProcess, beside, ended, free_port, item_shown, typed
from conversation import STAFF
from places import ROOT
from sandbox.driver import Sandbox
from sandbox.faults import Fault
from sandbox.manifest import read as read_manifest
from sandbox.people import hospital

GOOD = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s", "slack_api_url": "http://127.0.0.1:1/api/"}


async def test_as_an_operator_types_it_it_comes_up_and_ends_well_when_it_is_told_to(tmp_path: Path) -> None:
    async with beside(tmp_path, starts=False) as here:
        bot = await typed(tmp_path, "run", {**here.bot.settings, "port": here.bot.port})
        while await here.bot.page("/readyz") != 200:
            assert bot.returncode is None, (await bot.communicate())[1]
            await asyncio.wait([asyncio.create_task(bot.wait())], timeout=0.05)
        bot.terminate()
        _, told = await bot.communicate()

    assert bot.returncode == 0
    assert b"Traceback" not in told


async def test_all_settings_that_are_missing_or_wrong_are_named_at_once(tmp_path: Path) -> None:
    told = await ended(tmp_path, "run", {"hta_timezone": "Mars/Base", "port": "many"})

    assert told.status == 2
    assert [name for name in ("SLACK_BOT_TOKEN", "HTA_TIMEZONE", "PORT") if name not in told.err] == []
    assert "Traceback" not in told.err


async def test_help_shows_the_commands_that_work_and_no_others(tmp_path: Path) -> None:
    helped = await typed(tmp_path, "--help", {})
    told = (await helped.communicate())[0].decode()

    assert helped.returncode == 0
    assert [word for word in ("run", "sandbox", "migrate", "export", "evidence") if f"\n    {word} " not in told] == []
    assert [word for word in ("doctor", "backup") if word in told] == []


async def test_it_says_which_version_it_is(tmp_path: Path) -> None:
    told = await ended(tmp_path, "--version", {})

    assert (told.status, told.out) == (0, f"hta-bot {version('hta-bot')}\n")


async def test_a_token_that_slack_does_not_know_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with Sandbox(hospital(), read_manifest(ROOT / "manifest.yml"), bot_url="") as sandbox:
        told = await ended(tmp_path, "run", GOOD | {"slack_api_url": sandbox.api_url})

    assert told.status == 2
    assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy the Bot User OAuth Token" in told.err
    assert "Traceback" not in told.err
    assert "xoxb-1" not in told.err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://bot:pass-phrase@127.0.0.1:1/hta", "The database hta at 127.0.0.1 can't be used"),
        ("sqlite:///nowhere/hta.db", "nowhere/hta.db can't be opened: No such file or directory. Make its folder"),
    ],
)
async def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(tmp_path: Path, address: str, said: str) -> None:
    told = await ended(tmp_path, "run", GOOD | {"database_url": address, "hta_key_dir": "keys"})

    assert told.status == 2
    assert said in told.err
    assert "Traceback" not in told.err
    assert "pass-phrase" not in told.err


async def test_migrate_makes_the_database(tmp_path: Path) -> None:
    told = await ended(tmp_path, "migrate", GOOD)

    assert (told.status, told.err) == (0, "")
    assert (tmp_path / "hta.db").stat().st_size > 0


async def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        told = await ended(tmp_path, "run", GOOD | {"port": str(port)})

    assert told.status not in (0, None)
    assert "Traceback" not in told.err
    assert f"PORT {port} can't be used: Address already in use" in told.err


async def test_a_second_process_on_the_same_file_is_refused(tmp_path: Path) -> None:
    async with beside(tmp_path) as here:
        told = [await ended(tmp_path, word, GOOD) for word in ("run", "migrate")]
        assert await here.bot.page("/healthz") == 200

    for one in told:
        assert one.status == 2
        assert "Another process has the database" in one.err
        assert "Traceback" not in one.err


async def test_it_comes_up_while_slack_cannot_be_reached_and_works_once_it_can(tmp_path: Path) -> None:
    sandbox = Sandbox(hospital(), read_manifest(ROOT / "manifest.yml"), bot_url="")
    port = free_port()
    tokens = {"slack_bot_token": sandbox.tokens.bot, "slack_signing_secret": sandbox.tokens.signing_secret}
    bot = BotProcess(tmp_path, tokens | {"slack_api_url": f"http://127.0.0.1:{port}/api/"})
    sandbox.server.http.url = bot.events_url
    try:
        await bot.start()
        assert await bot.page("/readyz") == 503
        await sandbox.server.start(port)
        try:
            await bot.until("/readyz", 200)
            done = await sandbox.person(STAFF[0]).command("/hta")
            await sandbox.reacted(done)
            assert "No self-assessment is open right now" in sandbox.person(STAFF[0]).sees(ALL_STAFF)[-1].text
        finally:
            await sandbox.server.stop()
        assert await bot.stop() == 0
    finally:
        await bot.kill()
    assert "Traceback" not in bot.said


@pytest.mark.parametrize("fault", [Fault.DROPPED, 503])
async def test_slack_may_stumble_at_the_start(tmp_path: Path, fault: Fault | int) -> None:
    async with beside(tmp_path, starts=False) as here:
        here.sandbox.faults.plan("auth.test", fault)
        await here.bot.start()

        await here.bot.until("/readyz", 200)


async def test_what_was_acknowledged_before_sigterm_is_there_after_the_next_start(tmp_path: Path) -> None:
    async with beside(tmp_path) as here:
        await here.start_round()
        nurse = here.person(STAFF[0])
        await here.begin(nurse)
        await here.answer(nurse, "12")
        assert (await nurse.press("Always")).error is None

        assert await here.bot.stop() == 0
        assert "Item 4 of 62" in nurse.dm[-1].text, "what was under way was finished"
        await here.bot.start()
        await here.command(nurse, "/hta")

        assert item_shown(nurse) == 4
