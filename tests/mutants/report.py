"""The figures of each module, and the mutants that survived."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

from tests.mutants.targets import EquivalentMutant, Fault, Module

MIN_KILLED = 0.85
"""Share of the mutants that tests must notice, without the equivalent ones."""

KILLED = {"killed", "timeout", "segfault"}
"""Results of mutmut: a test failed, or did not end."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became known about the mutants of a module: those not killed, and all figures."""

    module: Module
    total: int
    equivalent: int
    survivors: dict[str, str]
    outdated: list[EquivalentMutant]

    @property
    def killed(self) -> int:
        """Return how many mutants the tests noticed."""
        return self.total - self.equivalent - len(self.survivors)

    @property
    def share(self) -> float:
        """Return the share of the mutants that the tests noticed, without the equivalent ones."""
        return self.killed / (self.total - self.equivalent)


def read_result(module: Module, folder: Path, equivalent: Collection[EquivalentMutant]) -> Result:
    """Read what mutmut stored about the mutants of a module."""
    data = json.loads((folder / "mutants" / f"{module.path}.meta").read_text(encoding="utf-8"))
    exit_codes: dict[str, int | None] = data["exit_code_by_key"]
    expected = {
        (mutant.function, mutant.before, mutant.after): mutant
        for mutant in equivalent
        if mutant.module == module.path
    }
    found = set()
    survivors = {}
    equivalent_count = 0
    with chdir(folder):
        for name, exit_code in exit_codes.items():
            if status_by_exit_code[exit_code] in KILLED:
                continue
            diff = get_diff_for_mutant(name, path=module.path)
            key = (_function_name(name), *_changed_lines(diff))
            if key in expected:
                found.add(key)
                equivalent_count += 1
            else:
                survivors[f"{name} ({status_by_exit_code[exit_code]})"] = diff
    outdated = [mutant for key, mutant in expected.items() if key not in found]
    return Result(module, len(exit_codes), equivalent_count, survivors, outdated)


def _function_name(mutant: str) -> str:
    function, class_name = orig_function_and_class_names_from_key(mutant)
    return f"{class_name}.{function}" if class_name else function


def _changed_lines(diff: str) -> tuple[str, str]:
    """Return the removed lines and the added lines of a diff, without their indentation."""
    lines = diff.splitlines()[2:]
    return (
        "\n".join(line[1:].strip() for line in lines if line.startswith("-")),
        "\n".join(line[1:].strip() for line in lines if line.startswith("+")),
    )


def has_passed(results: Sequence[Result], noticed: Mapping[Fault, bool]) -> bool:
    """Return whether enough mutants of each module were killed, and every fault was noticed."""
    return all(noticed.values()) and all(
        result.share >= MIN_KILLED and not result.outdated for result in results
    )


def build_report(results: Sequence[Result], noticed: Mapping[Fault, bool]) -> str:
    """Return the survivors, then a table with the figures of each module."""
    lines = []
    for result in results:
        for name, diff in result.survivors.items():
            lines += [f"survived: {name}", *diff.splitlines()[3:], ""]
        for mutant in result.outdated:
            change = f"{mutant.module} {mutant.function}: {mutant.before!r} → {mutant.after!r}"
            lines += [f"listed as equivalent, but killed or unknown: {change}"]
    lines += [
        f"not noticed: the fault “{fault.name}” in {fault.module}"
        for fault, is_noticed in noticed.items()
        if not is_noticed
    ]
    width = max((len(result.module.path) for result in results), default=0)
    lines += [f"{'module':{width}}  mutants  killed  equivalent  survived  killed %"]
    lines += [
        f"{result.module.path:{width}}  {result.total:7}  {result.killed:6}"
        f"  {result.equivalent:10}  {len(result.survivors):8}  {result.share:8.1%}"
        for result in results
    ]
    lines += [f"{sum(noticed.values())} of {len(noticed)} faults noticed"]
    return "\n".join(lines)
