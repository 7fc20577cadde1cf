"""Action ids and values: they are parsed to the same action, and anything else is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.parsing.action_ids import (
    MENU,
    Action,
    UnknownActionError,
    is_number,
    parse_block_action,
)

KEYS = st.text(st.sampled_from("abcdefgh_0123456789"), max_size=40)
ACTIONS = st.builds(
    Action,
    name=st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=10),
    target_id=st.integers(0, 2**31 - 1),
    field=KEYS,
    option=KEYS,
)


@given(action=ACTIONS)
def test_button_is_parsed_to_its_action(action: Action) -> None:
    block_action = {"action_id": action.action_id, "value": action.value}
    assert parse_block_action(block_action) == action
    assert len(action.action_id) <= 255
    assert len(action.value) <= 150


@given(action=ACTIONS)
def test_menu_option_is_parsed_to_its_action(action: Action) -> None:
    block_action = {
        "type": "static_select",
        "action_id": action.name,
        "selected_option": {"value": action.value, "text": {"type": "plain_text", "text": "x"}},
    }
    assert parse_block_action(block_action) == action


@given(action=ACTIONS)
def test_option_of_an_action_menu_counts_as_its_button(action: Action) -> None:
    option = Action(MENU, action.target_id, action.name, action.option)
    block_action = {"action_id": MENU, "selected_option": {"value": option.value}}
    assert parse_block_action(block_action) == replace(action, field="")


def test_buttons_in_a_row_have_unique_ids() -> None:
    ids = {Action("answer", 1, "verdict", option).action_id for option in ("a", "b", "tie")}
    assert len(ids) == 3


HOSTILE: list[dict[str, Any]] = [
    {},
    {"action_id": "answer"},
    {"action_id": "answer", "value": None},
    {"action_id": "answer", "value": 17},
    {"action_id": "answer", "value": ""},
    {"action_id": "answer", "value": "17"},
    {"action_id": "answer", "value": "17:verdict"},
    {"action_id": "answer", "value": "17:verdict:a:b"},
    {"action_id": "answer", "value": "x:verdict:a"},
    {"action_id": "answer", "value": "-1:verdict:a"},
    {"action_id": "answer", "value": "1.5:verdict:a"},
    {"action_id": "answer", "value": " 1:verdict:a"},
    {"action_id": "answer", "value": "1_0:verdict:a"},
    {"action_id": "answer", "value": "٣:verdict:a"},
    {"action_id": "answer", "value": "²:verdict:a"},
    {"action_id": "answer", "value": f"{2**31}:verdict:a"},
    {"action_id": "answer", "value": f"{10**17}:verdict:a"},
    {"action_id": "answer", "value": f"{10**18}:verdict:a"},
    {"action_id": "answer", "value": "9" * 5000 + ":verdict:a"},
    {"action_id": "answer", "selected_option": None},
    {"action_id": "answer", "selected_option": {}},
    {"action_id": "answer", "selected_option": {"value": "x"}},
]


@pytest.mark.parametrize("action", HOSTILE, ids=range(len(HOSTILE)))
def test_unknown_action_is_refused_with_a_remedy(action: dict[str, Any]) -> None:
    with pytest.raises(UnknownActionError, match="older version"):
        parse_block_action(action)


@given(value=st.text(max_size=60), action_id=st.text(max_size=30))
def test_any_input_is_parsed_or_refused(value: str, action_id: str) -> None:
    try:
        action = parse_block_action({"action_id": action_id, "value": value})
    except UnknownActionError:
        return
    assert 0 <= action.target_id < 2**31


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0", True), ("17", True), ("9" * 18, True), ("9" * 19, False), ("", False), ("²", False)],
)
def test_only_short_ascii_digits_are_a_number(*, text: str, expected: bool) -> None:
    assert is_number(text) is expected


def test_largest_id_of_the_database_is_accepted() -> None:
    action = Action("answer", 2**31 - 1, "verdict", "a")
    block_action = {"action_id": action.action_id, "value": action.value}
    assert parse_block_action(block_action) == action


def test_action_without_an_id_has_no_name() -> None:
    assert parse_block_action({"value": "17:verdict:a"}) == Action("", 17, "verdict", "a")
