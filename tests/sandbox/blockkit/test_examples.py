"""Every example is valid, and becomes invalid with wrong keys or a wrong type."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.blockkit import Surface
from bot.sandbox.blockkit.blocks import BLOCKS, block_schemas
from bot.sandbox.blockkit.elements import ELEMENTS
from bot.sandbox.blockkit.rich_text import CLASSIC_ELEMENTS, CONTAINERS, NEW_ELEMENTS
from bot.sandbox.blockkit.schema import ObjectSchema
from bot.sandbox.blockkit.views import HOME, MODAL

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text())
OWNERS = [f"{group}/{name}" for group, examples in EXAMPLES.items() for name in examples]

CaseMaker = Callable[[str], Any]


@dataclass(frozen=True)
class Change:
    """A change that makes an example invalid, and the problem line of it without its pointer."""

    apply: Callable[[dict[str, Any]], object]
    problem_line: str


CHANGES = {
    "unknown key": Change(
        lambda example: example.update(color="red"), "invalid additional property: color @ {}"
    ),
    "no type": Change(lambda example: example.pop("type"), "missing required field: type @ {}"),
    "unknown type": Change(
        lambda example: example.update(type="nonsense"), "unsupported type: nonsense @ {}/type"
    ),
    "type that is a list": Change(
        lambda example: example.update(type=["divider"]), "must provide a string @ {}/type"
    ),
}


@pytest.mark.parametrize("owner", OWNERS)
def test_example_is_valid_until_it_is_changed(owner: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(owner)
    assert case.check(case.payload) == []
    found = {}
    for name, change in CHANGES.items():
        changed = make_example_case(owner)
        change.apply(changed.target)
        found[name] = changed.problem_lines()
    assert found == {
        name: [change.problem_line.format(case.pointer)] for name, change in CHANGES.items()
    }


@pytest.mark.parametrize("owner", OWNERS)
def test_no_field_may_be_null(owner: str, make_example_case: CaseMaker) -> None:
    for field in make_example_case(owner).target.keys() - {"type"}:
        case = make_example_case(owner)
        case.target[field] = None
        problem_lines = case.problem_lines()
        assert problem_lines, field
        assert all(
            problem_line.endswith(f" @ {case.pointer}/{field}")
            and problem_line.startswith(("must provide a", "must be a boolean"))
            for problem_line in problem_lines
        ), problem_lines


SCHEMAS: dict[str, ObjectSchema] = {
    **{
        f"blocks/{kind}": schema
        for surface in Surface
        for kind, schema in block_schemas(surface).items()
    },
    **{f"elements/{kind}": element.schema for kind, element in ELEMENTS.items()},
    **{f"inline/{kind}": schema for kind, schema in (CLASSIC_ELEMENTS | NEW_ELEMENTS).items()},
    **{f"containers/{kind}": schema for kind, schema in CONTAINERS.items()},
    "views/modal": MODAL,
    "views/home": HOME,
}


@pytest.mark.parametrize("owner", SCHEMAS)
def test_every_field_is_in_an_example(owner: str) -> None:
    group, kind = owner.split("/")
    examples = [example for name, example in EXAMPLES[group].items() if name.split("/")[0] == kind]
    assert set().union(*examples) == {"type", *SCHEMAS[owner].fields}


@pytest.mark.parametrize(
    ("group", "registry"),
    [
        ("blocks", BLOCKS),
        ("elements", ELEMENTS),
        ("inline", CLASSIC_ELEMENTS | NEW_ELEMENTS),
        ("containers", CONTAINERS),
    ],
)
def test_every_type_has_an_example(group: str, registry: dict[str, object]) -> None:
    assert {name.split("/")[0] for name in EXAMPLES[group]} == set(registry)
