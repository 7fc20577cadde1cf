"""What cannot be stored or written again is named, with its column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.value_limits import MAX_FIELD_CHARS, MAX_NESTING, flaw_of


def _nested(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "flaw"),
    [
        ("x" * (MAX_FIELD_CHARS + 1), "has 200,001 characters, where 200,000 are allowed"),
        (["fine", {"deep": "x" * 300_000}], "has 300,000 characters, where 200,000 are allowed"),
        ("a\0b", "holds a NUL character"),
        ({"a\0b": 1}, "holds a NUL character"),
        ("half \ud83d", "holds half a character (a lone surrogate)"),
        (["\udc80"], "holds half a character (a lone surrogate)"),
        (2**64, "holds a number beyond 64 bits; write it as a text"),
        (-(2**63) - 1, "holds a number beyond 64 bits; write it as a text"),
        (float("inf"), "holds a number too large to store; write it as a text"),
        (_nested(MAX_NESTING + 1), "nests more than 100 lists or objects in one another"),
        (_nested(100_000), "nests more than 100 lists or objects in one another"),
    ],
)
def test_a_flaw_is_named_with_its_column(value: object, flaw: str) -> None:
    assert flaw_of({"good": "x", "bad": value}) == f"its column “bad” {flaw}"


@pytest.mark.parametrize(
    "value",
    [
        "x" * MAX_FIELD_CHARS,
        "whole \U0001f600, \t\x07\x7f and \u2028",
        2**64 - 1,
        -(2**63),
        1e308,
        True,
        None,
        [],
        {"a": [{"b": 1.5}]},
        _nested(MAX_NESTING),
    ],
)
def test_what_can_be_stored_has_no_flaw(value: object) -> None:
    assert flaw_of({"column": value}) is None


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("a\0b", "the column name “a\N{REPLACEMENT CHARACTER}b” holds a NUL character"),
        (
            "\ud83d",
            "the column name “\N{REPLACEMENT CHARACTER}” holds half a character (a lone surrogate)",
        ),
        (
            "x" * 200_001,
            f"the column name “{'x' * 59}…” has 200,001 characters, where 200,000 are allowed",
        ),
    ],
)
def test_a_column_name_may_be_the_flaw_and_is_safe_to_print(name: str, flaw: str) -> None:
    assert flaw_of({name: "x"}) == flaw


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50))
def test_any_other_text_is_fine(text: str) -> None:
    assert flaw_of({"column": [text]}) is None
