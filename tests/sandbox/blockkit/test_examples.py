"""Every example is valid, and becomes invalid with wrong keys or a wrong type."""

from __future__ import annotations

import json
from collections.abc import Callable
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


@pytest.mark.parametrize("owner", OWNERS)
def test_every_example_is_valid(owner: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(owner)
    assert case.check(case.payload) == []


@pytest.mark.parametrize("owner", OWNERS)
def test_unknown_key_is_rejected(owner: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(owner)
    case.target["color"] = "red"
    assert case.problem_lines() == [f"invalid additional property: color @ {case.pointer}"]


@pytest.mark.parametrize("owner", OWNERS)
def test_type_is_required(owner: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(owner)
    del case.target["type"]
    assert case.problem_lines() == [f"missing required field: type @ {case.pointer}"]


@pytest.mark.parametrize("owner", OWNERS)
def test_unknown_type_is_rejected(owner: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(owner)
    case.target["type"] = "nonsense"
    assert case.problem_lines() == [f"unsupported type: nonsense @ {case.pointer}/type"]


@pytest.mark.parametrize("owner", OWNERS)
def test_type_must_be_a_string(owner: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(owner)
    case.target["type"] = ["divider"]
    assert case.problem_lines() == [f"must provide a string @ {case.pointer}/type"]


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
