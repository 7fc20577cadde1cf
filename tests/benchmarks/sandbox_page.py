"""The sandbox page in a browser: a click through the bot, and the first paint of many messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from playwright.sync_api import Page, sync_playwright

from bot.demo import SAMPLE_CAMPAIGNS, Demo, DemoConfig, run_demo
from tests import chromium
from tests.benchmarks.report import Section, format_ms, format_ratio
from tests.benchmarks.sizes import BenchmarkSize

TIMEOUT_SECONDS = 30.0
"""Seconds for the next task to appear."""

BUTTON_SELECTOR = ".message button:has-text('A is better')"
BUTTON_SCRIPT = (
    "[...document.querySelectorAll('.message button')].find((b) => b.textContent === 'A is better')"
)
"""A script expression for the same button."""

FIRST_PAINT_SCRIPT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"

FLOOR_PAGE = """\
<div class="message">
<button data-element="0" onclick="this.dataset.element++">A is better</button>
</div>
"""
"""A page with one button that counts its clicks."""

DESCRIPTION = """
The workspace of `labelbot demo` in Chromium, controlled by Playwright. First an expert answers
{clicks} tasks. The time of a click includes the page, the sandbox and the bot, until the next task
is shown. Then a conversation of {messages:,} messages is opened, and the time to the first
contentful paint is read. The floor is a page with one button that counts its clicks, so it measures
only the browser and Playwright.
"""

NO_CHROMIUM = "\nThis machine has no Chromium, so nothing was measured.\n"

COLUMNS = ("", "median", "of the floor")


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure the page, if this machine has Chromium."""
    description = DESCRIPTION.format(clicks=size.page_clicks, messages=size.messages)
    if chromium.PATH is None:
        return Section("Sandbox page", description + NO_CHROMIUM, COLUMNS, ())
    with _start_demo(folder) as demo, _open_browser_page() as page:
        page.goto(_write_floor_page(folder))
        floor_paint, floor_click = (
            _first_paint_seconds(page),
            _median_click_seconds(page, size.page_clicks),
        )
        page.goto(f"{demo.sandbox.url}/?as={demo.experts[0].id}")
        bot_click = _median_click_seconds(page, size.page_clicks)
        bot_paint = _time_conversation_paint(page, demo, size.messages)
    rows = [
        ("*floor:* click on the counting button", format_ms(floor_click), format_ratio(1)),
        (
            "click answered by the bot",
            format_ms(bot_click),
            format_ratio(bot_click / floor_click),
        ),
        ("*floor:* first paint of the counting button", format_ms(floor_paint), format_ratio(1)),
        (
            f"first paint of {size.messages:,} messages",
            format_ms(bot_paint),
            format_ratio(bot_paint / floor_paint),
        ),
    ]
    return Section("Sandbox page", description, COLUMNS, rows)


@contextmanager
def _start_demo(folder: Path) -> Iterator[Demo]:
    config = DemoConfig(
        database_url=f"sqlite:///{folder}/page.db",
        exports_dir=folder,
        campaigns=[SAMPLE_CAMPAIGNS["comparison"]],
        expert_count=3,
        overlap=3,
        has_rate_limits=False,
    )
    with run_demo(config) as demo:
        yield demo


@contextmanager
def _open_browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.ARGUMENTS)
        yield browser.new_page()
        browser.close()


def _write_floor_page(folder: Path) -> str:
    path = folder / "empty.html"
    path.write_text(FLOOR_PAGE, encoding="utf-8")
    return path.as_uri()


def _median_click_seconds(page: Page, count: int) -> float:
    """Return the median seconds from a click until the page shows another task's button."""
    return median(_time_click(page) for _ in range(count))


def _time_click(page: Page) -> float:
    page.wait_for_selector(BUTTON_SELECTOR)
    element = page.evaluate(f"{BUTTON_SCRIPT}.dataset.element")
    started = perf_counter()
    page.click(BUTTON_SELECTOR)
    _wait_until(lambda: page.evaluate(f"{BUTTON_SCRIPT}?.dataset.element") not in {None, element})
    return perf_counter() - started


def _time_conversation_paint(page: Page, demo: Demo, messages: int) -> float:
    person = demo.experts[1]
    for number in range(messages):
        person.send_message(f"Message *{number}* of many.")
    page.goto(f"{demo.sandbox.url}/?as={person.id}")
    page.wait_for_selector("body[data-live]")
    return _first_paint_seconds(page)


def _first_paint_seconds(page: Page) -> float:
    """Return the time of the page's first contentful paint in seconds."""
    _wait_until(lambda: page.evaluate(FIRST_PAINT_SCRIPT))
    return float(page.evaluate(FIRST_PAINT_SCRIPT)) / 1000


def _wait_until(is_ready: Callable[[], bool]) -> None:
    deadline = perf_counter() + TIMEOUT_SECONDS
    while not is_ready():
        if perf_counter() > deadline:
            message = "the page did not change in time"
            raise TimeoutError(message)
        sleep(0.001)
