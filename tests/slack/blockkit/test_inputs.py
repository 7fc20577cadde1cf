"""Inputs of modals: each is valid, and its entry is parsed by its key."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.sandbox.blockkit import check_view
from bot.slack.blockkit import inputs
from bot.slack.blockkit.blocks import plain_text
from bot.slack.blockkit.types import InputBlock

OPTIONS = [("a", "First"), ("b", "x" * 100)]

INPUTS: dict[str, InputBlock] = {
    "text": inputs.text_input("text", "T", value="y" * 4000, placeholder="p", hint="h"),
    "link": inputs.url_input("link", "L", value="https://example.com", hint="h"),
    "number": inputs.number_input("number", "N", minimum=1, maximum=9, value=3),
    "menu": inputs.select_input("menu", "M", OPTIONS, chosen="b"),
    "radio": inputs.select_input("radio", "R", OPTIONS, as_radio=True),
    "several": inputs.multi_select_input("several", "S", OPTIONS, chosen=["a"]),
    "ticks": inputs.multi_select_input("ticks", "C", OPTIONS, as_checkboxes=True, optional=True),
    "people": inputs.users_input("people", "P", chosen=["U1"]),
    "channel": inputs.channel_input("channel", "C", chosen="C1"),
    "day": inputs.date_input("day", "D", chosen=date(2026, 3, 2)),
    "time": inputs.time_input("time", "T", chosen="09:30"),
    "file": inputs.file_input("file", "F", ["csv"]),
}


def test_every_input_is_valid() -> None:
    view = {
        "type": "modal",
        "title": plain_text("All"),
        "submit": plain_text("Go"),
        "blocks": list(INPUTS.values()),
    }
    assert check_view(view) == []
    assert all(block["block_id"] == key for key, block in INPUTS.items())


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
    assert inputs.parse_inputs({"key": {"key": element}}) == {"key": entry}


def test_unknown_input_is_ignored() -> None:
    values = {"block": {"other": {"type": "plain_text_input", "value": "x"}}}
    assert inputs.parse_inputs(values) == {}
