"""Value limits: values that cannot be stored or exported are reported with their column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.checks import MAX_FIELD_CHARS, MAX_NESTING, flaw_of


def _nested(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "flaw"),
    [
        ("x" * (MAX_FIELD_CHARS + 1), "has 200,001 characters; the limit is 200,000"),
        (["fine", {"deep": "x" * 300_000}], "has 300,000 characters; the limit is 200,000"),
        ("a\0b", "contains a NUL character"),
        ({"a\0b": 1}, "contains a NUL character"),
        ("half \ud83d", "contains an incomplete character (a lone surrogate)"),
        (["\udc80"], "contains an incomplete character (a lone surrogate)"),
        (2**64, "has a number that does not fit in 64 bits; write it as text"),
        (-(2**63) - 1, "has a number that does not fit in 64 bits; write it as text"),
        (float("inf"), "has a number too large to store; write it as text"),
        (_nested(MAX_NESTING + 1), "has lists or objects nested more than 100 deep"),
        (_nested(100_000), "has lists or objects nested more than 100 deep"),
    ],
)
def test_flaw_names_its_column(value: object, flaw: str) -> None:
    assert flaw_of({"good": "x", "bad": value}) == f"the column “bad” {flaw}"


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
def test_value_within_the_limits_has_no_flaw(value: object) -> None:
    assert flaw_of({"column": value}) is None


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("a\0b", "the column name “a\N{REPLACEMENT CHARACTER}b” contains a NUL character"),
        (
            "\ud83d",
            (
                "the column name “\N{REPLACEMENT CHARACTER}” "
                "contains an incomplete character (a lone surrogate)"
            ),
        ),
        (
            "x" * 200_001,
            f"the column name “{'x' * 59}…” has 200,001 characters; the limit is 200,000",
        ),
    ],
)
def test_invalid_column_name_is_printed_safely(name: str, flaw: str) -> None:
    assert flaw_of({name: "x"}) == flaw


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50))
def test_any_other_text_is_valid(text: str) -> None:
    assert flaw_of({"column": [text]}) is None
