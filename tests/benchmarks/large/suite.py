"""The large benchmarks by name, in the order of their sections on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.large import answers, bulk, exports, report
from tests.benchmarks.large.sizes import LargeSize
from tests.benchmarks.report import Section

LargeBenchmark = Callable[[LargeSize, Path], Section]
"""Runs a benchmark of this size in an empty folder."""

LARGE_BENCHMARKS: dict[str, LargeBenchmark] = {
    "answers": answers.measure,
    "report": report.measure,
    "exports": exports.measure,
    "bulk": bulk.measure,
}
