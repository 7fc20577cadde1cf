"""Faults written by hand: each is applied to a copy of the source code, and its tests must fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mutants.runs import PRODUCT, PYTEST_OPTIONS, ROOT
from tests.mutants.targets import Fault

TESTS_PASSED, TESTS_FAILED = 0, 1
"""Exit statuses of pytest; others mean that it could not run the tests."""


class UnknownCodeError(Exception):
    """The code that a fault replaces does not occur exactly once in its module."""


class FailsWithoutFaultError(Exception):
    """The tests of the faults fail without any fault."""


def require_tests_pass(faults: Collection[Fault]) -> None:
    """Run the tests of all faults without a fault, because a failure then says nothing.

    Raises:
        FailsWithoutFaultError: a test fails.
    """
    tests = sorted({test for fault in faults for test in fault.tests})
    with _copy_of_source() as folder:
        if tests and _run_tests(folder, tests) != TESTS_PASSED:
            raise FailsWithoutFaultError


def is_noticed(fault: Fault) -> bool:
    """Return whether a test fails with the fault.

    Raises:
        UnknownCodeError: the module has changed; update `faults.toml`.
    """
    with _copy_of_source() as folder:
        module = folder / fault.module
        source = module.read_text(encoding="utf-8")
        if source.count(fault.before) != 1:
            raise UnknownCodeError(fault.name)
        module.write_text(source.replace(fault.before, fault.after), encoding="utf-8")
        return _run_tests(folder, fault.tests) == TESTS_FAILED


@contextmanager
def _copy_of_source() -> Iterator[Path]:
    without_caches = shutil.ignore_patterns("__pycache__")
    with tempfile.TemporaryDirectory(prefix="labelbot-mutants-") as name:
        folder = Path(name)
        for part in (*PRODUCT, "tests"):
            shutil.copytree(ROOT / part, folder / part, ignore=without_caches)
        shutil.copy(ROOT / "pyproject.toml", folder)
        yield folder


def _run_tests(folder: Path, tests: Iterable[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-x", *PYTEST_OPTIONS, *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(  # noqa: S603 - the command is ours
        command, cwd=folder, env=environment, capture_output=True, check=False
    ).returncode
