"""Sheets: what is written and chosen in a modal comes back as it was entered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example as with_example
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kinds.form import (
    ChoiceField,
    Field,
    MultiChoiceField,
    Option,
    RankingField,
    ScaleField,
    TextField,
)
from bot.kinds.rank_notation import ranks_of
from bot.slack.blockkit.blocks import Block
from bot.slack.forms.modal_fields import (
    MAX_INPUT_CHARACTERS,
    focus_last_part,
    initial_contents,
    input_blocks,
    join_parts,
    parse_modal_input,
    parse_text_parts,
    split_text,
    text_blocks,
)
from tests.slack.conftest import FEWER_EXAMPLES, MARKDOWN

RESPONSE = TextField("response", "Your response", long=True)
CATEGORIES = MultiChoiceField(
    "categories", "Why?", tuple(Option(f"c{n}", f"C {n}") for n in range(9))
)
MANY = MultiChoiceField("many", "Why?", tuple(Option(f"c{n}", f"C {n}") for n in range(20)))
SURE = ScaleField("confidence", "Confidence", (Option("1", "1", "low"), Option("2", "2", "high")))
VERDICT = ChoiceField("verdict", "Verdict", (Option("a", "A"), Option("b", "B")))
RANKS = RankingField("ranks", "Rank", tuple(Option(c, c.upper()) for c in "abcdefghij"))

PIECES = ("word ", "x", "\n", "\n\n", " ", "a" * 3_000, "b" * 2_999 + "\n", "\n" * 25, "é🙂")
LONG = st.lists(
    st.builds(lambda piece, times: piece * times, st.sampled_from(PIECES), st.integers(1, 900)),
    max_size=6,
).map(lambda parts: "".join(parts)[:40_000])


@settings(FEWER_EXAMPLES, max_examples=60)
@given(text=LONG | MARKDOWN)
@with_example(text="")
@with_example(text="\n")
@with_example(text="x\n\n")
@with_example(text="x" * MAX_INPUT_CHARACTERS + "\n")
@with_example(text="x" * (MAX_INPUT_CHARACTERS - 2) + "\n\n\n")
@with_example(text="\n" * 2 * MAX_INPUT_CHARACTERS)
@with_example(text=("x" * (MAX_INPUT_CHARACTERS - 20) + "\n" * 20) * 3)
@with_example(text=("x" * (MAX_INPUT_CHARACTERS - 21) + "\n" * 21) * 3)
def test_a_text_in_boxes_is_the_same_text(text: str) -> None:
    parts, joins = split_text(text)
    assert join_parts(parts, joins) == text
    assert all(len(part) <= MAX_INPUT_CHARACTERS for part in parts)
    assert len(joins) == len(parts) - 1


def test_a_line_end_between_two_boxes_is_not_put_into_either() -> None:
    text = "x" * (MAX_INPUT_CHARACTERS - 2) + "\n\n" + "y" * 10
    assert split_text(text) == (["x" * (MAX_INPUT_CHARACTERS - 2), "y" * 10], ("\n\n",))


CHANGED: list[tuple[list[str], tuple[str, ...], str]] = [
    (["a", "b"], ("\n",), "a\nb"),
    (["a", "b"], ("",), "ab"),
    (["a", "b"], (), "a\n\nb"),
    (["a", "b", "c"], (" ",), "a b\n\nc"),
    (["a", ""], ("\n",), "a"),
    (["a", "", ""], (), "a"),
    (["", "b"], ("\n",), "b"),
    (["a", "", "c"], ("\n", "\n"), "a\nc"),
    (["", "", ""], ("\n", "\n"), ""),
    ([""], (), ""),
    ([], (), ""),
    (["a\n", "b"], (), "a\n\n\nb"),
]


@pytest.mark.parametrize(("parts", "joins", "text"), CHANGED)
def test_boxes_that_were_emptied_or_added_leave_no_gaps(
    parts: list[str], joins: tuple[str, ...], text: str
) -> None:
    assert join_parts(parts, joins) == text


@FEWER_EXAMPLES
@given(
    parts=st.lists(st.text(max_size=20), max_size=15),
    joins=st.lists(st.sampled_from(["", "\n", "\n\n"]), max_size=14).map(tuple),
)
def test_nothing_that_stands_in_a_box_is_ever_lost(
    parts: list[str], joins: tuple[str, ...]
) -> None:
    rest = join_parts(parts, joins)
    for part in parts:
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]


def state_of(parts: list[str | None], text: TextField = RESPONSE) -> dict[str, Any]:
    """Return `state.values` as Slack would send it: in no particular order."""
    values = {
        f"{text.key}:{number}": {text.key: {"type": "plain_text_input", "value": part}}
        for number, part in enumerate(parts)
    }
    return dict(sorted(values.items()))


@FEWER_EXAMPLES
@given(parts=st.lists(st.text() | st.none(), min_size=1, max_size=15))
def test_parts_come_back_in_order_exactly_as_written(parts: list[str | None]) -> None:
    assert parse_text_parts(state_of(parts), RESPONSE) == [part or "" for part in parts]


def test_the_tenth_part_is_not_sorted_as_text() -> None:
    parts = [f"part {number}" for number in range(15)]
    assert parse_text_parts(state_of([*parts]), RESPONSE) == parts


def test_what_is_not_a_part_of_this_field_is_left_alone() -> None:
    values = {
        "response:0": {"response": {"value": "mine"}},
        "response:x": {"response": {"value": "no"}},
        "response": {"response": {"value": "no"}},
        "reason:1": {"reason": {"value": "no"}},
        "response:1": {"other": {"value": "no"}},
        "response:²": {"response": {"value": "no"}},
    }
    assert parse_text_parts(values, RESPONSE) == ["mine", ""]


def test_each_part_has_a_box_of_its_own_and_only_the_first_is_required() -> None:
    blocks = text_blocks(RESPONSE, ["one", "two", ""])
    assert [block["block_id"] for block in blocks] == ["response:0", "response:1", "response:2"]
    assert [block["optional"] for block in blocks] == [False, True, True]
    assert [block["element"].get("initial_value") for block in blocks] == ["one", "two", None]
    assert [b["element"].get("focus_on_load") for b in focus_last_part(blocks, RESPONSE)] == [
        None,
        None,
        True,
    ]
    assert {block["element"]["max_length"] for block in blocks} == {MAX_INPUT_CHARACTERS}
    assert [block["label"]["text"] for block in blocks] == [
        f"Your response, part {number}" for number in (1, 2, 3)
    ]


def test_one_box_is_called_by_its_name_alone() -> None:
    (block,) = text_blocks(TextField("reason", "Why?", optional=True, hint="In a line."), [""])
    assert block["label"]["text"] == "Why?"
    assert block["optional"]
    assert block["hint"]["text"] == "In a line."


def entered_state(blocks: list[Block]) -> dict[str, Any]:
    """Return the `state.values` of a modal that is sent as it was drawn."""
    return {
        block["block_id"]: {block["element"]["action_id"]: _initial(block["element"])}
        for block in blocks
    }


def _initial(element: Block) -> Block:
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": element.get("initial_value")}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    return {"type": kind, "selected_option": element.get("initial_option")}


SENT: list[tuple[Field, dict[str, object], object]] = [
    (RESPONSE, {"response": "One.\n\nTwo."}, "One.\n\nTwo."),
    (RESPONSE, {}, ""),
    (CATEGORIES, {"categories": ["c3", "c1"]}, ["c3", "c1"]),
    (CATEGORIES, {}, []),
    (MANY, {"many": ["c19"]}, ["c19"]),
    (SURE, {"confidence": 2}, "2"),
    (SURE, {}, None),
    (VERDICT, {"verdict": "b"}, "b"),
    (RANKS, {"ranks": "b>a=c"}, {"b": "1", "a": "2", "c": "2"}),
    (RANKS, {}, {}),
]


@pytest.mark.parametrize(("field", "value", "given_back"), SENT)
def test_a_field_is_read_back_as_what_was_drawn(
    field: Field, value: dict[str, object], given_back: object
) -> None:
    filled = initial_contents((field,), value)
    state = entered_state(input_blocks(field, filled))
    assert parse_modal_input((field,), state, filled.joins) == {field.key: given_back}


def test_several_fields_are_read_side_by_side_and_what_was_not_drawn_is_not_given() -> None:
    fields = (RESPONSE, CATEGORIES, SURE, RANKS)
    value = {"response": "x" * (2 * MAX_INPUT_CHARACTERS), "categories": ["c2"], "confidence": 1}
    filled = initial_contents(fields, value)
    message = [block for field in fields[:3] for block in input_blocks(field, filled)]
    back = parse_modal_input(fields, entered_state(message), filled.joins)
    assert back == {**value, "confidence": "1"}


def test_each_option_gets_a_rank_and_the_ends_say_which_is_best() -> None:
    blocks = input_blocks(RANKS, initial_contents((RANKS,), {"ranks": "j>a"}))
    assert [block["block_id"] for block in blocks] == [f"ranks:{c}" for c in "abcdefghij"]
    words = [option["text"]["text"] for option in blocks[0]["element"]["options"]]
    assert (words[0], words[1], words[-1]) == ("1, the best", "2", "10, the worst")
    chosen = {b["block_id"][-1]: b["element"].get("initial_option") for b in blocks}
    stands = {name: int(option["value"]) for name, option in chosen.items() if option}
    assert stands == ranks_of("j>a")


def test_more_options_than_slack_has_boxes_for_go_into_a_menu() -> None:
    kinds = [
        input_blocks(f, initial_contents((f,), {}))[0]["element"]["type"]
        for f in (CATEGORIES, MANY)
    ]
    assert kinds == ["checkboxes", "multi_static_select"]
