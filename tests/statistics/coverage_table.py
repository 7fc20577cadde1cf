"""Prints the simulated figures after `make check-statistics`: a plugin of pytest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from pytest import Config, TerminalReporter  # noqa: PT013 - its public names

PROPERTY = "coverage"
"""Name of the property that a check records: a coefficient, the number of items, the share of runs
in which the interval contains the true value."""

ROW_PROPERTY = "row"
"""Name of the property that has a row of the table of experts who are found or reported."""

RecordProperty = Callable[[str, object], None]


def record_coverage(record: RecordProperty, items: int, shares: Mapping[str, float]) -> None:
    """Record the coverage of each coefficient at a number of items."""
    for name, share in shares.items():
        record(PROPERTY, (name, items, share))


def pytest_terminal_summary(
    terminalreporter: TerminalReporter,
    exitstatus: int,  # noqa: ARG001 - the hook names its arguments
    config: Config,  # noqa: ARG001 - likewise
) -> None:
    """Print who is found, and the lowest and the mean coverage by coefficient and items."""
    found: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    rows: list[str] = []
    outcomes: tuple[Literal["passed", "failed"], ...] = ("passed", "failed")
    for report in (one for outcome in outcomes for one in terminalreporter.getreports(outcome)):
        for key, value in report.user_properties:
            if key == PROPERTY:
                name, items, share = value
                found[name, items].append(share)
            if key == ROW_PROPERTY:
                rows.append(f"| {' | '.join(value)} |")
    if rows:
        terminalreporter.section("experts found or reported")
        for row in sorted(rows):
            terminalreporter.line(row)
    if found:
        terminalreporter.section("coverage of 95% intervals")
        for line in format_table(found):
            terminalreporter.line(line)


def format_table(found: Mapping[tuple[str, int], Iterable[float]]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = [
        "| coefficient | items | campaigns of 500 | lowest | mean |",
        "| --- | --- | --- | --- | --- |",
    ]
    for (name, items), given in sorted(found.items()):
        shares = list(given)
        mean = sum(shares) / len(shares)
        lines.append(f"| {name} | {items} | {len(shares)} | {min(shares):.1%} | {mean:.1%} |")
    return lines
