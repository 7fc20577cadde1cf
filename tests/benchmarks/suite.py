"""The benchmarks by name, in the order of their sections on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import (
    answers,
    exports,
    home_tabs,
    import_stages,
    imports,
    next_task,
    sandbox_page,
    startup,
)
from tests.benchmarks.report import Section
from tests.benchmarks.sizes import BenchmarkSize

Benchmark = Callable[[BenchmarkSize, Path], Section]
"""Runs a benchmark of this size in an empty folder."""

BENCHMARKS: dict[str, Benchmark] = {
    "answers": answers.measure,
    "next_task": next_task.measure,
    "imports": imports.measure,
    "import_stages": import_stages.measure,
    "exports": exports.measure,
    "home_tabs": home_tabs.measure,
    "startup": startup.measure,
    "sandbox_page": sandbox_page.measure,
}
