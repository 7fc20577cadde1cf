"""Sizes of the large benchmarks: full for measurements, small for a test that they run."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.large.crowded_database import Crowd


@dataclass(frozen=True, slots=True)
class BulkSize:
    """How much bulk work there is while experts answer.

    Attributes:
        databases: those that are measured.
        crowd: the database whose answers are read; it has three experts for each click.
        pushed: items that are pushed.
        rate: answers a second.
        clicks: answers in each phase, at most.
    """

    databases: tuple[str, ...]
    crowd: Crowd
    pushed: int
    rate: int
    clicks: int


@dataclass(frozen=True, slots=True)
class LargeSize:
    """How much a run measures.

    Attributes:
        small, many_items, many_answers: the databases in which answers are measured.
        reported: the database of the report.
        exported: the database of the export.
        bulk: the bulk work while experts answer.
        clicks: next tasks and answers in each round.
        rounds: rounds of answers.
    """

    small: Crowd
    many_items: Crowd
    many_answers: Crowd
    reported: Crowd
    exported: Crowd
    bulk: BulkSize
    clicks: int
    rounds: int


FULL_SIZE = LargeSize(
    small=Crowd(items=6_000, experts=20, overlap=5, answered_items=2_000),
    many_items=Crowd(items=1_000_000, experts=2_000, overlap=5),
    many_answers=Crowd(items=1_010_000, experts=2_000, overlap=5, answered_items=1_000_000),
    reported=Crowd(items=200_000, experts=50, overlap=5, answered_items=200_000),
    exported=Crowd(items=1_000_000, experts=20, overlap=1, answered_items=1_000_000),
    bulk=BulkSize(
        databases=("SQLite", "PostgreSQL"),
        crowd=Crowd(items=210_000, experts=7_200, overlap=5, answered_items=200_000),
        pushed=100_000,
        rate=20,
        clicks=2_400,
    ),
    clicks=1_000,
    rounds=3,
)

SMALL_SIZE = LargeSize(
    small=Crowd(items=1_000, experts=4, overlap=2, answered_items=10),
    many_items=Crowd(items=2_000, experts=8, overlap=2),
    many_answers=Crowd(items=2_000, experts=8, overlap=2, answered_items=1_000),
    reported=Crowd(items=1_000, experts=4, overlap=2, answered_items=1_000),
    exported=Crowd(items=1_000, experts=4, overlap=1, answered_items=1_000),
    bulk=BulkSize(
        databases=("SQLite",),
        crowd=Crowd(items=2_000, experts=60, overlap=2, answered_items=1_000),
        pushed=600,
        rate=40,
        clicks=20,
    ),
    clicks=4,
    rounds=1,
)
