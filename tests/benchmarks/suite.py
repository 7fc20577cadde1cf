"""The benchmarks, by name, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import answers, exports, imports, next_task, sandbox_page, startup
from tests.benchmarks.report import Section
from tests.benchmarks.sizes import BenchmarkSize

Benchmark = Callable[[BenchmarkSize, Path], Section]
"""Measures so much in an empty folder."""

BENCHMARKS: dict[str, Benchmark] = {
    "clicks": answers.measure,
    "turning": next_task.measure,
    "importing": imports.measure,
    "exporting": exports.measure,
    "starting": startup.measure,
    "page": sandbox_page.measure,
}
