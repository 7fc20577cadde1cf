"""Gold answers: the accepted notations, and rejection of what the kind rejects as an answer."""

from __future__ import annotations

from typing import Any

import pytest

from bot.kinds import KINDS
from bot.kinds.base import InvalidContentError, Kind
from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.gold import parse_gold
from bot.kinds.rating import RATING


def _parse(kind: Kind[Any], raw: object, **settings: object) -> object:
    return parse_gold(kind, kind.example.content, kind.settings(**settings), raw)


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        ("a", "a"),
        (" B ", "b"),
        ("left", "a"),
        ("Right", "b"),
        ("A is better", "a"),
        ("both bad", "both_bad"),
        ("Both are bad", "both_bad"),
        ({"verdict": "tie"}, "tie"),
        ('{"verdict": "left"}', "a"),
    ],
)
def test_gold_verdict_is_an_option_a_label_or_a_side(raw: object, verdict: str) -> None:
    assert _parse(COMPARISON, raw) == {"verdict": verdict}


def test_gold_side_without_a_strength_means_better() -> None:
    settings = ComparisonSettings(strength=True)
    content = COMPARISON.example.content
    assert parse_gold(COMPARISON, content, settings, "left") == {"verdict": "a2"}
    assert parse_gold(COMPARISON, content, settings, "b3") == {"verdict": "b3"}


def test_gold_rating_may_have_only_some_criteria() -> None:
    assert _parse(RATING, {"humor": 4}) == {"humor": 4}
    assert _parse(RATING, '{"humor": "4", "clarity": 1}') == {"humor": 4, "clarity": 1}
    assert _parse(RATING, 2) == {"relevance": 2}


def test_gold_response_that_starts_like_json_is_text() -> None:
    assert _parse(KINDS["demonstration"], "[1] is a list.") == {"response": "[1] is a list."}


@pytest.mark.parametrize(
    ("kind", "raw", "reason"),
    [
        ("comparison", "c", "its gold answer “c” is not one of a, b, tie, both_bad"),
        ("comparison", True, "its gold answer is invalid: Choose"),
        (
            "comparison",
            {"winner": "a"},
            "its gold answer has an unknown field “winner”; the fields are verdict",
        ),
        ("rating", {"humor": 6}, "its gold answer is invalid: Rate Humor from 1 to 5"),
        ("rating", {"charm": 3}, "an unknown field “charm”; the fields are relevance"),
        ("rating", {}, "its gold answer is empty"),
        ("rating", ["3"], "its gold answer is invalid: Rate Relevance"),
        ("demonstration", 7.5, "its gold answer is invalid: Enter your response"),
    ],
)
def test_invalid_gold_is_rejected_with_a_reason(kind: str, raw: object, reason: str) -> None:
    with pytest.raises(InvalidContentError) as caught:
        _parse(KINDS[kind], raw)
    assert reason in str(caught.value)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_first_input_of_the_example_is_valid_gold(kind: Kind[Any]) -> None:
    example = kind.example
    (first_input, *_others) = example.inputs
    assert parse_gold(kind, example.content, example.settings, dict(first_input))
