"""Arbitrary and corrupted input: checks never crash, never change it, and are fast."""

from __future__ import annotations

import copy
import json
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


def collect_strings(value: object) -> set[str]:
    """Return all keys and strings in `value`: the vocabulary of Block Kit."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, list):
        return set().union(*map(collect_strings, value))
    if isinstance(value, dict):
        return set(value) | set().union(*map(collect_strings, value.values()))
    return set()


VOCABULARY = sorted(collect_strings(EXAMPLES))

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(VOCABULARY)
)
any_json = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(VOCABULARY) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=20,
)


@st.composite
def corrupted(draw: st.DrawFn, examples: list[Any]) -> Any:  # noqa: ANN401 - any JSON
    """Draw an example with one or two values replaced by arbitrary JSON."""
    value = copy.deepcopy(draw(st.sampled_from(examples)))
    for _ in range(draw(st.integers(1, 2))):
        parent = value
        while True:
            keys = list(range(len(parent)) if isinstance(parent, list) else parent)
            key = draw(st.sampled_from(keys))
            if not (isinstance(parent[key], dict | list) and parent[key] and draw(st.booleans())):
                break
            parent = parent[key]
        parent[key] = draw(any_json)
    return value


def run_check(check: Callable[[object], list[Problem]], value: object) -> list[Problem]:
    """Return the problems of `value`; assert that they are well-formed and `value` unchanged."""
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


@given(any_json, st.sampled_from(Surface))
def test_any_json_can_be_checked_as_blocks(value: object, surface: Surface) -> None:
    run_check(lambda blocks: check_blocks(blocks, surface), value)
    run_check(lambda blocks: check_blocks(blocks, surface), [value])


@given(any_json)
def test_any_json_can_be_checked_as_view_and_message(value: object) -> None:
    assert run_check(check_view, value)
    run_check(check_message, value)
    run_check(check_message, {"blocks": [value], "attachments": [value]})


@settings(max_examples=150)
@given(st.lists(corrupted(BLOCKS), min_size=1, max_size=3), st.sampled_from(Surface))
def test_corrupted_blocks_can_be_checked(blocks: list[Any], surface: Surface) -> None:
    run_check(lambda blocks: check_blocks(blocks, surface), blocks)


@given(corrupted(VIEWS), st.lists(corrupted(BLOCKS), max_size=2))
def test_corrupted_view_can_be_checked(view: dict[str, Any], blocks: list[Any]) -> None:
    run_check(check_view, view)
    if isinstance(view.get("blocks"), list):
        run_check(check_view, view | {"blocks": view["blocks"] + blocks})


@given(st.lists(corrupted(BLOCKS), min_size=1, max_size=3))
def test_pointers_resolve_to_an_object(blocks: list[Any]) -> None:
    for problem in check_blocks(blocks, Surface.MESSAGE):
        if problem.code == "missing_field" or "additional property" in problem.message:
            value: Any = blocks
            for step in problem.pointer.split("/")[1:]:
                value = value[int(step)] if isinstance(value, list) else value[step]
            assert isinstance(value, dict)


@pytest.mark.parametrize("depth", [10, 300])
def test_deep_nesting_does_not_crash(depth: int) -> None:
    value: Any = {"type": "section"}
    for _ in range(depth):
        value = {"type": "container", "child_blocks": [value], "text": [value]}
    assert check_blocks([value], Surface.MESSAGE)
    assert check_view({"type": "home", "blocks": [value], "extra": value})


def test_lone_surrogates_do_not_crash() -> None:
    text = {"type": "plain_text", "text": "\ud800"}
    assert check_view({"type": "home", "blocks": [{"type": "header", "text": text}]}) == []


def fifty_blocks() -> list[dict[str, Any]]:
    options = [
        {"text": {"type": "plain_text", "text": f"option {number}"}, "value": str(number)}
        for number in range(5)
    ]
    blocks: list[dict[str, Any]] = [
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
    return blocks * 10


def test_full_message_is_accepted() -> None:
    assert check_blocks(fifty_blocks(), Surface.MESSAGE) == []
