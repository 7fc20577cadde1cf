"""`labelbot export` of many answers, beside a bare cursor."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import data, processes
from tests.benchmarks.bot_process import run_labelbot
from tests.benchmarks.processes import FinishedProcess
from tests.benchmarks.report import Section, format_mb, format_rate, format_ratio, format_seconds
from tests.benchmarks.sizes import BenchmarkSize

EXPERT_COUNT = 20

DESCRIPTION = """
`labelbot export` of {rows:,} answers by {experts} experts from SQLite, from the start of the
process to its end: preference pairs with the order undone, as JSON Lines and as Parquet, with the
manifest and the card, all on disk. The floor is a program that writes the rows of the same join, as
they come from a bare cursor, into one file.
"""

COLUMNS = ("", "time", "of the floor", "rows", "peak memory")


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure an export of a campaign where everything is answered."""
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
    return Section("An export", description, COLUMNS, rows)


def _check_row_count(exports: Path, rows: int) -> None:
    """Count the lines of the export.

    Raises:
        AssertionError: they are not as many as there are answers.
    """
    (data_file,) = exports.glob("*/data.jsonl")
    with data_file.open("rb") as file:
        row_count = sum(1 for _ in file)
    if row_count != rows:
        message = f"{rows:,} answers became {row_count:,} rows"
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
