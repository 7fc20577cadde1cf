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

PYTEST_OPTIONS = ("-p", "tests.mutants.plugin", "-p", "no:cacheprovider", "-p", "no:xdist")

TIMEOUT_OPTIONS = ("-o", "faulthandler_timeout=10", "-o", "faulthandler_exit_on_timeout=true")
"""A test that takes 10 seconds has failed: a change may let it wait for ever."""

CONFIGURATION = """
[tool.mutmut]
source_paths = {product}
only_mutate = [{module}]
pytest_add_cli_args = {options}
pytest_add_cli_args_test_selection = {tests}
timeout_constant = 5.0
timeout_multiplier = 10.0
use_git_change_detection = false
on_dependency_change = "ignore"
"""


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


def folder_of(module: Module) -> Path:
    """Return the folder with the results of a module."""
    return RESULTS_FOLDER / module.path.removesuffix(".py").replace("/", ".")


def configuration_of(module: Module) -> str:
    """Return a pyproject.toml for mutmut."""
    settings = CONFIGURATION.format(
        product=json.dumps(PRODUCT),
        module=json.dumps(module.path),
        options=json.dumps(PYTEST_OPTIONS + TIMEOUT_OPTIONS),
        tests=json.dumps(module.tests),
    )
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8") + settings


def digest_of_tests(module: Module) -> str:
    """Return a digest of which tests run, the tests and their fixtures."""
    files = {test.removeprefix("--deselect=").partition("::")[0] for test in module.tests}
    paths = [*(ROOT / file for file in files), *(ROOT / "tests").rglob("conftest.py")]
    contents = b"".join(path.read_bytes() for path in sorted(paths))
    return sha256(" ".join(module.tests).encode() + contents).hexdigest()


def _prepare_folder(module: Module) -> Path:
    """Link the source code into a folder, which is emptied if the tests changed.

    mutmut itself notices which functions of the module changed.
    """
    folder = folder_of(module)
    digest_file, digest = folder / "digest", digest_of_tests(module)
    if not digest_file.exists() or digest_file.read_text(encoding="utf-8") != digest:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in (*PRODUCT, "tests"):
            (folder / name).symlink_to(ROOT / name)
        (folder / "pyproject.toml").write_text(configuration_of(module), encoding="utf-8")
        digest_file.write_text(digest, encoding="utf-8")
    return folder
