"""`python -m tests.mutants [MODULE ...]`: change modules, and count the changes that tests notice.

mutmut makes small changes (mutants) to the functions of each module in `modules.toml` and runs its
direct tests. Results are kept in `.mutants` until the module or its tests change, so that an
interrupted run continues where it stopped.
"""

from __future__ import annotations

import argparse
import os
import sys

from tests.mutants import faults, report, runs
from tests.mutants.targets import load_equivalent_mutants, load_faults, load_modules


def main() -> None:
    """Test the modules named on the command line, or all of them; fail if too many survive."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="such as bot/routing/shuffle.py"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    modules = load_modules(arguments.modules)
    equivalent = load_equivalent_mutants()
    results = []
    for module in modules:
        print(f"testing mutants of {module.path} …", file=sys.stderr, flush=True)  # noqa: T201 - progress on the terminal
        folder = runs.run_mutmut(module, arguments.workers)
        results.append(report.read_result(module, folder, equivalent))
    unnoticed = []
    for fault in load_faults(arguments.modules):
        print(f"testing the fault “{fault.name}” …", file=sys.stderr, flush=True)  # noqa: T201 - progress on the terminal
        unnoticed += [] if faults.is_noticed(fault) else [fault]
    print(report.build_report(results, unnoticed))  # noqa: T201 - the output of this command
    sys.exit(not report.has_passed(results, unnoticed))


if __name__ == "__main__":
    main()
