"""`labelbot import` of many pairs, compared with a program that only reads the file."""

from __future__ import annotations

from pathlib import Path

from bot.services.imports.import_batch import BATCH_SIZE
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

MAX_MEMORY_BYTES = 150_000_000
"""The limit for the peak memory of an import."""

MAX_RATIO = 16.0
"""The limit for the time of an import, relative to that of reading and decoding the file."""

FLOOR_PROGRAM = "import orjson, sys\nfor line in open(sys.argv[1], 'rb'): orjson.loads(line)"

DESCRIPTION = """
The time that `labelbot import` takes for {rows:,} comparison rows ({size:.0f} MB of JSON Lines)
into SQLite, including the start of the process. Every row is validated, compared with existing
items, and stored as an item with two candidates and a task. A transaction has {batch} rows, so that
the bot can store answers in between. The floor is a program that reads the file line by line with
`orjson.loads`. One process reads and checks the rows while another one stores them: the processor
time and the memory are those of both. On a busy machine, the time is longer.

Inserting the same rows with prepared statements of SQLite alone, without reading or checking them,
takes about 10 times the floor. So the limit of 16 leaves little for everything else.
"""

COLUMNS = ("", "time", "of the floor", "processor time", "rows", "peak memory")


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure the import of rows into an empty campaign."""
    path, url = folder / "import.jsonl", f"sqlite:///{folder}/import.db"
    data.write_pairs(path, size.rows)
    with data.open_campaign(url, data.expert_ids(1)):
        floor = processes.run_python("-c", FLOOR_PROGRAM, str(path))
        import_process = run_labelbot(url, "import", data.CAMPAIGN, str(path))
    rows = [
        _build_row("*floor:* reading the file", floor, floor, size),
        _build_row("import", import_process, floor, size),
    ]
    megabytes = path.stat().st_size / 1e6
    description = DESCRIPTION.format(rows=size.rows, size=megabytes, batch=BATCH_SIZE)
    ratio = import_process.seconds / floor.seconds
    subject = f"import of {size.rows:,} rows"
    peak = import_process.peak_bytes
    targets = [
        Target(
            f"{subject}: time relative to reading the file",
            format_ratio(MAX_RATIO),
            format_ratio(ratio),
            ratio <= MAX_RATIO,
        ),
        Target(
            f"{subject}: peak memory",
            format_mb(MAX_MEMORY_BYTES),
            format_mb(peak),
            peak <= MAX_MEMORY_BYTES,
        ),
    ]
    return Section("Import", description, COLUMNS, rows, targets)


def _build_row(
    name: str, process: FinishedProcess, floor: FinishedProcess, size: BenchmarkSize
) -> tuple[str, ...]:
    rate = format_rate(size.rows / process.seconds)
    return (
        name,
        format_seconds(process.seconds),
        format_ratio(process.seconds / floor.seconds),
        format_seconds(process.processor_seconds),
        rate,
        format_mb(process.peak_bytes),
    )
