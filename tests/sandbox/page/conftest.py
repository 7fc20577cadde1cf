"""Fixtures of the page tests: a Chromium, a sandbox, and a sandbox with the bot."""

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
"""Milliseconds to wait for an element, long enough for a busy machine."""

expect.set_options(timeout=TIMEOUT_MS)

OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Return the browser shared by all tests of this process."""
    if chromium.PATH is None:
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium.PATH, args=chromium.ARGUMENTS
        )
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Return a function that opens a page.

    The test fails if a page logs an error or warning, or requests something from another host.
    """
    problems: list[str] = []
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
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: _record_console(problems, message.type, message.text))
        page.on("request", lambda request: _record_foreign_host(problems, request.url))
        await page.goto(url)
        return page

    yield open_in_new_context
    for context in contexts:
        await context.close()
    assert problems == []


def _record_console(problems: list[str], kind: str, text: str) -> None:
    expected = "Failed to load resource: the server responded"  # the page shows this error
    if kind in {"error", "warning"} and not text.startswith(expected):
        problems.append(text)


def _record_foreign_host(problems: list[str], url: str) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        problems.append(f"request to {url}")


@pytest.fixture
def sandbox(open_sandbox: Callable[..., Sandbox]) -> Sandbox:
    """Return a sandbox without rate limits, in which apps have one second to acknowledge."""
    return open_sandbox(ack_timeout=1.0)


@pytest.fixture
def journey(sqlite_url: str, tmp_path: Path) -> Iterator[Journey]:
    """Return a sandbox on a Monday morning in London, in which the bot is not started yet."""
    clock = AdjustableClock(MONDAY_MORNING)
    with Sandbox(manifest=our_manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        created = Journey(sandbox, sqlite_url, tmp_path, "socket", clock)
        yield created
        created.stop_bot()
        created.database.close()
