"""Labels in words, with the candidates in imported order."""

from __future__ import annotations

import pytest

from bot.kinds import KINDS
from bot.kinds.content import Candidate
from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict
from bot.kinds.label_text import describe_label

CANDIDATE = Candidate("One.", "secret-model")


@pytest.mark.parametrize(
    ("label", "description"),
    [
        (Preference((), CANDIDATE, CANDIDATE, "left", None), "A is better"),
        (Preference((), CANDIDATE, CANDIDATE, "right", 3), "B is much better"),
        (Preference((), CANDIDATE, CANDIDATE, "left", -1), "A is slightly better"),
        (Preference((), CANDIDATE, CANDIDATE, "tie", None), "a tie"),
        (Preference((), CANDIDATE, CANDIDATE, "both_bad", None), "both are bad"),
        (Rating((), CANDIDATE, (("humor", 4), ("clarity", 2))), "humor 4, clarity 2"),
        (Ranking((), (CANDIDATE, CANDIDATE, CANDIDATE), (2, 1, 2)), "B > A = C"),
        (Verdict((), CANDIDATE, "good", None), "good"),
        (Verdict((), CANDIDATE, "corrected", "Won."), "corrected: “Won.”"),
        (Demonstration((), "So\nit  is.", None), "“So\nit  is.”"),
    ],
)
def test_label_is_described(label: Label, description: str) -> None:
    assert describe_label(label) == description


@pytest.mark.parametrize("kind", KINDS)
def test_description_never_names_a_model(kind: str) -> None:
    example = KINDS[kind].example
    description = describe_label(example.label)
    assert description
    models = [candidate.model for candidate in example.content.candidates]
    assert not any(model and model in description for model in models)


def test_long_responses_with_the_same_beginning_are_told_apart() -> None:
    texts = ("word " * 1000, "word " * 1000 + "end")
    assert len({describe_label(Demonstration((), text, None)) for text in texts}) == 2
