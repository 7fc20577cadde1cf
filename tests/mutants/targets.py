"""What is tested: modules with their direct tests, equivalent mutants, and hand-written faults."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Module:
    """A module, its direct tests, and why a failure of it costs an answer."""

    path: str
    tests: list[str]
    reason: str


@dataclass(frozen=True, slots=True)
class EquivalentMutant:
    """A mutant that no test can notice: the changed lines of a function, and why."""

    module: str
    function: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A change that mutmut does not make, such as to a statement outside of functions."""

    name: str
    module: str
    before: str
    after: str
    tests: tuple[str, ...]


def load_modules(paths: Collection[str] = ()) -> list[Module]:
    """Return the modules with these paths, or all."""
    modules = [Module(**entry) for entry in _load("modules.toml", "module")]
    return [module for module in modules if not paths or module.path in paths]


def load_equivalent_mutants() -> list[EquivalentMutant]:
    """Return all mutants that are listed as equivalent."""
    return [EquivalentMutant(**entry) for entry in _load("equivalent.toml", "mutant")]


def load_faults(paths: Collection[str] = ()) -> list[Fault]:
    """Return the faults in these modules, or all."""
    faults = [
        Fault(**{**entry, "tests": tuple(entry["tests"])})
        for entry in _load("faults.toml", "fault")
    ]
    return [fault for fault in faults if not paths or fault.module in paths]


def _load(file_name: str, key: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(
        (FOLDER / file_name).read_text(encoding="utf-8")
    ).get(key, [])
    return entries
