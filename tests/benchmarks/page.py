"""The pages of the sandbox: how soon a busy conversation is painted, and how soon a click is back.

`measure()` runs the demo with a real Chromium and returns (what, value, unit); without a Chromium
it returns nothing.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bot.demo import STOCKS, Demo, Plan, running

MESSAGES = 2_000
CLICKS = 20
PATIENCE = 10.0
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
BETTER = ".message button:has-text('A is better')"
FOUND = (
    "[...document.querySelectorAll('.message button')].find((b) => b.textContent === 'A is better')"
)
"""The same button, as a script finds it."""

Measured = tuple[str, float, str]


def measure() -> list[Measured]:
    """Return the times of a first paint and of a click through the bot and back."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return []
    with _demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page()
        found = [*_clicks(page, demo), *_paint(page, demo)]
        browser.close()
    return found


@contextmanager
def _demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(
            database_url=f"sqlite:///{folder}/labelbot.db",
            exports=Path(folder),
            stocks=[STOCKS["comparison"]],
            experts=3,
            overlap=3,
            limits=False,
        )
        with running(plan) as demo:
            yield demo


def _clicks(page: Page, demo: Demo) -> Iterator[Measured]:
    """Answer tasks, each time until the next one is there."""
    page.goto(f"{demo.sandbox.url}/?as={demo.experts[0].id}")
    took = [_click(page) for _number in range(CLICKS)]
    yield "a click through the bot and back, median", median(took) * 1000, "ms"


def _click(page: Page) -> float:
    page.wait_for_selector(BETTER)
    known = page.evaluate(f"{FOUND}.dataset.at")
    began = time.perf_counter()
    page.click(BETTER)
    while page.evaluate(f"{FOUND}?.dataset.at") in {None, known}:
        if time.perf_counter() - began > PATIENCE:
            message = "the next task does not come"
            raise TimeoutError(message)
        time.sleep(0.001)
    return time.perf_counter() - began


def _paint(page: Page, demo: Demo) -> Iterator[Measured]:
    person = demo.experts[1]
    for number in range(MESSAGES):
        person.types(f"Message *{number}* of many.")
    page.goto(f"{demo.sandbox.url}/?as={person.id}")
    script = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    page.wait_for_selector("body[data-live]")
    yield f"first paint of {MESSAGES:,} messages", float(page.evaluate(script)), "ms"
