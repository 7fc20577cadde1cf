"""The table that `make faults` prints at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEADER = ("test", "cases", "failures", "repeats", "seconds")


@dataclass(slots=True)
class TestFigures:
    """Figures of one test function: its cases, and what happened in them."""

    cases: int = 0
    failures: int = 0
    repeats: int = 0
    seconds: float = 0.0


def summarize(stats: Mapping[str, Sequence[object]]) -> list[str]:
    """Return the lines of a table with a row for each test, and their total."""
    figures: dict[str, TestFigures] = {}
    for reports in stats.values():
        for report in reports:
            _count(report, figures)
    rows = [(name, *_cells(entry)) for name, entry in sorted(figures.items())]
    total = TestFigures(
        sum(entry.cases for entry in figures.values()),
        sum(entry.failures for entry in figures.values()),
        sum(entry.repeats for entry in figures.values()),
        sum(entry.seconds for entry in figures.values()),
    )
    return [_line(row) for row in (HEADER, *rows, ("total", *_cells(total)))] if rows else []


def _count(report: object, figures: dict[str, TestFigures]) -> None:
    name = getattr(report, "nodeid", "").partition("[")[0]
    phase = getattr(report, "when", None)
    if "tests/faults/" not in name or phase is None:
        return
    entry = figures.setdefault(name.rpartition("/")[2], TestFigures())
    entry.seconds += getattr(report, "duration", 0.0)
    entry.failures += getattr(report, "outcome", "") == "failed"
    if phase == "call":
        entry.cases += 1
    if phase == "teardown":
        properties = dict(getattr(report, "user_properties", ()))
        entry.repeats += int(properties.get("repeats", 0))


def _cells(entry: TestFigures) -> tuple[str, str, str, str]:
    numbers = (entry.cases, entry.failures, entry.repeats)
    return (*(f"{number:,}" for number in numbers), f"{entry.seconds:,.0f}")  # type: ignore[return-value]  # three and one


def _line(row: Sequence[str]) -> str:
    name, *cells = row
    return f"{name:<70}" + "".join(f"{cell:>10}" for cell in cells)
