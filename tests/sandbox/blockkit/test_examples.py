"""Every example is valid, and stops being so when its keys or its type are not right."""

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
def test_every_example_is_valid(owner: str, case: CaseMaker) -> None:
    made = case(owner)
    assert made.check(made.payload) == []


@pytest.mark.parametrize("owner", OWNERS)
def test_everything_refuses_keys_it_does_not_know(owner: str, case: CaseMaker) -> None:
    made = case(owner)
    made.target["colour"] = "red"
    assert made.found() == [f"invalid additional property: colour @ {made.pointer}"]


@pytest.mark.parametrize("owner", OWNERS)
def test_everything_must_say_its_type(owner: str, case: CaseMaker) -> None:
    made = case(owner)
    del made.target["type"]
    assert made.found() == [f"missing required field: type @ {made.pointer}"]


@pytest.mark.parametrize("owner", OWNERS)
def test_everything_must_be_of_a_known_type(owner: str, case: CaseMaker) -> None:
    made = case(owner)
    made.target["type"] = "nonsense"
    assert made.found() == [f"unsupported type: nonsense @ {made.pointer}/type"]


@pytest.mark.parametrize("owner", OWNERS)
def test_a_type_must_be_a_string(owner: str, case: CaseMaker) -> None:
    made = case(owner)
    made.target["type"] = ["divider"]
    assert made.found() == [f"must provide a string @ {made.pointer}/type"]


@pytest.mark.parametrize("owner", OWNERS)
def test_no_field_may_be_null(owner: str, case: CaseMaker) -> None:
    for field in case(owner).target.keys() - {"type"}:
        made = case(owner)
        made.target[field] = None
        complaints = made.found()
        assert complaints, field
        assert all(
            complaint.endswith(f" @ {made.pointer}/{field}")
            and complaint.startswith(("must provide a", "must be a boolean"))
            for complaint in complaints
        ), complaints


SHAPES: dict[str, ObjectSchema] = {
    **{f"blocks/{kind}": shape for on in Surface for kind, shape in block_schemas(on).items()},
    **{f"elements/{kind}": element.schema for kind, element in ELEMENTS.items()},
    **{f"leaves/{kind}": shape for kind, shape in (CLASSIC_ELEMENTS | NEW_ELEMENTS).items()},
    **{f"containers/{kind}": shape for kind, shape in CONTAINERS.items()},
    "views/modal": MODAL,
    "views/home": HOME,
}


@pytest.mark.parametrize("owner", SHAPES)
def test_every_field_is_in_an_example(owner: str) -> None:
    group, kind = owner.split("/")
    shown = [it for name, it in EXAMPLES[group].items() if name.split("/")[0] == kind]
    assert set().union(*shown) == {"type", *SHAPES[owner].fields}


@pytest.mark.parametrize(
    ("group", "registry"),
    [
        ("blocks", BLOCKS),
        ("elements", ELEMENTS),
        ("leaves", CLASSIC_ELEMENTS | NEW_ELEMENTS),
        ("containers", CONTAINERS),
    ],
)
def test_there_is_an_example_of_every_type(group: str, registry: dict[str, object]) -> None:
    assert {name.split("/")[0] for name in EXAMPLES[group]} == set(registry)
