"""Prints a table of the simulated coverage after `make check-statistics`: a plugin of pytest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from pytest import Config, TerminalReporter  # noqa: PT013 - its public names

PROPERTY = "coverage"
"""Name of the property that a check records: a coefficient, the number of items, the share of runs
in which the interval contains the true value."""

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
    """Print the lowest and the mean coverage by coefficient and number of items."""
    found: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    outcomes: tuple[Literal["passed", "failed"], ...] = ("passed", "failed")
    for report in (one for outcome in outcomes for one in terminalreporter.getreports(outcome)):
        for key, value in report.user_properties:
            if key == PROPERTY:
                name, items, share = value
                found[name, items].append(share)
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
