"""Valid examples of everything, each somewhere in a payload that is checked as a whole."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.blockkit import Problem, Surface, check_blocks, check_view, schema
from bot.sandbox.blockkit.blocks import BLOCKS, block_schemas
from bot.sandbox.blockkit.elements import ELEMENTS, ElementPosition
from bot.sandbox.blockkit.rich_text import CLASSIC_ELEMENTS, CONTAINERS, NEW_ELEMENTS
from bot.sandbox.blockkit.views import HOME, MODAL

EXAMPLES: dict[str, dict[str, dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "examples.json").read_text()
)


def step_into(value: Any, step: str) -> Any:  # noqa: ANN401  any JSON
    """Return what is at `step`, a key or an index, in `value`."""
    return value[int(step)] if isinstance(value, list) else value[step]


@dataclass
class ExampleCase:
    """An example (`target`) at `pointer` in a `payload`, and the function that checks that."""

    payload: Any
    target: dict[str, Any]
    pointer: str
    check: Callable[[object], list[Problem]]

    def get(self, path: str) -> Any:  # noqa: ANN401  any JSON
        """Return what is at `path` in the example."""
        return reduce(step_into, path.split("/"), self.target)

    def replace(self, path: str, value: object) -> None:
        """Replace what is at `path` in the example."""
        *above, last = path.split("/")
        holder = reduce(step_into, above, self.target)
        holder[int(last) if isinstance(holder, list) else last] = value

    def problem_lines(self) -> list[str]:
        """Return what the check complains about, without Slack's opening sentence."""
        return [
            f"{problem.message} @ {problem.pointer}"
            for problem in self.check(self.payload)
            if problem.message != "failed to match all allowed schemas"
        ]


def block_case(block: dict[str, Any], surface: Surface) -> ExampleCase:
    return ExampleCase([block], block, "/0", lambda payload: check_blocks(payload, surface))


HOST_BLOCKS: dict[ElementPosition, Callable[[dict[str, Any]], tuple[dict[str, Any], str]]] = {
    ElementPosition.ACCESSORY: lambda it: (
        {"type": "section", "text": {"type": "mrkdwn", "text": "t"}, "accessory": it},
        "/accessory",
    ),
    ElementPosition.ACTIONS: lambda it: ({"type": "actions", "elements": [it]}, "/elements/0"),
    ElementPosition.CONTEXT: lambda it: ({"type": "context", "elements": [it]}, "/elements/0"),
    ElementPosition.CONTEXT_ACTIONS: lambda it: (
        {"type": "context_actions", "elements": [it]},
        "/elements/0",
    ),
    ElementPosition.INPUT: lambda it: (
        {"type": "input", "label": {"type": "plain_text", "text": "l"}, "element": it},
        "/element",
    ),
    ElementPosition.SOURCES: lambda it: (
        {"type": "task_card", "task_id": "1", "title": "t", "sources": [it]},
        "/sources/0",
    ),
}


def element_case(
    element: dict[str, Any], position: ElementPosition, surface: Surface
) -> ExampleCase:
    block, pointer = HOST_BLOCKS[position](element)
    case = block_case(block, surface)
    return ExampleCase(case.payload, element, f"/0{pointer}", case.check)


def rich_text_case(part: dict[str, Any], *, leaf: bool) -> ExampleCase:
    container = {"type": "rich_text_section", "elements": [part]} if leaf else part
    case = block_case({"type": "rich_text", "elements": [container]}, Surface.MODAL)
    pointer = "/0/elements/0/elements/0" if leaf else "/0/elements/0"
    return ExampleCase(case.payload, part, pointer, case.check)


def make_case(owner: str) -> ExampleCase:
    group, name = owner.split("/", 1)
    example = copy.deepcopy(EXAMPLES[group][name])
    kind = name.split("/")[0]
    if group == "blocks":
        return block_case(example, min(BLOCKS[kind].surfaces))
    if group == "elements":
        place = min(ELEMENTS[kind].positions, key=lambda place: place.value)
        return element_case(example, place, min(ELEMENTS[kind].surfaces))
    if group == "views":
        return ExampleCase(example, example, "", check_view)
    return rich_text_case(example, leaf=group == "leaves")


@pytest.fixture
def case() -> Callable[[str], ExampleCase]:
    """Return the function that makes a fresh case of an example: "blocks/section" and so on."""
    return make_case


# The same shapes wherever they occur: a confirmation is tested on the button, the first options
# are the options, blocks inside blocks are blocks, and enumerations end by themselves.
REPEATED_PATHS = re.compile(
    r".*(confirm/.*|initial_options?/.*|include|trigger_actions_on)"
    r"|(elements|child_blocks|tasks)/0/.*"
)

SCHEMAS: dict[str, schema.ObjectSchema] = {
    **{f"blocks/{kind}": shape for on in Surface for kind, shape in block_schemas(on).items()},
    **{f"elements/{kind}": element.schema for kind, element in ELEMENTS.items()},
    **{f"leaves/{kind}": shape for kind, shape in (CLASSIC_ELEMENTS | NEW_ELEMENTS).items()},
    **{f"containers/{kind}": shape for kind, shape in CONTAINERS.items()},
    "views/modal": MODAL,
    "views/home": HOME,
}


def upper_limits(schema_node: object, path: str = "") -> Iterator[tuple[str, str, int]]:
    """Yield each upper limit in `shape` with its sort and path; lists are stepped into at 0."""
    maximum = getattr(schema_node, "most", None)
    if maximum is not None:
        yield type(schema_node).__name__, path[1:], maximum
    if isinstance(schema_node, schema.AllOfSchema | schema.NullableSchema):
        yield from upper_limits(schema_node.inner, path)
    elif isinstance(schema_node, schema.ListSchema):
        yield from upper_limits(schema_node.item, f"{path}/0")
    elif isinstance(schema_node, schema.ObjectSchema):
        for name, inner in schema_node.fields.items():
            yield from upper_limits(inner, f"{path}/{name}")
    elif isinstance(schema_node, schema.OneOfSchema) and not schema_node.variants.keys() & {
        *ELEMENTS,
        "rich_text",
    }:
        for variant in schema_node.variants.values():
            yield from upper_limits(variant, path)


@pytest.fixture
def limits() -> Callable[[str], set[tuple[str, str, int]]]:
    """Return the function that lists all upper limits of one sort, as (owner, path, most)."""

    def listed(sort: str) -> set[tuple[str, str, int]]:
        return {
            (owner, path, most)
            for owner, shape in SCHEMAS.items()
            for found, path, most in upper_limits(shape)
            if found == sort and not REPEATED_PATHS.fullmatch(path)
        }

    return listed


@pytest.fixture
def in_place() -> Callable[[str, str, str], ExampleCase]:
    """Return the function that puts an element example into a place on a surface, by names."""

    def build(name: str, place: str, surface: str) -> ExampleCase:
        example = copy.deepcopy(EXAMPLES["elements"][name])
        return element_case(example, ElementPosition(place), Surface(surface))

    return build


@pytest.fixture
def on_surface() -> Callable[[str, str], ExampleCase]:
    """Return the function that puts a block example onto a surface, by names."""

    def build(name: str, surface: str) -> ExampleCase:
        return block_case(copy.deepcopy(EXAMPLES["blocks"][name]), Surface(surface))

    return build
