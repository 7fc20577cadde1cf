"""`labelbot export` of many answers, beside a bare cursor."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import processes, stock
from tests.benchmarks.labelbots import labelbot
from tests.benchmarks.processes import Ran
from tests.benchmarks.report import Section, mb, per_second, ratio, s
from tests.benchmarks.sizes import Size

EXPERTS = 20

WORDS = """
`labelbot export` of {rows:,} answers by {experts} experts from SQLite, from the start of the
process to its end: preference pairs with the order undone, as JSON Lines and as Parquet, with the
manifest and the card, all on disk. The floor is a program that writes the rows of the same join, as
they come from a bare cursor, into one file.
"""

COLUMNS = ("", "time", "of the floor", "rows", "peak memory")


def measure(size: Size, folder: Path) -> Section:
    """Measure an export of a campaign where everything is answered."""
    path, url = folder / "export.db", f"sqlite:///{folder}/export.db"
    with stock.campaign(url, stock.people(EXPERTS)) as database:
        stock.fill(database, folder / "export.jsonl", size.rows)
        stock.answer(database)
    floor = processes.run("-m", "tests.benchmarks.bare_export", str(path), str(folder / "bare"))
    done = labelbot(url, "export", stock.CAMPAIGN, "--to", str(folder / "exports"))
    _check(folder / "exports", size.rows)
    rows = [_row("*floor:* a bare cursor", floor, floor, size), _row("export", done, floor, size)]
    words = WORDS.format(rows=size.rows, experts=EXPERTS)
    return Section("An export", words, COLUMNS, rows)


def _check(exports: Path, rows: int) -> None:
    """Count the lines of the export.

    Raises:
        AssertionError: they are not as many as there are answers.
    """
    (data,) = exports.glob("*/data.jsonl")
    with data.open("rb") as file:
        found = sum(1 for _ in file)
    if found != rows:
        message = f"{rows:,} answers became {found:,} rows"
        raise AssertionError(message)


def _row(name: str, ran: Ran, floor: Ran, size: Size) -> tuple[str, ...]:
    rate = per_second(size.rows / ran.seconds)
    return name, s(ran.seconds), ratio(ran.seconds / floor.seconds), rate, mb(ran.peak)
