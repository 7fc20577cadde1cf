"""`labelbot export` of many answers, compared with a bare cursor."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import data, processes
from tests.benchmarks.bot_process import run_labelbot
from tests.benchmarks.processes import FinishedProcess
from tests.benchmarks.report import Section, format_mb, format_rate, format_ratio, format_seconds
from tests.benchmarks.sizes import BenchmarkSize

EXPERT_COUNT = 20

DESCRIPTION = """
The time that `labelbot export` takes for {rows:,} answers by {experts} experts from SQLite,
including the start of the process. The command writes preference pairs in imported order as JSON
Lines and Parquet, a manifest and a dataset card. The floor is a program that writes the rows of the
same join from a bare cursor to one file.
"""

COLUMNS = ("", "time", "of the floor", "rows", "peak memory")


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure the export of a fully answered campaign."""
    path, url = folder / "export.db", f"sqlite:///{folder}/export.db"
    with data.open_campaign(url, data.expert_ids(EXPERT_COUNT)) as database:
        data.import_items(database, folder / "export.jsonl", size.rows)
        data.answer_tasks(database)
    floor = processes.run_python(
        "-m", "tests.benchmarks.bare_export", str(path), str(folder / "bare")
    )
    export_process = run_labelbot(url, "export", data.CAMPAIGN, "--to", str(folder / "exports"))
    _check_row_count(folder / "exports", size.rows)
    rows = [
        _build_row("*floor:* a bare cursor", floor, floor, size),
        _build_row("export", export_process, floor, size),
    ]
    description = DESCRIPTION.format(rows=size.rows, experts=EXPERT_COUNT)
    return Section("Export", description, COLUMNS, rows)


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
