"""What do browser tests need? A Chromium of this machine, a workspace with its page, and a small bot that remembers."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from counterpart import Counterpart, workspace
from sandbox.people import hospital
from screens import DESK, PHONE, opened

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is. Without one the test is skipped, or fails where HTA_REQUIRE_BROWSER=1."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = (
            f"no browser on the PATH (looked for {', '.join(BROWSERS)}); install Chromium or Chrome to run this test"
        )
        if os.environ.get("HTA_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        await launched.close()


# One browser serves all: starting one takes longer than most tests. So all of them run in its event loop.
@pytest_asyncio.fixture(loop_scope="session")
async def bot(tmp_path: Path) -> AsyncIterator[Counterpart]:
    async with workspace(hospital(), tmp_path) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, bot: Counterpart) -> AsyncIterator[Page]:
    async with opened(browser, DESK) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, bot: Counterpart) -> AsyncIterator[Page]:
    async with opened(browser, PHONE) as made:
        yield made
