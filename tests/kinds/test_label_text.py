"""A label in a few words, with the candidates in imported order."""

from __future__ import annotations

import pytest

from bot.kinds import KINDS
from bot.kinds.content import Candidate
from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict
from bot.kinds.label_text import describe_label

ONE = Candidate("One.", "secret-model")


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (Preference((), ONE, ONE, "left", None), "A is better"),
        (Preference((), ONE, ONE, "right", 3), "B is much better"),
        (Preference((), ONE, ONE, "left", -1), "A is slightly better"),
        (Preference((), ONE, ONE, "tie", None), "a tie"),
        (Preference((), ONE, ONE, "both_bad", None), "both bad"),
        (Rating((), ONE, (("humor", 4), ("clarity", 2))), "humor 4, clarity 2"),
        (Ranking((), (ONE, ONE, ONE), (2, 1, 2)), "B > A = C"),
        (Verdict((), ONE, "good", None), "good"),
        (Verdict((), ONE, "corrected", "Won."), "corrected: “Won.”"),
        (Demonstration((), "So\nit  is.", None), "“So it is.”"),
    ],
)
def test_a_label_is_said(label: Label, words: str) -> None:
    assert describe_label(label) == words


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_said_without_naming_a_model(kind: str) -> None:
    example = KINDS[kind].example
    said = describe_label(example.label)
    assert said
    assert not any(one.model and one.model in said for one in example.content.candidates)


def test_a_long_response_is_quoted_in_part() -> None:
    assert len(describe_label(Demonstration((), "word " * 1000, None))) < 320
