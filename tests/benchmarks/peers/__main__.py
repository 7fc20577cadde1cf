"""`python -m tests.benchmarks.peers EXECUTABLE`: write docs/performance-peers.md.

EXECUTABLE is Label Studio's command, in an environment of its own.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.benchmarks import data, report
from tests.benchmarks.__main__ import describe_machine
from tests.benchmarks.bot_process import run_labelbot
from tests.benchmarks.peers.label_studio import LabelStudio, run_server
from tests.benchmarks.report import Section, Target, format_rate, format_ratio, format_seconds

PAGE_PATH = Path(__file__).parents[3] / "docs" / "performance-peers.md"

ROUNDS = 3

LIMITS = {10_000: 2.5, 100_000: 8.0}
"""By number of rows, how many times faster `labelbot import` should be."""

INTRODUCTION = """\
# Performance beside Label Studio

`make bench-peers` wrote this page on {day}. Figures differ between machines. Therefore both
programs were measured in turn in the same run. [Performance](performance.md) has other figures. The
code is in `tests/benchmarks/peers/`.

{machine}
"""

DESCRIPTION = f"""
The time of an import of comparison rows into SQLite: the median of {ROUNDS} rounds, in which the
programs take turns. `labelbot import` reads JSON Lines, and its time includes the start of the
process. Label Studio 1.23 reads the same rows as a JSON array, sent to its HTTP API; its server
runs already, and its time is that from the request to the response. Each import is into an empty
project or campaign.
"""

COLUMNS = ("", "Label Studio", "labelbot", "times as fast", "rows")


def main() -> None:
    """Measure both programs and write the page."""
    rows: list[tuple[str, ...]] = []
    targets: list[Target] = []
    with (
        tempfile.TemporaryDirectory(prefix="labelbot-peers-") as folder,
        run_server(Path(sys.argv[1]), Path(folder)) as server,
    ):
        for count, limit in LIMITS.items():
            row, target = _compare(server, count, limit, Path(folder))
            rows.append(row)
            targets.append(target)
    section = Section("Import", DESCRIPTION, COLUMNS, rows, targets)
    today = datetime.now(UTC).date()
    page = report.build_page([section], today, describe_machine(), INTRODUCTION)
    PAGE_PATH.write_text(page, encoding="utf-8")


def _compare(
    server: LabelStudio, count: int, limit: float, folder: Path
) -> tuple[tuple[str, ...], Target]:
    lines, array = folder / f"{count}.jsonl", folder / f"{count}.json"
    data.write_pairs(lines, count)
    array.write_bytes(b"[%s]" % b",".join(lines.read_bytes().splitlines()))
    theirs, ours = [], []
    for number in range(ROUNDS):
        theirs.append(server.import_seconds(array))
        ours.append(_import_seconds(lines, f"sqlite:///{folder}/{count}-{number}.db"))
    ratio = median(theirs) / median(ours)
    figure = f"import of {count:,} rows: times as fast as Label Studio"
    target = Target(figure, format_ratio(limit), format_ratio(ratio), ratio >= limit)
    times = (format_seconds(median(theirs)), format_seconds(median(ours)))
    rate = format_rate(count / median(ours))
    return (f"{count:,} rows", *times, format_ratio(ratio), rate), target


def _import_seconds(path: Path, url: str) -> float:
    with data.open_campaign(url, data.expert_ids(1)):
        return run_labelbot(url, "import", data.CAMPAIGN, str(path)).seconds


if __name__ == "__main__":
    main()
