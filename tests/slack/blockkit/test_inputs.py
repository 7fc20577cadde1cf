"""Inputs of modals: each is valid."""

from __future__ import annotations

from datetime import date

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
