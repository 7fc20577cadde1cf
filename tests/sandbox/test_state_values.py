"""`state.values`, element by element."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.state_values import build_state_values, interactive_elements, state_entry

Json = dict[str, Any]


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "block_id": "b", "elements": list(elements)}]


@pytest.mark.parametrize("kind", sorted(STATEFUL))
def test_state_has_every_stateful_element_even_if_empty(kind: str) -> None:
    state = build_state_values(actions({"type": kind, "action_id": "a"}), {})
    entry = state["b"]["a"]
    assert entry == {"type": kind, STATEFUL[kind].key: [] if STATEFUL[kind].is_list else None}


def test_buttons_and_overflow_menus_have_no_state() -> None:
    elements = [{"type": kind, "action_id": kind} for kind in ("button", "overflow")]
    assert build_state_values(actions(*elements), {}) == {}


def test_initial_value_counts_until_another_is_entered() -> None:
    element = {"type": "datepicker", "action_id": "a", "initial_date": "2026-01-02"}
    assert build_state_values(actions(element), {})["b"]["a"]["selected_date"] == "2026-01-02"
    inputs = {("b", "a"): state_entry(element, None)}
    assert build_state_values(actions(element), inputs)["b"]["a"]["selected_date"] is None


def test_value_of_another_element_type_does_not_count() -> None:
    inputs = {("b", "a"): state_entry({"type": "timepicker"}, "09:30")}
    state = build_state_values(actions({"type": "datepicker", "action_id": "a"}), inputs)
    assert state["b"]["a"] == {"type": "datepicker", "selected_date": None}


def test_interactive_elements_are_found_in_every_block() -> None:
    button = {"type": "button", "action_id": "x"}
    blocks: list[Json] = [
        {"type": "section", "block_id": "1", "accessory": button},
        {"type": "section", "block_id": "2"},
        {"type": "input", "block_id": "3", "element": {"type": "datepicker"}},
        {"type": "card", "block_id": "4", "actions": [button]},
        {"type": "carousel", "elements": [{"type": "card", "block_id": "5", "actions": [button]}]},
        {"type": "container", "child_blocks": actions(button)},
        {"type": "divider"},
    ]
    assert [target.block_id for target in interactive_elements(blocks)] == ["1", "3", "4", "5", "b"]
