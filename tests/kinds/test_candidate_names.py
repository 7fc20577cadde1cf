"""Answers keep their meaning when candidates are named in another order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.kinds import KINDS
from bot.kinds.candidate_names import as_shown, in_imported_order
from bot.services.reports.answer_labels import label_of


@given(st.permutations(range(2)), st.sampled_from(["a", "b", "a3", "b1", "tie", "both_bad"]))
def test_renamed_verdict_has_the_same_label(order: list[int], verdict: str) -> None:
    value = {"verdict": verdict, "reason": "a"}
    imported = in_imported_order(value, order)
    kind = KINDS["comparison"]
    assert label_of(kind, imported, [0, 1]) == label_of(kind, value, order)
    assert as_shown(imported, order) == value


@given(st.permutations(range(4)), st.sampled_from(["a>b>c>d", "d>b=a>c", "c=d>a=b"]))
def test_renamed_ranking_has_the_same_label(order: list[int], ranks: str) -> None:
    imported = in_imported_order({"ranks": ranks}, order)
    kind = KINDS["ranking"]
    assert label_of(kind, imported, range(4)) == label_of(kind, {"ranks": ranks}, order)
    assert as_shown(imported, order) == {"ranks": ranks}


def test_other_answers_stay() -> None:
    for value in ({"verdict": "good"}, {"humor": "4"}, {"response": "a>b"}):
        assert in_imported_order(value, [1, 0]) == value
