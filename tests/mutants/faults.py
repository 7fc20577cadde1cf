"""Faults written by hand: each is applied to a copy of the source code, and its tests must fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.runs import PRODUCT, PYTEST_OPTIONS, ROOT
from tests.mutants.targets import Fault

TESTS_FAILED = 1
"""Exit status of pytest if a test failed."""


class UnknownCodeError(Exception):
    """The code that a fault replaces does not occur exactly once in its module."""


def is_noticed(fault: Fault) -> bool:
    """Return whether a test fails with the fault.

    Raises:
        UnknownCodeError: the module has changed; update `faults.toml`.
    """
    with tempfile.TemporaryDirectory(prefix="labelbot-mutants-") as name:
        folder = Path(name)
        for part in (*PRODUCT, "tests"):
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "pyproject.toml", folder)
        module = folder / fault.module
        source = module.read_text(encoding="utf-8")
        if source.count(fault.before) != 1:
            raise UnknownCodeError(fault.name)
        module.write_text(source.replace(fault.before, fault.after), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", *PYTEST_OPTIONS, *fault.tests]
        status = subprocess.run(  # noqa: S603 - the command is ours
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            capture_output=True,
            check=False,
        ).returncode
    return status == TESTS_FAILED
