"""Sizes of the benchmarks: full for measurements, small for a test that they run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchmarkSize:
    """How much a run of the benchmarks measures.

    Attributes:
        clicks: clicks in one burst; each is on the task of a different expert.
        rounds: measured rounds of bursts.
        warmup_rounds: rounds before the measured ones.
        rows: rows of the import and of the export.
        starts: starts of the bot.
        idle_seconds: seconds before memory is measured.
        next_task_clicks: measured clicks, one after the other.
        home_tabs: Home tabs that are opened.
        page_clicks: clicks in the browser, one after the other.
        messages: messages of the conversation that the browser shows.
        is_full: whether PostgreSQL and Socket Mode are measured too.
    """

    clicks: int
    rounds: int
    warmup_rounds: int
    rows: int
    starts: int
    idle_seconds: float
    next_task_clicks: int
    home_tabs: int
    page_clicks: int
    messages: int
    is_full: bool


FULL_SIZE = BenchmarkSize(
    clicks=1_000,
    rounds=3,
    warmup_rounds=1,
    rows=100_000,
    starts=4,
    idle_seconds=5,
    next_task_clicks=500,
    home_tabs=500,
    page_clicks=20,
    messages=2_000,
    is_full=True,
)

SMALL_SIZE = BenchmarkSize(
    clicks=32,
    rounds=1,
    warmup_rounds=0,
    rows=200,
    starts=1,
    idle_seconds=0,
    next_task_clicks=8,
    home_tabs=8,
    page_clicks=2,
    messages=20,
    is_full=False,
)
