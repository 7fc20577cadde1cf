"""What a button says of itself: it comes back whole, and anything else is none of ours."""

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

WORDS = st.text(st.sampled_from("abcdefgh_0123456789"), max_size=40)
ACTIONS = st.builds(
    Action,
    name=st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=10),
    target_id=st.integers(0, 2**31 - 1),
    field=WORDS,
    option=WORDS,
)


@given(payload=ACTIONS)
def test_a_button_comes_back_whole(payload: Action) -> None:
    action = {"action_id": payload.action_id, "value": payload.value}
    assert parse_block_action(action) == payload
    assert len(payload.action_id) <= 255
    assert len(payload.value) <= 150


@given(payload=ACTIONS)
def test_an_option_of_a_menu_comes_back_whole(payload: Action) -> None:
    action = {
        "type": "static_select",
        "action_id": payload.name,
        "selected_option": {"value": payload.value, "text": {"type": "plain_text", "text": "x"}},
    }
    assert parse_block_action(action) == payload


@given(payload=ACTIONS)
def test_what_is_picked_among_deeds_counts_as_its_button(payload: Action) -> None:
    chosen = Action(MENU, payload.target_id, payload.name, payload.option)
    action = {"action_id": MENU, "selected_option": {"value": chosen.value}}
    assert parse_block_action(action) == replace(payload, field="")


def test_options_of_one_row_have_ids_of_their_own() -> None:
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
def test_what_is_none_of_ours_is_answered_in_words(action: dict[str, Any]) -> None:
    with pytest.raises(UnknownActionError, match="older version"):
        parse_block_action(action)


@given(value=st.text(max_size=60), action_id=st.text(max_size=30))
def test_nothing_that_comes_back_breaks_the_reading(value: str, action_id: str) -> None:
    try:
        payload = parse_block_action({"action_id": action_id, "value": value})
    except UnknownActionError:
        return
    assert 0 <= payload.target_id < 2**31


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0", True), ("17", True), ("9" * 18, True), ("9" * 19, False), ("", False), ("²", False)],
)
def test_only_plain_digits_of_a_bearable_length_are_a_number(*, text: str, expected: bool) -> None:
    assert is_number(text) is expected
