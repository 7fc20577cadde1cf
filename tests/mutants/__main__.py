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
from tests.mutants.targets import (
    Fault,
    Module,
    load_equivalent_mutants,
    load_faults,
    load_modules,
)


def main() -> None:
    """Test the modules named on the command line, or all of them; fail if too many survive."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="such as bot/routing/shuffle.py"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    modules = load_modules(arguments.modules)
    if len(modules) < len(set(arguments.modules)):
        parser.error("modules.toml does not list each of these modules")
    results = [_test_module(module, arguments.workers) for module in modules]
    faults.require_tests_pass(load_faults(arguments.modules))
    noticed = {fault: _test_fault(fault) for fault in load_faults(arguments.modules)}
    print(report.build_report(results, noticed))  # noqa: T201 - the output of this command
    sys.exit(not report.has_passed(results, noticed))


def _test_module(module: Module, workers: int) -> report.Result:
    print(f"testing mutants of {module.path} …", file=sys.stderr, flush=True)  # noqa: T201 - progress on the terminal
    return report.read_result(module, runs.run_mutmut(module, workers), load_equivalent_mutants())


def _test_fault(fault: Fault) -> bool:
    print(f"testing the fault “{fault.name}” …", file=sys.stderr, flush=True)  # noqa: T201 - progress on the terminal
    return faults.is_noticed(fault)


if __name__ == "__main__":
    main()
