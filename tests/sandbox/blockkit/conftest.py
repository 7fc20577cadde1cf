"""Fixtures that place valid examples of every type in a payload that can be checked."""

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


def step_into(value: Any, step: str) -> Any:  # noqa: ANN401 - any JSON
    """Return the item of `value` at `step`, a key or an index."""
    return value[int(step)] if isinstance(value, list) else value[step]


@dataclass
class ExampleCase:
    """An example (`target`) at `pointer` in a `payload`, and the check of that payload."""

    payload: Any
    target: dict[str, Any]
    pointer: str
    check: Callable[[object], list[Problem]]

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Return the value at `path` in the example."""
        return reduce(step_into, path.split("/"), self.target)

    def replace(self, path: str, value: object) -> None:
        """Replace the value at `path` in the example."""
        *parent_path, last = path.split("/")
        parent = reduce(step_into, parent_path, self.target)
        parent[int(last) if isinstance(parent, list) else last] = value

    def problem_lines(self) -> list[str]:
        """Return the problems as "message @ pointer", without Slack's general schema problem."""
        return [
            f"{problem.message} @ {problem.pointer}"
            for problem in self.check(self.payload)
            if problem.message != "failed to match all allowed schemas"
        ]


def block_case(block: dict[str, Any], surface: Surface) -> ExampleCase:
    return ExampleCase([block], block, "/0", lambda payload: check_blocks(payload, surface))


HOST_BLOCKS: dict[ElementPosition, Callable[[dict[str, Any]], tuple[dict[str, Any], str]]] = {
    ElementPosition.ACCESSORY: lambda element: (
        {"type": "section", "text": {"type": "mrkdwn", "text": "t"}, "accessory": element},
        "/accessory",
    ),
    ElementPosition.ACTIONS: lambda element: (
        {"type": "actions", "elements": [element]},
        "/elements/0",
    ),
    ElementPosition.CONTEXT: lambda element: (
        {"type": "context", "elements": [element]},
        "/elements/0",
    ),
    ElementPosition.CONTEXT_ACTIONS: lambda element: (
        {"type": "context_actions", "elements": [element]},
        "/elements/0",
    ),
    ElementPosition.INPUT: lambda element: (
        {"type": "input", "label": {"type": "plain_text", "text": "l"}, "element": element},
        "/element",
    ),
    ElementPosition.SOURCES: lambda element: (
        {"type": "task_card", "task_id": "1", "title": "t", "sources": [element]},
        "/sources/0",
    ),
}


def element_case(
    element: dict[str, Any], position: ElementPosition, surface: Surface
) -> ExampleCase:
    block, pointer = HOST_BLOCKS[position](element)
    case = block_case(block, surface)
    return ExampleCase(case.payload, element, f"/0{pointer}", case.check)


def rich_text_case(part: dict[str, Any], *, inline: bool) -> ExampleCase:
    container = {"type": "rich_text_section", "elements": [part]} if inline else part
    case = block_case({"type": "rich_text", "elements": [container]}, Surface.MODAL)
    pointer = "/0/elements/0/elements/0" if inline else "/0/elements/0"
    return ExampleCase(case.payload, part, pointer, case.check)


def make_case(owner: str) -> ExampleCase:
    group, name = owner.split("/", 1)
    example = copy.deepcopy(EXAMPLES[group][name])
    kind = name.split("/")[0]
    if group == "blocks":
        return block_case(example, min(BLOCKS[kind].surfaces))
    if group == "elements":
        position = min(ELEMENTS[kind].positions, key=lambda position: position.value)
        return element_case(example, position, min(ELEMENTS[kind].surfaces))
    if group == "views":
        return ExampleCase(example, example, "", check_view)
    return rich_text_case(example, inline=group == "inline")


@pytest.fixture
def make_example_case() -> Callable[[str], ExampleCase]:
    """Return a function that makes a new case of an example such as "blocks/section"."""
    return make_case


# Repeated schemas are tested once: confirmations on the button, initial options as options, nested
# blocks as blocks. Lists of enumerated values are limited by the enumeration.
REPEATED_PATHS = re.compile(
    r".*(confirm/.*|initial_options?/.*|include|trigger_actions_on)"
    r"|(elements|child_blocks|tasks)/0/.*"
)

SCHEMAS: dict[str, schema.ObjectSchema] = {
    **{
        f"blocks/{kind}": block_schema
        for surface in Surface
        for kind, block_schema in block_schemas(surface).items()
    },
    **{f"elements/{kind}": element.schema for kind, element in ELEMENTS.items()},
    **{f"inline/{kind}": element for kind, element in (CLASSIC_ELEMENTS | NEW_ELEMENTS).items()},
    **{f"containers/{kind}": container for kind, container in CONTAINERS.items()},
    "views/modal": MODAL,
    "views/home": HOME,
}


def upper_limit(schema_node: object) -> int | None:
    """Return the upper limit of a string, list or integer schema; None without one."""
    if isinstance(schema_node, schema.StringSchema):
        return schema_node.max_length
    if isinstance(schema_node, schema.ListSchema):
        return schema_node.max_items
    return schema_node.maximum if isinstance(schema_node, schema.IntegerSchema) else None


def upper_limits(schema_node: object, path: str = "") -> Iterator[tuple[str, str, int]]:
    """Yield each upper limit in a schema as (schema class, path, maximum); lists have index 0."""
    maximum = upper_limit(schema_node)
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
def list_upper_limits() -> Callable[[str], set[tuple[str, str, int]]]:
    """Return a function that lists all upper limits of a schema class as (owner, path, maximum)."""

    def list_limits(class_name: str) -> set[tuple[str, str, int]]:
        return {
            (owner, path, maximum)
            for owner, owner_schema in SCHEMAS.items()
            for limit_class, path, maximum in upper_limits(owner_schema)
            if limit_class == class_name and not REPEATED_PATHS.fullmatch(path)
        }

    return list_limits


@pytest.fixture
def make_element_case() -> Callable[[str, str, str], ExampleCase]:
    """Return a function that puts an element example in a position on a surface, by their names."""

    def build(name: str, position: str, surface: str) -> ExampleCase:
        example = copy.deepcopy(EXAMPLES["elements"][name])
        return element_case(example, ElementPosition(position), Surface(surface))

    return build


@pytest.fixture
def make_block_case() -> Callable[[str, str], ExampleCase]:
    """Return a function that puts a block example on a surface, by their names."""

    def build(name: str, surface: str) -> ExampleCase:
        return block_case(copy.deepcopy(EXAMPLES["blocks"][name]), Surface(surface))

    return build
