"""`labelbot export` of a million answers, compared with a bare cursor."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import data, processes
from tests.benchmarks.bot_process import run_labelbot
from tests.benchmarks.large.crowded_database import open_crowded_database
from tests.benchmarks.large.sizes import LargeSize
from tests.benchmarks.report import Section, Target, format_mb, format_ratio, format_seconds

DESCRIPTION = """
The time that `labelbot export --aggregate none` takes for {answers:,} preferences, including the
start of the process: JSON Lines, Parquet, a manifest and a dataset card. The floor writes the rows
of the same join from a bare cursor to one file.
"""

COLUMNS = ("", "time", "of the floor", "peak memory")

LIMIT, LIMIT_MEGABYTES = 4.0, 250.0
"""Targets: the time of the export relative to the floor, and its peak memory."""


def measure(size: LargeSize, folder: Path) -> Section:
    """Measure the export of an answered campaign."""
    path, url = folder / "export.db", f"sqlite:///{folder}/export.db"
    with open_crowded_database(url, folder, size.exported):
        pass
    bare = ("-m", "tests.benchmarks.bare_export", str(path), str(folder / "bare"))
    floor = processes.run_python(*bare)
    exports = folder / "exports"
    process = run_labelbot(
        url, "export", data.CAMPAIGN, "--aggregate", "none", "--to", str(exports)
    )
    ratio, megabytes = process.seconds / floor.seconds, process.peak_bytes / 1_000_000
    rows = [
        (
            "*floor:* a bare cursor",
            format_seconds(floor.seconds),
            "1.00",
            format_mb(floor.peak_bytes),
        ),
        (
            "export",
            format_seconds(process.seconds),
            format_ratio(ratio),
            format_mb(process.peak_bytes),
        ),
    ]
    answers = f"{size.exported.answers:,}"
    targets = [
        Target(
            f"export of {answers} preferences, relative to a bare cursor",
            f"{LIMIT:.2f}",
            format_ratio(ratio),
            ratio <= LIMIT,
        ),
        Target(
            f"export of {answers} preferences: peak memory",
            f"{LIMIT_MEGABYTES:.0f} MB",
            format_mb(process.peak_bytes),
            megabytes <= LIMIT_MEGABYTES,
        ),
    ]
    description = DESCRIPTION.format(answers=size.exported.answers)
    return Section("Export", description, COLUMNS, rows, targets)
