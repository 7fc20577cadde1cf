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
from bot.sandbox.blockkit.blocks import BLOCKS, shapes
from bot.sandbox.blockkit.elements import ELEMENTS, Place
from bot.sandbox.blockkit.richtext import CLASSIC_LEAVES, CONTAINERS, NEW_LEAVES
from bot.sandbox.blockkit.views import HOME, MODAL

EXAMPLES: dict[str, dict[str, dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "examples.json").read_text()
)


def step_into(value: Any, step: str) -> Any:  # noqa: ANN401  any JSON
    """Return what is at `step`, a key or an index, in `value`."""
    return value[int(step)] if isinstance(value, list) else value[step]


@dataclass
class Case:
    """An example (`target`) at `pointer` in a `payload`, and the function that checks that."""

    payload: Any
    target: dict[str, Any]
    pointer: str
    check: Callable[[object], list[Problem]]

    def get(self, path: str) -> Any:  # noqa: ANN401  any JSON
        """Return what is at `path` in the example."""
        return reduce(step_into, path.split("/"), self.target)

    def put(self, path: str, value: object) -> None:
        """Replace what is at `path` in the example."""
        *above, last = path.split("/")
        holder = reduce(step_into, above, self.target)
        holder[int(last) if isinstance(holder, list) else last] = value

    def found(self) -> list[str]:
        """Return what the check complains about, without Slack's opening sentence."""
        return [
            f"{problem.message} @ {problem.pointer}"
            for problem in self.check(self.payload)
            if problem.message != "failed to match all allowed schemas"
        ]


def placed_block(block: dict[str, Any], surface: Surface) -> Case:
    return Case([block], block, "/0", lambda payload: check_blocks(payload, surface))


HOSTS: dict[Place, Callable[[dict[str, Any]], tuple[dict[str, Any], str]]] = {
    Place.ACCESSORY: lambda it: (
        {"type": "section", "text": {"type": "mrkdwn", "text": "t"}, "accessory": it},
        "/accessory",
    ),
    Place.ACTIONS: lambda it: ({"type": "actions", "elements": [it]}, "/elements/0"),
    Place.CONTEXT: lambda it: ({"type": "context", "elements": [it]}, "/elements/0"),
    Place.CONTEXT_ACTIONS: lambda it: (
        {"type": "context_actions", "elements": [it]},
        "/elements/0",
    ),
    Place.INPUT: lambda it: (
        {"type": "input", "label": {"type": "plain_text", "text": "l"}, "element": it},
        "/element",
    ),
    Place.SOURCES: lambda it: (
        {"type": "task_card", "task_id": "1", "title": "t", "sources": [it]},
        "/sources/0",
    ),
}


def placed_element(element: dict[str, Any], place: Place, surface: Surface) -> Case:
    block, pointer = HOSTS[place](element)
    case = placed_block(block, surface)
    return Case(case.payload, element, f"/0{pointer}", case.check)


def placed_richly(part: dict[str, Any], *, leaf: bool) -> Case:
    container = {"type": "rich_text_section", "elements": [part]} if leaf else part
    case = placed_block({"type": "rich_text", "elements": [container]}, Surface.MODAL)
    pointer = "/0/elements/0/elements/0" if leaf else "/0/elements/0"
    return Case(case.payload, part, pointer, case.check)


def make_case(owner: str) -> Case:
    group, name = owner.split("/", 1)
    example = copy.deepcopy(EXAMPLES[group][name])
    kind = name.split("/")[0]
    if group == "blocks":
        return placed_block(example, min(BLOCKS[kind].surfaces))
    if group == "elements":
        place = min(ELEMENTS[kind].places, key=lambda place: place.value)
        return placed_element(example, place, min(ELEMENTS[kind].surfaces))
    if group == "views":
        return Case(example, example, "", check_view)
    return placed_richly(example, leaf=group == "leaves")


@pytest.fixture
def case() -> Callable[[str], Case]:
    """Return the function that makes a fresh case of an example: "blocks/section" and so on."""
    return make_case


# The same shapes wherever they occur: a confirmation is tested on the button, the first options
# are the options, blocks inside blocks are blocks, and enumerations end by themselves.
REPEATED = re.compile(
    r".*(confirm/.*|initial_options?/.*|include|trigger_actions_on)"
    r"|(elements|child_blocks|tasks)/0/.*"
)

SHAPES: dict[str, schema.Obj] = {
    **{f"blocks/{kind}": shape for on in Surface for kind, shape in shapes(on).items()},
    **{f"elements/{kind}": element.shape for kind, element in ELEMENTS.items()},
    **{f"leaves/{kind}": shape for kind, shape in (CLASSIC_LEAVES | NEW_LEAVES).items()},
    **{f"containers/{kind}": shape for kind, shape in CONTAINERS.items()},
    "views/modal": MODAL,
    "views/home": HOME,
}


def upper_limits(shape: object, path: str = "") -> Iterator[tuple[str, str, int]]:
    """Yield each upper limit in `shape` with its sort and path; lists are stepped into at 0."""
    most = getattr(shape, "most", None)
    if most is not None:
        yield type(shape).__name__, path[1:], most
    if isinstance(shape, schema.AllOf | schema.OrNull):
        yield from upper_limits(shape.inner, path)
    elif isinstance(shape, schema.ListOf):
        yield from upper_limits(shape.item, f"{path}/0")
    elif isinstance(shape, schema.Obj):
        for name, inner in shape.fields.items():
            yield from upper_limits(inner, f"{path}/{name}")
    elif isinstance(shape, schema.OneOf) and not shape.variants.keys() & {*ELEMENTS, "rich_text"}:
        for variant in shape.variants.values():
            yield from upper_limits(variant, path)


@pytest.fixture
def limits() -> Callable[[str], set[tuple[str, str, int]]]:
    """Return the function that lists all upper limits of one sort, as (owner, path, most)."""

    def listed(sort: str) -> set[tuple[str, str, int]]:
        return {
            (owner, path, most)
            for owner, shape in SHAPES.items()
            for found, path, most in upper_limits(shape)
            if found == sort and not REPEATED.fullmatch(path)
        }

    return listed


@pytest.fixture
def in_place() -> Callable[[str, str, str], Case]:
    """Return the function that puts an element example into a place on a surface, by names."""

    def build(name: str, place: str, surface: str) -> Case:
        example = copy.deepcopy(EXAMPLES["elements"][name])
        return placed_element(example, Place(place), Surface(surface))

    return build


@pytest.fixture
def on_surface() -> Callable[[str, str], Case]:
    """Return the function that puts a block example onto a surface, by names."""

    def build(name: str, surface: str) -> Case:
        return placed_block(copy.deepcopy(EXAMPLES["blocks"][name]), Surface(surface))

    return build
