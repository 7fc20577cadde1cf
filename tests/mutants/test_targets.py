"""The lists of `make mutants` fit the source code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.targets import (
    Fault,
    load_equivalent_mutants,
    load_faults,
    load_modules,
)

ROOT = Path(__file__).parents[2]


def test_thirteen_modules_with_their_tests_exist() -> None:
    modules = load_modules()
    assert len({module.path for module in modules}) == 13
    tests = [
        test.removeprefix("--deselect=").partition("::")[0] for m in modules for test in m.tests
    ]
    paths = [*(module.path for module in modules), *tests]
    assert [path for path in paths if not (ROOT / path).is_file()] == []
    assert all(module.reason for module in modules)


@pytest.mark.parametrize("fault", load_faults(), ids=lambda fault: fault.name)
def test_code_of_a_fault_occurs_once(fault: Fault) -> None:
    assert (ROOT / fault.module).read_text(encoding="utf-8").count(fault.before) == 1
    assert all((ROOT / test.partition("::")[0]).is_file() for test in fault.tests)


def test_equivalent_mutants_are_of_listed_modules_and_have_a_reason() -> None:
    modules = {module.path for module in load_modules()}
    mutants = load_equivalent_mutants()
    assert {mutant.module for mutant in mutants} <= modules
    keys = Counter((one.module, one.function, one.before, one.after) for one in mutants)
    assert max(keys.values(), default=1) == 1
    assert all(mutant.reason for mutant in mutants)
