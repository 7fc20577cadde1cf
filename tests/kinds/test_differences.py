"""Differences between two texts that have most of their words in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.differences import (
    MAX_TOKENS,
    TextPart,
    are_close,
    find_differences,
    shorten_common_parts,
)

TEXTS = st.text(alphabet="ab é\n.$\\", max_size=60)


@given(first=TEXTS, second=TEXTS)
def test_parts_of_each_side_are_its_text(first: str, second: str) -> None:
    parts = find_differences(first, second)
    sides = {
        side: "".join(part.text for part in parts if part.side in ("both", side))
        for side in ("first", "second")
    }
    assert sides == {"first": first, "second": second}
    assert all(part.text for part in parts)


@given(first=TEXTS, second=TEXTS, limit=st.integers(1, 10))
def test_only_common_parts_are_shortened(first: str, second: str, limit: int) -> None:
    parts = find_differences(first, second)
    shortened = list(shorten_common_parts(parts, limit))
    assert len(shortened) == len(parts)
    for part, short in zip(parts, shortened, strict=True):
        assert part.side == short.side
        assert part == short or (part.side == "both" and len(short.text) <= 2 * limit + 1)


def test_replaced_words_come_in_the_order_of_the_texts() -> None:
    assert find_differences("It is 9 o'clock.", "It is 10 o'clock!") == [
        TextPart("It is ", "both"),
        TextPart("9", "first"),
        TextPart("10", "second"),
        TextPart(" o'clock", "both"),
        TextPart(".", "first"),
        TextPart("!", "second"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "is_close"),
    [
        ("The sky is blue today.", "The sky is grey today.", True),
        ("The sky is blue today.", "Grass grows where it rains.", False),
        ("same", "same", False),
        ("", "", False),
        ("word " * MAX_TOKENS, "word " * (MAX_TOKENS - 1), False),
    ],
)
def test_close_texts_differ_in_few_words(first: str, second: str, *, is_close: bool) -> None:
    assert are_close(first, second) is is_close
