"""Whatever comes in: an answer comes out, nothing is changed, and soon."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.blockkit import (
    Problem,
    Surface,
    chat_error,
    check_blocks,
    check_message,
    check_view,
    validate_error,
    view_error,
)

EXAMPLES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "examples.json").read_text()
)
BLOCKS = list(EXAMPLES["blocks"].values())
VIEWS = list(EXAMPLES["views"].values())


def names(value: object) -> set[str]:
    """Return all keys and short strings in `value`: the words of Block Kit."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, list):
        return set().union(*map(names, value))
    if isinstance(value, dict):
        return set(value) | set().union(*map(names, value.values()))
    return set()


WORDS = sorted(names(EXAMPLES))

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(WORDS)
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=20,
)


@st.composite
def damaged(draw: st.DrawFn, examples: list[Any]) -> Any:  # noqa: ANN401  any JSON
    """Draw an example with anything at all in one or two of its places."""
    value = copy.deepcopy(draw(st.sampled_from(examples)))
    for _ in range(draw(st.integers(1, 2))):
        holder = value
        while True:
            keys = list(range(len(holder)) if isinstance(holder, list) else holder)
            key = draw(st.sampled_from(keys))
            if not (isinstance(holder[key], dict | list) and holder[key] and draw(st.booleans())):
                break
            holder = holder[key]
        holder[key] = draw(anything)
    return value


def judge(check: Callable[[object], list[Problem]], value: object) -> list[Problem]:
    """Return the problems of `value`, after making sure that they are problems."""
    before = json.dumps(value)
    problems = check(value)
    assert json.dumps(value) == before
    assert isinstance(problems, list)
    for problem in problems:
        assert problem.message
        assert not problem.pointer or problem.pointer.startswith("/")
    if problems:
        for body in (
            chat_error(problems),
            view_error(problems),
            validate_error(problems, kind="message"),
        ):
            assert json.dumps(body)
            assert body["ok"] is False
    return problems


@given(anything, st.sampled_from(Surface))
def test_any_json_is_judged_as_blocks(value: object, surface: Surface) -> None:
    judge(lambda it: check_blocks(it, surface), value)
    judge(lambda it: check_blocks(it, surface), [value])


@given(anything)
def test_any_json_is_judged_as_a_view_and_a_message(value: object) -> None:
    assert judge(check_view, value)
    judge(check_message, value)
    judge(check_message, {"blocks": [value], "attachments": [value]})


@settings(max_examples=150)
@given(st.lists(damaged(BLOCKS), min_size=1, max_size=3), st.sampled_from(Surface))
def test_any_damage_to_blocks_is_judged(blocks: list[Any], surface: Surface) -> None:
    judge(lambda it: check_blocks(it, surface), blocks)


@given(damaged(VIEWS), st.lists(damaged(BLOCKS), max_size=2))
def test_any_damage_to_a_view_is_judged(view: dict[str, Any], blocks: list[Any]) -> None:
    judge(check_view, view)
    if isinstance(view.get("blocks"), list):
        judge(check_view, view | {"blocks": view["blocks"] + blocks})


@given(st.lists(damaged(BLOCKS), min_size=1, max_size=3))
def test_pointers_lead_to_something(blocks: list[Any]) -> None:
    for problem in check_blocks(blocks, Surface.MESSAGE):
        if problem.code == "missing_field" or "additional property" in problem.message:
            value: Any = blocks
            for step in problem.pointer.split("/")[1:]:
                value = value[int(step)] if isinstance(value, list) else value[step]
            assert isinstance(value, dict)


@pytest.mark.parametrize("depth", [10, 300])
def test_depth_is_no_danger(depth: int) -> None:
    value: Any = {"type": "section"}
    for _ in range(depth):
        value = {"type": "container", "child_blocks": [value], "text": [value]}
    assert check_blocks([value], Surface.MESSAGE)
    assert check_view({"type": "home", "blocks": [value], "extra": value})


def test_lone_surrogates_are_no_danger() -> None:
    text = {"type": "plain_text", "text": "\ud800"}
    assert check_view({"type": "home", "blocks": [{"type": "header", "text": text}]}) == []


def fifty_blocks() -> list[dict[str, Any]]:
    options = [
        {"text": {"type": "plain_text", "text": f"option {number}"}, "value": str(number)}
        for number in range(5)
    ]
    row: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": "Which one is better?"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*A*\n" + "word " * 40}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Task 17"}]},
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": f"vote{number}",
                    "text": {"type": "plain_text", "text": "This one"},
                    "value": "17:a",
                    "style": "primary",
                }
                for number in range(3)
            ],
        },
        {
            "type": "input",
            "label": {"type": "plain_text", "text": "How sure are you?"},
            "element": {"type": "radio_buttons", "action_id": "sure", "options": options},
        },
    ]
    return row * 10


def test_a_full_message_is_judged_in_well_under_two_milliseconds() -> None:
    blocks = fifty_blocks()
    assert check_blocks(blocks, Surface.MESSAGE) == []
    taken = []
    for _ in range(30):
        start = time.thread_time()
        check_blocks(blocks, Surface.MESSAGE)
        taken.append(time.thread_time() - start)
    assert min(taken) < 0.002
