"""The performance page: a table of targets, then a section for each benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

INTRODUCTION = """\
# Performance

`make bench` wrote this page on {day}. Figures differ between machines. Therefore each one is
compared with a *floor*, measured in the same run: the least work that any implementation has to do.
The code is in `tests/benchmarks/`.

{machine}
"""

LARGE_INTRODUCTION = """\
# Performance at a large size

`make bench-large` wrote this page on {day}. Each figure is compared with a *floor* or with a small
database, measured in the same run. [Performance](performance.md) has the figures of usual sizes.
The code is in `tests/benchmarks/large/`.

{machine}
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A limit for a figure, and whether the measured value meets it."""

    figure: str
    limit: str
    measured: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The result of one benchmark: a description in Markdown, a table, and targets."""

    title: str
    description: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    targets: Sequence[Target] = field(default_factory=tuple)


def build_page(
    sections: Sequence[Section], day: date, machine: str, introduction: str = INTRODUCTION
) -> str:
    """Return the page in Markdown."""
    targets = [target for section in sections for target in section.targets]
    parts = [
        introduction.format(day=day, machine=machine),
        _table(("target", "limit", "measured", "met"), map(_target_row, targets)),
        *(part for section in sections for part in _section_parts(section)),
    ]
    return "\n".join(parts)


def _target_row(target: Target) -> Sequence[str]:
    return target.figure, target.limit, target.measured, "yes" if target.is_met else "**no**"


def _section_parts(section: Section) -> Iterable[str]:
    yield f"## {section.title}\n"
    yield f"{section.description.strip()}\n"
    yield _table(section.columns, section.rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table. All columns except the first are right-aligned."""
    rule = ["---", *("---:" for _ in columns[1:])]
    lines = [f"| {' | '.join(cells)} |" for cells in (columns, rule, *rows)]
    return "\n".join([*lines, ""])


def format_rate(rate: float) -> str:
    """Return a rate per second."""
    return f"{rate:,.0f}/s"


def format_ms(seconds: float) -> str:
    """Return a time in milliseconds."""
    return f"{seconds * 1000:.1f} ms"


def format_us(seconds: float) -> str:
    """Return a time in microseconds."""
    return f"{seconds * 1_000_000:,.0f} µs"


def format_seconds(seconds: float) -> str:
    """Return a time in seconds."""
    return f"{seconds:.2f} s"


def format_mb(size: float) -> str:
    """Return a number of bytes in megabytes."""
    return f"{size / 1_000_000:.0f} MB"


def format_ratio(value: float) -> str:
    """Return a ratio with two decimals."""
    return f"{value:.2f}"
