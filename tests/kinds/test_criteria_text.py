"""Criteria as text: round trips, and errors that name the line and the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.criteria_presets import CRITERIA_PRESETS, Criterion
from bot.kinds.criteria_text import InvalidCriterionError, format_criteria, parse_criteria

WORDS = st.text("abcdefg hij-?!.,'éß日", min_size=1, max_size=30).map(str.strip).filter(bool)


@pytest.mark.parametrize("preset", CRITERIA_PRESETS.values(), ids=list(CRITERIA_PRESETS))
def test_presets_round_trip(preset: tuple[Criterion, ...]) -> None:
    assert parse_criteria(format_criteria(preset)) == preset


@given(label=WORDS, question=WORDS | st.just(""), anchors=st.lists(WORDS, min_size=2, max_size=7))
def test_any_criterion_round_trips(label: str, question: str, anchors: list[str]) -> None:
    parentheses = f" ({question})" if question else ""
    (criterion,) = parse_criteria(f"\n {label}{parentheses}:{'|'.join(anchors)}  \n\n")
    assert (criterion.label, list(criterion.anchors)) == (label, anchors)
    assert criterion.question == " ".join(question.split())
    assert parse_criteria(format_criteria([criterion])) == (criterion,)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Humor", "a colon"),
        ("Humor: funny", "2 to 7 points"),
        ("Humor: a | b | c | d | e | f | g | h", "2 to 7 points"),
        ("Humor: a | " + "b" * 61, "the point “bbbbbbbbbbbbbbbbbbbb…” has 61 characters"),
        ("Humor: a | b | " + "c" * 80, "but a button holds at most 60"),
        ("Humor: a | | c", "a description"),
        ("Humor:", "a description"),
        ("x" * 61 + ": a | b", "the label is too long"),
        ("Humor (" + "x" * 201 + "): a | b", "the question is too long"),
    ],
)
def test_error_names_the_line_and_the_reason(line: str, reason: str) -> None:
    with pytest.raises(InvalidCriterionError, match=r"^Line 2: ") as caught:
        parse_criteria(f"Clarity: no | yes\n{line}")
    assert reason in str(caught.value)


def test_label_that_is_no_valid_column_name_gets_one() -> None:
    keys = [
        criterion.key for criterion in parse_criteria("1st try: a | b\n日本: a | b\nHumor: a | b")
    ]
    assert keys == ["criterion_1st_try", "criterion", "humor"]
