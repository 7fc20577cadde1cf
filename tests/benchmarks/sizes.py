"""How much is measured: all of it, or just enough to see that the measuring works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchmarkSize:
    """How much of everything.

    Attributes:
        clicks: in one volley; as many experts hold one task each.
        rounds: volleys of each kind that count.
        warm: rounds before those that count.
        rows: of an import and of an export.
        starts: how often the bot is started.
        idle: seconds before memory is looked at.
        turns: clicks one after the other.
        pages: clicks one after the other in a browser.
        messages: in the conversation that a browser paints.
        all_ways: whether PostgreSQL and Socket Mode take part.
    """

    clicks: int
    rounds: int
    warmup_rounds: int
    rows: int
    starts: int
    idle_seconds: float
    next_task_clicks: int
    page_clicks: int
    messages: int
    is_full: bool


FULL_SIZE = BenchmarkSize(
    clicks=2_000,
    rounds=3,
    warmup_rounds=1,
    rows=100_000,
    starts=5,
    idle_seconds=10,
    next_task_clicks=500,
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
    page_clicks=2,
    messages=20,
    is_full=False,
)
