"""`labelbot export` of many answers, compared with a bare cursor."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import data, processes
from tests.benchmarks.bot_process import run_labelbot
from tests.benchmarks.processes import FinishedProcess
from tests.benchmarks.report import (
    Section,
    Target,
    format_mb,
    format_rate,
    format_ratio,
    format_seconds,
)
from tests.benchmarks.sizes import BenchmarkSize

EXPERT_COUNT = 20

DESCRIPTION = """
The time that `labelbot export` takes for {rows:,} answers by {experts} experts from SQLite,
including the start of the process. The command writes preference pairs in imported order as JSON
Lines and Parquet, a manifest, a dataset card and the leaderboard of the models: a row for each
answer with `--aggregate none`, else a row for each item. The floor is a program that writes the
rows of the same join from a bare cursor to one file.
"""

COLUMNS = ("", "time", "of the floor", "rows", "peak memory")

LIMITS = {"none": 5.0, "majority": 8.0}
"""Targets: the time of an export relative to the floor, by aggregation."""


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure the export of a fully answered campaign."""
    path, url = folder / "export.db", f"sqlite:///{folder}/export.db"
    with data.open_campaign(url, data.expert_ids(EXPERT_COUNT)) as database:
        data.import_items(database, folder / "export.jsonl", size.rows)
        data.answer_tasks(database)
    floor = processes.run_python(
        "-m", "tests.benchmarks.bare_export", str(path), str(folder / "bare")
    )
    rows, targets = [_build_row("*floor:* a bare cursor", floor, floor, size)], []
    for aggregate, limit in LIMITS.items():
        exports = folder / f"exports-{aggregate}"
        options = ("--aggregate", aggregate, "--to", str(exports))
        finished = run_labelbot(url, "export", data.CAMPAIGN, *options)
        _check_row_count(exports, size.rows)
        name = f"export, aggregation {aggregate}"
        rows.append(_build_row(name, finished, floor, size))
        targets.append(_build_target(f"{name}, relative to a bare cursor", limit, finished, floor))
    description = DESCRIPTION.format(rows=size.rows, experts=EXPERT_COUNT)
    return Section("Export", description, COLUMNS, rows, targets)


def _build_target(
    figure: str, limit: float, finished: FinishedProcess, floor: FinishedProcess
) -> Target:
    ratio = finished.seconds / floor.seconds
    return Target(figure, f"{limit:.2f}", format_ratio(ratio), ratio <= limit)


def _check_row_count(exports: Path, rows: int) -> None:
    """Check that the export has one line per answer.

    Raises:
        AssertionError: the numbers differ.
    """
    (data_file,) = exports.glob("*/data.jsonl")
    with data_file.open("rb") as file:
        row_count = sum(1 for _ in file)
    if row_count != rows:
        message = f"the export of {rows:,} answers has {row_count:,} rows"
        raise AssertionError(message)


def _build_row(
    name: str, process: FinishedProcess, floor: FinishedProcess, size: BenchmarkSize
) -> tuple[str, ...]:
    rate = format_rate(size.rows / process.seconds)
    return (
        name,
        format_seconds(process.seconds),
        format_ratio(process.seconds / floor.seconds),
        rate,
        format_mb(process.peak_bytes),
    )
