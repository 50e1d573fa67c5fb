"""On which screens is the page opened, and what may never happen there?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, expect

DESK = (1280, 800)
PHONE = (390, 844)

# A busy machine is no fault of the page.
expect.set_options(timeout=20_000)


@asynccontextmanager
async def opened(browser: Browser, size: tuple[int, int], **more: Any) -> AsyncIterator[Page]:
    """A page of its own; `more` as Playwright's new_context takes it.

    At the end the browser may not have complained, nor asked any other server.
    """
    width, height = size
    context = await browser.new_context(viewport={"width": width, "height": height}, has_touch=size == PHONE, **more)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
    page.on("request", lambda asked: None if "://127.0.0.1:" in asked.url else complaints.append(asked.url))
    yield page
    await context.close()
    assert complaints == [], f"The browser complains: {complaints}"


def _is_complaint(said: ConsoleMessage) -> bool:
    # A workspace whose clock can't be moved answers 404 there, and one that is moving 409, and the browser notes it.
    return said.type in ("error", "warning") and not said.location["url"].endswith("/clock")
