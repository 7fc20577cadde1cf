"""Gold is read as people write it, and refused where the kind would refuse it as an answer."""

from __future__ import annotations

from typing import Any

import pytest

from bot.kinds import KINDS
from bot.kinds.base import InvalidContentError, Kind
from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.gold import parse_gold
from bot.kinds.rating import RATING


def _gold(kind: Kind[Any], raw: object, **settings: object) -> object:
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
        ({"verdict": "tie"}, "tie"),
        ('{"verdict": "left"}', "a"),
    ],
)
def test_a_verdict_is_read_in_every_word_there_is_for_it(raw: object, verdict: str) -> None:
    assert _gold(COMPARISON, raw) == {"verdict": verdict}


def test_a_side_without_a_strength_is_simply_better() -> None:
    settings = ComparisonSettings(strength=True)
    content = COMPARISON.example.content
    assert parse_gold(COMPARISON, content, settings, "left") == {"verdict": "a2"}
    assert parse_gold(COMPARISON, content, settings, "b3") == {"verdict": "b3"}


def test_points_may_be_known_of_some_criteria_alone() -> None:
    assert _gold(RATING, {"humor": 4}) == {"humor": 4}
    assert _gold(RATING, '{"humor": "4", "clarity": 1}') == {"humor": 4, "clarity": 1}
    assert _gold(RATING, 2) == {"relevance": 2}


def test_a_response_may_begin_as_json_does() -> None:
    assert _gold(KINDS["demonstration"], "[1] is a list.") == {"response": "[1] is a list."}


@pytest.mark.parametrize(
    ("kind", "raw", "told"),
    [
        ("comparison", "c", "its gold “c” is none of a, b, tie, both_bad"),
        ("comparison", True, "its gold is no answer: Please choose"),
        ("comparison", {"winner": "a"}, "its gold answers “winner”, and the fields are verdict"),
        ("rating", {"humor": 6}, "its gold is no answer: Humor is rated from 1 to 5"),
        ("rating", {"humour": 3}, "its gold answers “humour”, and the fields are relevance"),
        ("rating", {}, "its gold answers nothing"),
        ("rating", ["3"], "its gold is no answer: Relevance is rated"),
        ("demonstration", 7.5, "its gold is no answer: Please write"),
    ],
)
def test_what_is_no_answer_is_no_gold(kind: str, raw: object, told: str) -> None:
    with pytest.raises(InvalidContentError) as caught:
        _gold(KINDS[kind], raw)
    assert told in str(caught.value)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_what_the_example_answers_can_be_gold(kind: Kind[Any]) -> None:
    example = kind.example
    (first, *_others) = example.inputs
    assert parse_gold(kind, example.content, example.settings, dict(first))
