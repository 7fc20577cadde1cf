"""Entries of modals are parsed by their key."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.blockkit.entries import parse_inputs


@pytest.mark.parametrize(
    ("element", "entry"),
    [
        ({"type": "plain_text_input", "value": "  yes \n"}, "yes"),
        ({"type": "plain_text_input", "value": None}, None),
        ({"type": "plain_text_input", "value": "   "}, None),
        ({"type": "number_input", "value": "3"}, "3"),
        ({"type": "static_select", "selected_option": {"value": "a"}}, "a"),
        ({"type": "static_select", "selected_option": None}, None),
        ({"type": "multi_static_select", "selected_options": [{"value": "a"}]}, ["a"]),
        ({"type": "checkboxes", "selected_options": []}, []),
        ({"type": "multi_users_select", "selected_users": ["U1", "U2"]}, ["U1", "U2"]),
        ({"type": "conversations_select", "selected_conversation": "C1"}, "C1"),
        ({"type": "datepicker", "selected_date": "2026-03-02"}, "2026-03-02"),
        ({"type": "timepicker", "selected_time": "09:30"}, "09:30"),
        ({"type": "file_input", "files": [{"id": "F1"}]}, [{"id": "F1"}]),
    ],
)
def test_entry_is_parsed(element: dict[str, Any], entry: object) -> None:
    assert parse_inputs({"key": {"key": element}}) == {"key": entry}


def test_unknown_input_is_ignored() -> None:
    values = {"block": {"other": {"type": "plain_text_input", "value": "x"}}}
    assert parse_inputs(values) == {}
