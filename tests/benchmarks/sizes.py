"""How much is measured: all of it, or just enough to see that the measuring works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
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
    warm: int
    rows: int
    starts: int
    idle: float
    turns: int
    pages: int
    messages: int
    all_ways: bool


FULL = Size(
    clicks=2_000,
    rounds=3,
    warm=1,
    rows=100_000,
    starts=5,
    idle=10,
    turns=500,
    pages=20,
    messages=2_000,
    all_ways=True,
)

SMALL = Size(
    clicks=32,
    rounds=1,
    warm=0,
    rows=200,
    starts=1,
    idle=0,
    turns=8,
    pages=2,
    messages=20,
    all_ways=False,
)
