"""The wheel contains every file of the packages, and runs without the checkout and its tools."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import venv
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from bot import __version__
from tests.test_lock_files import RUN_LOCK, requirements_of

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "storage")

TIMEOUT_SECONDS = 120.0
"""Time for another process to finish on a busy machine."""

OUR_VARIABLES = ("SLACK_", "LABELBOT_", "DATABASE_", "PYTHON", "COV_", "PYTEST_")

Labelbot = Callable[..., "subprocess.CompletedProcess[str]"]


def _environment() -> dict[str, str]:
    """Return the environment of another process, without our settings and without a proxy."""
    inherited = os.environ.items()
    return {"PYTHONUNBUFFERED": "1"} | {
        name: value
        for name, value in inherited
        if not name.startswith(OUR_VARIABLES) and "proxy" not in name.lower()
    }


def _run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - fixed commands
        command,
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and return its path."""
    folder = tmp_path_factory.mktemp("wheel")
    command = (sys.executable, "-m", "hatchling", "build", "--target", "wheel")
    built = _run(*command, "--directory", folder, folder=ROOT)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


def _link_runtime_packages(site_packages: Path) -> None:
    """Link what requirements.lock pins, and nothing of what only development needs."""
    for requirement in requirements_of(RUN_LOCK):
        if requirement.marker and not requirement.marker.evaluate():
            continue
        found = distribution(requirement.name)
        for name in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            (site_packages / name).symlink_to(str(found.locate_file(name)))


@pytest.fixture(scope="session")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own, and return the folder of its commands."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, symlinks=True)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    _link_runtime_packages(site_packages)
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python")
    installed = _run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, folder=folder)
    assert installed.returncode == 0, installed.stderr
    return folder / "bin"


def test_wheel_contains_every_file_of_the_packages(wheel: Path) -> None:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    sources = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name for name in names if ".dist-info/" not in name} == sources
    assert {Path(name).suffix for name in sources} >= {".jsonl", ".html", ".js", ".css", ".mako"}


def test_installed_bot_runs_outside_the_checkout(scripts: Path, tmp_path: Path) -> None:
    where = _run(scripts / "python", "-c", "import bot; print(bot.__file__)", folder=tmp_path)
    assert Path(where.stdout).is_relative_to(scripts.parent)
    version = _run(scripts / "labelbot", "--version", folder=tmp_path)
    assert (version.stdout, version.stderr) == (f"labelbot {__version__}\n", "")
    doctor = _run(scripts / "labelbot", "doctor", folder=tmp_path)
    assert (doctor.returncode, doctor.stderr) == (1, "")  # there are no tokens
    assert "SLACK_BOT_TOKEN is missing" in doctor.stdout
    assert "✓ database: sqlite" in doctor.stdout


def test_installed_demo_serves_its_pages(scripts: Path, tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - a fixed command
        [scripts / "labelbot", "demo", "--no-open"],
        cwd=tmp_path,
        env=_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("Sandbox: ").strip()
        page = httpx.get(url, follow_redirects=True, trust_env=False)
        linked = re.findall(r'(?:href|src)="(/page/static/[^"]+)"', page.text)
        files = [httpx.get(page.url.join(link), trust_env=False) for link in linked]
        process.send_signal(signal.SIGINT)
        process.wait(TIMEOUT_SECONDS)
    assert page.status_code == 200
    assert files
    assert {file.status_code for file in files} == {200}
    assert process.returncode == 0


def test_installed_autopilot_answers_and_exports(scripts: Path, tmp_path: Path) -> None:
    demo = ("demo", "--autopilot", "2", "--campaign", "ranking", "--out", "datasets")
    done = _run(scripts / "labelbot", *demo, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "24 answers by 2 experts" in done.stdout
    assert len(list((tmp_path / "datasets").glob("*/data.parquet"))) == 2
