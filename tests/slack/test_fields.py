"""Fields drawn and read back: both directions agree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kinds.form import Choice, Option, Scale, Tap, Text
from bot.slack.fields import INPUT, given_from, input_blocks, parts_from, tap_rows
from bot.slack.ids import press_from

QUICK = settings(max_examples=60, deadline=None, derandomize=True)

VERDICT = Choice("verdict", "Verdict", tuple(Option(v, v.upper()) for v in "abcdefghi"))
HUMOR = Scale("humor", "Humor", tuple(Option(str(n), str(n), f"h{n}") for n in range(1, 6)), "How?")
RESPONSE = Text("response", "Your response", long=True)


def buttons(tap: Tap, chosen: object = None) -> list[dict[str, Any]]:
    """Return the buttons drawn for a tap."""
    rows = tap_rows(17, tap, chosen)
    return [element for row in rows for element in row.get("elements", ())]


@pytest.mark.parametrize("tap", [VERDICT, HUMOR], ids=["choice", "scale"])
def test_a_tap_is_read_back_as_what_was_drawn(tap: Tap) -> None:
    options = tap.options if isinstance(tap, Choice) else tap.points
    drawn = buttons(tap)
    assert [given_from(press_from(button)) for button in drawn] == [
        {tap.key: option.value} for option in options
    ]
    assert {press_from(button).assignment for button in drawn} == {17}


@pytest.mark.parametrize("tap", [VERDICT, HUMOR], ids=["choice", "scale"])
def test_nothing_is_marked_before_it_is_chosen_and_one_thing_after(tap: Tap) -> None:
    values = [o.value for o in (tap.options if isinstance(tap, Choice) else tap.points)]
    assert [b["action_id"] for b in buttons(tap) if "style" in b] == []
    for value in values:
        chosen: object = int(value) if value.isdigit() else value
        marked = [press_from(b).option for b in buttons(tap, chosen) if "style" in b]
        assert marked == [value]


def test_a_row_is_never_longer_than_a_desktop_shows() -> None:
    rows = [row for row in tap_rows(17, VERDICT, None) if row["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [4, 4, 1]
    assert len({row["block_id"] for row in rows}) == 3


def test_a_scale_says_what_is_asked_and_what_each_point_means() -> None:
    title, row = tap_rows(17, HUMOR, 4)
    assert title["text"]["text"] == "Humor — How?"
    assert [b["text"]["text"] for b in row["elements"]] == [
        "1 h1",
        "2 h2",
        "3 h3",
        "✓ 4 h4",
        "5 h5",
    ]


def state_of(parts: list[str | None], text: Text = RESPONSE) -> dict[str, Any]:
    """Return `state.values` as Slack would send it: in no particular order."""
    values = {
        f"{text.key}:{number}": {text.key: {"type": "plain_text_input", "value": part}}
        for number, part in enumerate(parts)
    }
    return dict(sorted(values.items()))


@QUICK
@given(parts=st.lists(st.text() | st.none(), min_size=1, max_size=15))
def test_parts_come_back_in_order_exactly_as_written(parts: list[str | None]) -> None:
    assert parts_from(state_of(parts), RESPONSE) == [part or "" for part in parts]


def test_the_tenth_part_is_not_sorted_as_text() -> None:
    parts = [f"part {number}" for number in range(15)]
    assert parts_from(state_of([*parts]), RESPONSE) == parts


def test_what_is_not_a_part_of_this_field_is_left_alone() -> None:
    values = {
        "response:0": {"response": {"value": "mine"}},
        "response:x": {"response": {"value": "no"}},
        "response": {"response": {"value": "no"}},
        "reason:1": {"reason": {"value": "no"}},
        "response:1": {"other": {"value": "no"}},
        "response:²": {"response": {"value": "no"}},
    }
    assert parts_from(values, RESPONSE) == ["mine", ""]


def test_each_part_has_a_box_of_its_own_and_only_the_first_is_required() -> None:
    blocks = input_blocks(RESPONSE, ["one", "two", ""])
    assert [block["block_id"] for block in blocks] == ["response:0", "response:1", "response:2"]
    assert [block["optional"] for block in blocks] == [False, True, True]
    assert [block["element"].get("initial_value") for block in blocks] == ["one", "two", None]
    assert [block["element"]["focus_on_load"] for block in blocks] == [False, False, True]
    assert {block["element"]["max_length"] for block in blocks} == {INPUT}
    assert [block["label"]["text"] for block in blocks] == [
        f"Your response, part {number}" for number in (1, 2, 3)
    ]


def test_one_box_is_called_by_its_name_alone() -> None:
    (block,) = input_blocks(Text("reason", "Why?", optional=True, hint="In a line."), [""])
    assert block["label"]["text"] == "Why?"
    assert block["optional"]
    assert block["hint"]["text"] == "In a line."
