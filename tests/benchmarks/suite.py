"""The benchmarks, by name, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import clicks, exporting, importing, page, starting, turning
from tests.benchmarks.report import Section
from tests.benchmarks.sizes import Size

Benchmark = Callable[[Size, Path], Section]
"""Measures so much in an empty folder."""

BENCHMARKS: dict[str, Benchmark] = {
    "clicks": clicks.measure,
    "turning": turning.measure,
    "importing": importing.measure,
    "exporting": exporting.measure,
    "starting": starting.measure,
    "page": page.measure,
}
