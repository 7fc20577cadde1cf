"""Fields in a modal: what is rendered is parsed to the same value, and no text is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from tests.slack.conftest import FEWER_EXAMPLES, LONG_TEXTS, MARKDOWN, entered_state

RESPONSE = TextField("response", "Your response", long=True)
CATEGORIES = MultiChoiceField(
    "categories", "Why?", tuple(Option(f"c{n}", f"C {n}") for n in range(9))
)
MANY = MultiChoiceField("many", "Why?", tuple(Option(f"c{n}", f"C {n}") for n in range(20)))
CONFIDENCE = ScaleField(
    "confidence", "Confidence", (Option("1", "1", "low"), Option("2", "2", "high"))
)
VERDICT = ChoiceField("verdict", "Verdict", (Option("a", "A"), Option("b", "B")))
RANKS = RankingField("ranks", "Rank", tuple(Option(c, c.upper()) for c in "abcdefghij"))


@settings(FEWER_EXAMPLES, max_examples=60)
@given(text=LONG_TEXTS | MARKDOWN)
@with_example(text="")
@with_example(text="\n")
@with_example(text="x\n\n")
@with_example(text="x" * MAX_INPUT_CHARACTERS + "\n")
@with_example(text="x" * (MAX_INPUT_CHARACTERS - 2) + "\n\n\n")
@with_example(text="\n" * 2 * MAX_INPUT_CHARACTERS)
@with_example(text=("x" * (MAX_INPUT_CHARACTERS - 20) + "\n" * 20) * 3)
@with_example(text=("x" * (MAX_INPUT_CHARACTERS - 21) + "\n" * 21) * 3)
def test_split_text_joins_to_the_same_text(text: str) -> None:
    parts, joins = split_text(text)
    assert join_parts(parts, joins) == text
    assert all(len(part) <= MAX_INPUT_CHARACTERS for part in parts)
    assert len(joins) == len(parts) - 1


def test_newlines_between_two_parts_belong_to_neither() -> None:
    text = "x" * (MAX_INPUT_CHARACTERS - 2) + "\n\n" + "y" * 10
    assert split_text(text) == (["x" * (MAX_INPUT_CHARACTERS - 2), "y" * 10], ("\n\n",))


EDITED_PARTS: list[tuple[list[str], tuple[str, ...], str]] = [
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


@pytest.mark.parametrize(("parts", "joins", "text"), EDITED_PARTS)
def test_emptied_or_added_parts_leave_no_gaps(
    parts: list[str], joins: tuple[str, ...], text: str
) -> None:
    assert join_parts(parts, joins) == text


@FEWER_EXAMPLES
@given(
    parts=st.lists(st.text(max_size=20), max_size=15),
    joins=st.lists(st.sampled_from(["", "\n", "\n\n"]), max_size=14).map(tuple),
)
def test_joining_loses_no_part(parts: list[str], joins: tuple[str, ...]) -> None:
    rest = join_parts(parts, joins)
    for part in parts:
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]


def state_of(parts: list[str | None], text: TextField = RESPONSE) -> dict[str, Any]:
    """Return `state.values` as Slack sends it, in no particular order."""
    values = {
        f"{text.key}:{number}": {text.key: {"type": "plain_text_input", "value": part}}
        for number, part in enumerate(parts)
    }
    return dict(sorted(values.items()))


@FEWER_EXAMPLES
@given(parts=st.lists(st.text() | st.none(), min_size=1, max_size=15))
def test_parts_are_parsed_in_order_and_unchanged(parts: list[str | None]) -> None:
    assert parse_text_parts(state_of(parts), RESPONSE) == [part or "" for part in parts]


def test_parts_are_sorted_as_numbers() -> None:
    parts = [f"part {number}" for number in range(15)]
    assert parse_text_parts(state_of([*parts]), RESPONSE) == parts


def test_inputs_of_other_fields_are_ignored() -> None:
    values = {
        "response:0": {"response": {"value": "mine"}},
        "response:x": {"response": {"value": "no"}},
        "response": {"response": {"value": "no"}},
        "reason:1": {"reason": {"value": "no"}},
        "response:1": {"other": {"value": "no"}},
        "response:²": {"response": {"value": "no"}},
    }
    assert parse_text_parts(values, RESPONSE) == ["mine", ""]


def test_each_part_has_an_input_and_only_the_first_is_required() -> None:
    blocks: Sequence[Mapping[str, Any]] = focus_last_part(text_blocks(RESPONSE, ["one", "two", ""]))
    assert [block["block_id"] for block in blocks] == ["response:0", "response:1", "response:2"]
    assert [block["optional"] for block in blocks] == [False, True, True]
    assert [block["element"].get("initial_value") for block in blocks] == ["one", "two", None]
    focused = [block["element"].get("focus_on_load") for block in blocks]
    assert focused == [None, None, True]
    assert {block["element"]["max_length"] for block in blocks} == {MAX_INPUT_CHARACTERS}
    assert [block["label"]["text"] for block in blocks] == [
        f"Your response, part {number}" for number in (1, 2, 3)
    ]


def test_single_part_has_the_label_of_its_field() -> None:
    (block,) = text_blocks(TextField("reason", "Why?", optional=True, hint="In a line."), [""])
    assert block["label"]["text"] == "Why?"
    assert block["optional"]
    assert block["hint"]["text"] == "In a line."


SUBMITTED: list[tuple[Field, dict[str, object], object]] = [
    (RESPONSE, {"response": "One.\n\nTwo."}, "One.\n\nTwo."),
    (RESPONSE, {}, ""),
    (CATEGORIES, {"categories": ["c3", "c1"]}, ["c3", "c1"]),
    (CATEGORIES, {}, []),
    (MANY, {"many": ["c19"]}, ["c19"]),
    (CONFIDENCE, {"confidence": 2}, "2"),
    (CONFIDENCE, {}, None),
    (VERDICT, {"verdict": "b"}, "b"),
    (RANKS, {"ranks": "b>a=c"}, {"b": "1", "a": "2", "c": "2"}),
    (RANKS, {}, {}),
]


@pytest.mark.parametrize(("field", "value", "expected"), SUBMITTED)
def test_field_is_parsed_to_its_rendered_value(
    field: Field, value: dict[str, object], expected: object
) -> None:
    contents = initial_contents((field,), value)
    state = entered_state(input_blocks(field, contents))
    assert parse_modal_input((field,), state, contents.joins) == {field.key: expected}


def test_several_fields_are_parsed_and_unrendered_ones_omitted() -> None:
    fields = (RESPONSE, CATEGORIES, CONFIDENCE, RANKS)
    value = {"response": "x" * (2 * MAX_INPUT_CHARACTERS), "categories": ["c2"], "confidence": 1}
    contents = initial_contents(fields, value)
    blocks = [block for field in fields[:3] for block in input_blocks(field, contents)]
    parsed = parse_modal_input(fields, entered_state(blocks), contents.joins)
    assert parsed == {**value, "confidence": "1"}


def test_each_option_has_a_rank_menu_that_names_best_and_worst() -> None:
    blocks: Sequence[Mapping[str, Any]] = input_blocks(
        RANKS, initial_contents((RANKS,), {"ranks": "j>a"})
    )
    assert [block["block_id"] for block in blocks] == [f"ranks:{c}" for c in "abcdefghij"]
    labels = [option["text"]["text"] for option in blocks[0]["element"]["options"]]
    assert (labels[0], labels[1], labels[-1]) == ("1, the best", "2", "10, the worst")
    chosen = {block["block_id"][-1]: block["element"].get("initial_option") for block in blocks}
    ranks = {name: int(option["value"]) for name, option in chosen.items() if option}
    assert ranks == ranks_of("j>a")


def test_too_many_options_for_checkboxes_become_a_menu() -> None:
    types = [
        input_blocks(field, initial_contents((field,), {}))[0]["element"]["type"]
        for field in (CATEGORIES, MANY)
    ]
    assert types == ["checkboxes", "multi_static_select"]
