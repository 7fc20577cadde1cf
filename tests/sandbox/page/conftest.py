"""What the tests of the pages share: one real Chromium, and a workspace with the bot in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.clock import AdjustableClock
from bot.sandbox import NO_LIMITS, Sandbox
from bot.slack.app_manifest import build_manifest as our_manifest
from tests import chromium
from tests.journeys.journey import MONDAY_MORNING, Journey

TIMEOUT_MS = 15_000
"""Milliseconds in which something has to appear, also on a busy machine."""

expect.set_options(timeout=TIMEOUT_MS)

OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Return a browser, the same one for all tests of this process."""
    if chromium.PATH is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium.PATH, args=chromium.ARGUMENTS
        )
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def look(browser: Browser) -> AsyncIterator[OpenPage]:
    """Return what opens a page; it must neither complain nor ask any other host for anything."""
    complaints: list[str] = []
    contexts = []

    async def open_in_new_context(url: str, *, width: int = 1280, scheme: str = "light") -> Page:
        height = 800 if width > 600 else 844
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _record_complaint(complaints, said.type, said.text))
        page.on("request", lambda asked: _record_foreign_host(complaints, asked.url))
        await page.goto(url)
        return page

    yield open_in_new_context
    for context in contexts:
        await context.close()
    assert complaints == []


def _record_complaint(complaints: list[str], kind: str, text: str) -> None:
    expected = "Failed to load resource: the server responded"  # an error shown to the person
    if kind in {"error", "warning"} and not text.startswith(expected):
        complaints.append(text)


def _record_foreign_host(complaints: list[str], url: str) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        complaints.append(f"asked {url}")


@pytest.fixture
def sandbox(open_sandbox: Callable[..., Sandbox]) -> Sandbox:
    """Return a workspace without rate limits, in which apps have a second to answer."""
    return open_sandbox(ack_within=1.0)


@pytest.fixture
def story(sqlite_url: str, tmp_path: Path) -> Iterator[Journey]:
    """Return a workspace on a Monday morning in London, where the bot is about to start."""
    clock = AdjustableClock(MONDAY_MORNING)
    with Sandbox(manifest=our_manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        created = Journey(sandbox, sqlite_url, tmp_path, "socket", clock)
        yield created
        created.stop_bot()
        created.database.close()
