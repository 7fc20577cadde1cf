"""Criteria written as lines: what is written is read back, and a wrong line says what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.criteria_text import InvalidCriterionError, format_criteria, parse_criteria
from bot.kinds.rating import CRITERIA_PRESETS, Criterion

WORDS = st.text("abcdefg hij-?!.,'éß日", min_size=1, max_size=30).map(str.strip).filter(bool)


@pytest.mark.parametrize("known", CRITERIA_PRESETS.values(), ids=list(CRITERIA_PRESETS))
def test_the_known_criteria_are_read_back_as_they_were(known: tuple[Criterion, ...]) -> None:
    assert parse_criteria(format_criteria(known)) == known


@given(label=WORDS, question=WORDS | st.just(""), anchors=st.lists(WORDS, min_size=2, max_size=7))
def test_whatever_is_written_is_read_back(label: str, question: str, anchors: list[str]) -> None:
    asked = f" ({question})" if question else ""
    (read,) = parse_criteria(f"\n {label}{asked}:{'|'.join(anchors)}  \n\n")
    assert (read.label, list(read.anchors)) == (label, anchors)
    assert read.question == " ".join(question.split())
    assert parse_criteria(format_criteria([read])) == (read,)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Humor", "a colon"),
        ("Humor: funny", "2 to 7 points"),
        ("Humor: a | b | c | d | e | f | g | h", "2 to 7 points"),
        ("Humor: a | " + "b" * 61, "2 to 7 points"),
        ("Humor: a | | c", "a word or two"),
        ("Humor:", "a word or two"),
        ("x" * 61 + ": a | b", "the label is too long"),
        ("Humor (" + "x" * 201 + "): a | b", "the question is too long"),
    ],
)
def test_a_wrong_line_says_where_and_why(line: str, reason: str) -> None:
    with pytest.raises(InvalidCriterionError, match=r"^Line 2: ") as wrong:
        parse_criteria(f"Clarity: no | yes\n{line}")
    assert reason in str(wrong.value)


def test_a_name_that_is_no_column_gets_one() -> None:
    keys = [one.key for one in parse_criteria("1st try: a | b\n日本: a | b\nHumor: a | b")]
    assert keys == ["criterion_1st_try", "criterion", "humor"]
