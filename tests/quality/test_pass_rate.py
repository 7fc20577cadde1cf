"""Tests of pass rates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.content import Candidate
from bot.kinds.label import Demonstration, Judgment, Label, Preference, Ranking, Rating, Verdict
from bot.quality.pass_rate import PassTally, has_passed

TEXT = Candidate("a")
SCALES = {"humor": 5, "clarity": 4}


def verdict(value: Judgment) -> Verdict:
    """Return a verdict."""
    return Verdict((), TEXT, value, None)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (verdict("good"), [True]),
        (verdict("bad"), [False]),
        (verdict("corrected"), [False]),
        (Preference((), TEXT, TEXT, "left", None), [True, False]),
        (Preference((), TEXT, TEXT, "right", None), [False, True]),
        (Preference((), TEXT, TEXT, "tie", None), [True, True]),
        (Preference((), TEXT, TEXT, "both_bad", None), [False, False]),
        (Ranking((), (TEXT,) * 3, (2, 1, 1)), [False, True, True]),
        (Rating((), TEXT, (("humor", 4), ("clarity", 3))), [True]),
        (Rating((), TEXT, (("humor", 3), ("clarity", 4))), [False]),
        (Rating((), TEXT, (("turn2_humor", 3.0),)), [False]),
        (Demonstration((), "x", None), [None]),
    ],
)
def test_each_kind_of_answer_passes_by_its_rule(label: Label, expected: list[bool | None]) -> None:
    assert [has_passed(label, position, SCALES) for position in range(len(expected))] == expected


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=5), min_size=1, max_size=12))
def test_a_candidate_passes_by_the_majority_of_its_answers(items: list[list[bool]]) -> None:
    tally = PassTally()
    for item in items:
        tally.add([verdict("good" if one else "bad") for one in item], ["wren"], {})
        tally.add([verdict("good")], [None], {})
    (rate,) = tally.rates()
    passed = sum(item.count(True) > item.count(False) for item in items)
    assert (rate.candidates, rate.answers) == (len(items), sum(map(len, items)))
    assert (rate.passed, rate.pass_rate) == (passed, passed / len(items))
    assert 0 <= rate.low <= rate.pass_rate <= rate.high <= 1
