"""Criteria written as lines: what is written is read back, and a wrong line says what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.anchoring import BadCriterionError, from_lines, in_lines
from bot.kinds.rating import CRITERIA, Criterion

WORDS = st.text("abcdefg hij-?!.,'éß日", min_size=1, max_size=30).map(str.strip).filter(bool)


@pytest.mark.parametrize("known", CRITERIA.values(), ids=list(CRITERIA))
def test_the_known_criteria_are_read_back_as_they_were(known: tuple[Criterion, ...]) -> None:
    assert from_lines(in_lines(known)) == known


@given(label=WORDS, question=WORDS | st.just(""), anchors=st.lists(WORDS, min_size=2, max_size=7))
def test_whatever_is_written_is_read_back(label: str, question: str, anchors: list[str]) -> None:
    asked = f" ({question})" if question else ""
    (read,) = from_lines(f"\n {label}{asked}:{'|'.join(anchors)}  \n\n")
    assert (read.label, list(read.anchors)) == (label, anchors)
    assert read.question == " ".join(question.split())
    assert from_lines(in_lines([read])) == (read,)


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
    with pytest.raises(BadCriterionError, match=r"^Line 2: ") as wrong:
        from_lines(f"Clarity: no | yes\n{line}")
    assert reason in str(wrong.value)


def test_a_name_that_is_no_column_gets_one() -> None:
    keys = [one.key for one in from_lines("1st try: a | b\n日本: a | b\nHumor: a | b")]
    assert keys == ["criterion_1st_try", "criterion", "humor"]
