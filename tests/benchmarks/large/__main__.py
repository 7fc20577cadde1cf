"""`python -m tests.benchmarks.large [NAME ...]`: write docs/performance-large.md.

With names, run only those benchmarks and print the page instead.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import report
from tests.benchmarks.__main__ import describe_machine
from tests.benchmarks.large.sizes import FULL_SIZE
from tests.benchmarks.large.suite import LARGE_BENCHMARKS

PAGE_PATH = Path(__file__).parents[3] / "docs" / "performance-large.md"


def main() -> None:
    """Run the benchmarks named on the command line, or all of them."""
    sections = []
    for name in sys.argv[1:] or list(LARGE_BENCHMARKS):
        print(f"measuring {name} …", file=sys.stderr)  # noqa: T201 - progress on the terminal
        with tempfile.TemporaryDirectory(prefix="labelbot-bench-") as folder:
            sections.append(LARGE_BENCHMARKS[name](FULL_SIZE, Path(folder)))
    today = datetime.now(UTC).date()
    page = report.build_page(sections, today, describe_machine(), report.LARGE_INTRODUCTION)
    if sys.argv[1:]:
        print(page)  # noqa: T201 - the output of this command
    else:
        PAGE_PATH.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
