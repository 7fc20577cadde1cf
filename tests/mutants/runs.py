"""One run of mutmut for each module, in a folder of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tests.mutants.targets import Module

ROOT = Path(__file__).parents[2]
RESULTS_FOLDER = ROOT / ".mutants"
PRODUCT = ("bot", "handlers", "storage")

CONFIGURATION = """
[tool.mutmut]
source_paths = {product}
only_mutate = [{module}]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:playwright"]
pytest_add_cli_args_test_selection = {tests}
timeout_constant = 3.0
timeout_multiplier = 5.0
use_git_change_detection = false
on_dependency_change = "ignore"
"""
"""A mutant that takes five times as long as the tests, and 15 seconds, counts as killed."""

TEST_SELECTION = ("-k", "not postgresql")
"""Both databases run the same functions; SQLite is the faster one."""


class RunFailedError(Exception):
    """mutmut stopped with an error; the end of its output says why."""


def run_mutmut(module: Module, workers: int) -> Path:
    """Test all mutants of a module that have no result yet; return the folder with the results."""
    folder = _prepare_folder(module)
    log = folder / "mutmut.log"
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(workers)]
    with log.open("wb") as output:
        status = subprocess.run(  # noqa: S603 - the command is ours
            command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    if status:
        raise RunFailedError(log.read_text(encoding="utf-8", errors="replace")[-3000:])
    return folder


def _prepare_folder(module: Module) -> Path:
    """Link the source code into a folder, empty if the module or its tests changed."""
    folder = RESULTS_FOLDER / module.path.removesuffix(".py").replace("/", ".")
    digest_file, digest = folder / "digest", _digest_of(module)
    if not digest_file.exists() or digest_file.read_text(encoding="utf-8") != digest:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in (*PRODUCT, "tests"):
            (folder / name).symlink_to(ROOT / name)
        settings = CONFIGURATION.format(
            product=json.dumps(PRODUCT),
            module=json.dumps(module.path),
            tests=json.dumps([*module.tests, *TEST_SELECTION]),
        )
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (folder / "pyproject.toml").write_text(project + settings, encoding="utf-8")
        digest_file.write_text(digest, encoding="utf-8")
    return folder


def _digest_of(module: Module) -> str:
    """Return a digest of the module, its tests and their fixtures."""
    paths = [Path(__file__), ROOT / module.path, *(ROOT / "tests").rglob("conftest.py")]
    for test in module.tests:
        path = ROOT / test.removeprefix("--deselect=").partition("::")[0]
        paths += path.rglob("*.py") if path.is_dir() else [path]
    return sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()
