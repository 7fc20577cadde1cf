"""`labelbot report` of a million answers, compared with one pass of a cursor over them."""

from __future__ import annotations

from pathlib import Path

import orjson

from tests.benchmarks import data, processes
from tests.benchmarks.bot_process import run_labelbot
from tests.benchmarks.large.crowded_database import open_crowded_database
from tests.benchmarks.large.sizes import LargeSize
from tests.benchmarks.report import Section, Target, format_mb, format_ratio, format_seconds

DESCRIPTION = """
The time that `labelbot report CAMPAIGN --json` takes for {answers:,} answers by {experts} experts,
including the start of the process. It computes every figure of the report: agreement, experts,
models, items and warnings. The floor is a program that reads the same answers, with their items and
experts, from a bare cursor, and decodes them.
"""

COLUMNS = ("", "time", "of the floor", "peak memory")

LIMIT = 5.0
"""Target: the time of the report relative to the floor."""


def measure(size: LargeSize, folder: Path) -> Section:
    """Measure the report of an answered campaign."""
    path, url = folder / "report.db", f"sqlite:///{folder}/report.db"
    with open_crowded_database(url, folder, size.reported):
        pass
    floor = processes.run_python("-m", "tests.benchmarks.large.bare_pass", str(path))
    process = run_labelbot(url, "report", data.CAMPAIGN, "--json")
    _check_answers(process.output, int(floor.output), size.reported.answers)
    ratio = process.seconds / floor.seconds
    rows = [
        (
            "*floor:* a bare cursor",
            format_seconds(floor.seconds),
            "1.00",
            format_mb(floor.peak_bytes),
        ),
        (
            "report",
            format_seconds(process.seconds),
            format_ratio(ratio),
            format_mb(process.peak_bytes),
        ),
    ]
    description = DESCRIPTION.format(answers=size.reported.answers, experts=size.reported.experts)
    figure = f"report of {size.reported.answers:,} answers, relative to a pass of a cursor"
    target = Target(figure, f"{LIMIT:.2f}", format_ratio(ratio), ratio <= LIMIT)
    return Section("Report", description, COLUMNS, rows, [target])


def _check_answers(report: bytes, passed: int, answers: int) -> None:
    """Check that the floor and the report have read every answer.

    Raises:
        AssertionError: one of them has not.
    """
    reported = sum(expert["answers"] for expert in orjson.loads(report)["experts"])
    if not passed == reported == answers:
        message = f"{passed:,} answers were passed and {reported:,} reported, not {answers:,}"
        raise AssertionError(message)
