"""The pages of the sandbox: how soon a busy conversation is painted, and a click is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from playwright.sync_api import Page, sync_playwright

from bot.demo import STOCKS, Demo, Plan, running
from tests import chromium
from tests.benchmarks.report import Section, ms, ratio
from tests.benchmarks.sizes import Size

PATIENCE = 30.0
"""Seconds for the next task to appear."""

BETTER = ".message button:has-text('A is better')"
FOUND = (
    "[...document.querySelectorAll('.message button')].find((b) => b.textContent === 'A is better')"
)
"""The same button, as a script finds it."""

PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"

EMPTY = """\
<div class="message">
<button data-at="0" onclick="this.dataset.at++">A is better</button>
</div>
"""
"""A page that does nothing but count its clicks."""

WORDS = """
The pretend workspace of `labelbot demo` in Chromium, driven from outside. First an expert answers
{clicks} tasks: a click runs from the press of the button through the page, the sandbox, the bot
and back, until the next task is there. Then a conversation of {messages:,} messages is opened,
until the browser paints something of it for the first time. The floors are a page of one button,
which does nothing but count: its click takes as long as driving the browser.
"""

WITHOUT = "\nThere is no Chromium on this machine, so nothing was measured.\n"

COLUMNS = ("", "median", "of the floor")


def measure(size: Size, folder: Path) -> Section:
    """Measure the page if there is a Chromium to show it."""
    words = WORDS.format(clicks=size.pages, messages=size.messages)
    if chromium.PATH is None:
        return Section("The page", words + WITHOUT, COLUMNS, ())
    with _demo(folder) as demo, _page() as page:
        page.goto(_empty(folder))
        empty, counted = _painted(page), _clicks(page, size.pages)
        page.goto(f"{demo.sandbox.url}/?as={demo.experts[0].id}")
        clicked = _clicks(page, size.pages)
        painted = _paint(page, demo, size.messages)
    rows = [
        ("*floor:* a click that only counts", ms(counted), ratio(1)),
        ("a click through the bot and back", ms(clicked), ratio(clicked / counted)),
        ("*floor:* first paint of one button", ms(empty), ratio(1)),
        (f"first paint of {size.messages:,} messages", ms(painted), ratio(painted / empty)),
    ]
    return Section("The page", words, COLUMNS, rows)


@contextmanager
def _demo(folder: Path) -> Iterator[Demo]:
    plan = Plan(
        database_url=f"sqlite:///{folder}/page.db",
        exports=folder,
        stocks=[STOCKS["comparison"]],
        experts=3,
        overlap=3,
        limits=False,
    )
    with running(plan) as demo:
        yield demo


@contextmanager
def _page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.ARGUMENTS)
        yield browser.new_page()
        browser.close()


def _empty(folder: Path) -> str:
    path = folder / "empty.html"
    path.write_text(EMPTY, encoding="utf-8")
    return path.as_uri()


def _clicks(page: Page, count: int) -> float:
    """Return the seconds from a click until the button is another, the median of so many."""
    return median(_click(page) for _ in range(count))


def _click(page: Page) -> float:
    page.wait_for_selector(BETTER)
    known = page.evaluate(f"{FOUND}.dataset.at")
    begun = perf_counter()
    page.click(BETTER)
    _wait(lambda: page.evaluate(f"{FOUND}?.dataset.at") not in {None, known})
    return perf_counter() - begun


def _paint(page: Page, demo: Demo, messages: int) -> float:
    person = demo.experts[1]
    for number in range(messages):
        person.types(f"Message *{number}* of many.")
    page.goto(f"{demo.sandbox.url}/?as={person.id}")
    page.wait_for_selector("body[data-live]")
    return _painted(page)


def _painted(page: Page) -> float:
    """Return the seconds until the browser first painted something of this page."""
    _wait(lambda: page.evaluate(PAINTED))
    return float(page.evaluate(PAINTED)) / 1000


def _wait(ready: Callable[[], bool]) -> None:
    until = perf_counter() + PATIENCE
    while not ready():
        if perf_counter() > until:
            message = "the page does not change"
            raise TimeoutError(message)
        sleep(0.001)
