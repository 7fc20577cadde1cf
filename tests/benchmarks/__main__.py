"""`python -m tests.benchmarks [NAME ...]`: run benchmarks and write docs/performance.md.

With names, run only those benchmarks and print the page instead.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import report
from tests.benchmarks.sizes import FULL_SIZE
from tests.benchmarks.suite import BENCHMARKS

PAGE_PATH = Path(__file__).parents[2] / "docs" / "performance.md"

MACHINE_TEMPLATE = """\
Python {python}, SQLite {sqlite}, {system}, {cores} cores."""


def main() -> None:
    """Run the benchmarks named on the command line, or all of them."""
    names = sys.argv[1:] or list(BENCHMARKS)
    sections = []
    for name in names:
        print(f"measuring {name} …", file=sys.stderr)  # noqa: T201 - progress on the terminal
        with tempfile.TemporaryDirectory(prefix="labelbot-bench-") as folder:
            sections.append(BENCHMARKS[name](FULL_SIZE, Path(folder)))
    page = report.build_page(sections, datetime.now(UTC).date(), describe_machine())
    if sys.argv[1:]:
        print(page)  # noqa: T201 - the output of this command
    else:
        PAGE_PATH.write_text(page, encoding="utf-8")


def describe_machine() -> str:
    """Return the versions and the cores that the figures depend on."""
    return MACHINE_TEMPLATE.format(
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        system=platform.system(),
        cores=os.cpu_count(),
    )


if __name__ == "__main__":
    main()
