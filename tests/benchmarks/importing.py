"""`labelbot import` of many pairs, beside a program that only reads the file."""

from __future__ import annotations

from pathlib import Path

from bot.services import importing
from tests.benchmarks import processes, stock
from tests.benchmarks.labelbots import labelbot
from tests.benchmarks.processes import Ran
from tests.benchmarks.report import Promise, Section, mb, per_second, ratio, s
from tests.benchmarks.sizes import Size

MOST = 200_000_000
"""Bytes that an import may take."""

FLOOR = "import orjson, sys\nfor line in open(sys.argv[1], 'rb'): orjson.loads(line)"

WORDS = """
`labelbot import` of {rows:,} comparison rows ({size:.0f} MB of JSON Lines) into SQLite, from the
start of the process to its end: every row read, checked, its text compared with what is there, and
stored as an item with two candidates and a task, {batch} to a transaction so that clicks are stored
in between. The floor is a program that reads the file line by line with `orjson.loads`.
"""

COLUMNS = ("", "time", "of the floor", "rows", "peak memory")


def measure(size: Size, folder: Path) -> Section:
    """Measure an import into an empty campaign."""
    path, url = folder / "import.jsonl", f"sqlite:///{folder}/import.db"
    stock.write_pairs(path, size.rows)
    with stock.campaign(url, stock.people(1)):
        floor = processes.run("-c", FLOOR, str(path))
        done = labelbot(url, "import", stock.CAMPAIGN, str(path))
    rows = [
        _row("*floor:* reading the file", floor, floor, size),
        _row("import", done, floor, size),
    ]
    megabytes = path.stat().st_size / 1e6
    words = WORDS.format(rows=size.rows, size=megabytes, batch=importing.BATCH)
    promise = Promise(
        f"importing {size.rows:,} rows: peak memory", mb(MOST), mb(done.peak), done.peak < MOST
    )
    return Section("An import", words, COLUMNS, rows, [promise])


def _row(name: str, ran: Ran, floor: Ran, size: Size) -> tuple[str, ...]:
    rate = per_second(size.rows / ran.seconds)
    return name, s(ran.seconds), ratio(ran.seconds / floor.seconds), rate, mb(ran.peak)
