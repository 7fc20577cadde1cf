"""The benchmarks run at a small size, and their page renders. No time limit is checked here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.benchmarks import report
from tests.benchmarks.large import sizes as large_sizes
from tests.benchmarks.large.suite import LARGE_BENCHMARKS
from tests.benchmarks.report import Section
from tests.benchmarks.sizes import SMALL_SIZE
from tests.benchmarks.suite import BENCHMARKS


@pytest.mark.parametrize("name", BENCHMARKS)
def test_benchmark_runs_and_its_page_renders(name: str, tmp_path: Path) -> None:
    check_page(BENCHMARKS[name](SMALL_SIZE, tmp_path), tmp_path)


@pytest.mark.parametrize("name", LARGE_BENCHMARKS)
def test_large_benchmark_runs_and_its_page_renders(name: str, tmp_path: Path) -> None:
    check_page(LARGE_BENCHMARKS[name](large_sizes.SMALL_SIZE, tmp_path), tmp_path)


def check_page(section: Section, folder: Path) -> None:
    page = report.build_page([section], date(2026, 11, 23), "A machine.")
    table_lines = [line for line in page.splitlines() if line.startswith("|")]
    assert len(table_lines) == 2 + len(section.targets) + 2 + len(section.rows)
    assert all(len(row) == len(section.columns) for row in section.rows)
    assert str(folder) not in page
