"""Criteria of a comparison: verdicts on each, in any order of taps, blind and shuffled."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError
from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.content import Candidate, Content, Order
from bot.kinds.gold import parse_gold
from bot.kinds.label import Preference
from bot.kinds.label_text import describe_label
from bot.quality.gold import is_correct
from bot.quality.votes import main_votes, mirror, votes_of

PAIR = Content(candidates=(Candidate("Left"), Candidate("Right")))
SETTINGS = ComparisonSettings.model_validate({"criteria": ["Correctness", "Clear style"]})
OPTIONS = st.sampled_from(("a", "tie", "b"))
VALUES = st.fixed_dictionaries(
    {
        "verdict": st.sampled_from(("a", "b", "tie", "both_bad")),
        "correctness": OPTIONS,
        "clear_style": OPTIONS,
    }
)


def label_of(value: AnswerValue, order: Order = (0, 1)) -> Preference:
    """Return the label of an answer."""
    label = COMPARISON.to_label(PAIR, value, order)
    assert isinstance(label, Preference)
    return label


def test_one_field_per_criterion_follows_the_verdict() -> None:
    form = COMPARISON.build_form(PAIR, SETTINGS, (0, 1))
    assert [(field.key, field.label) for field in form.message_fields] == [
        ("verdict", "Verdict"),
        ("correctness", "Correctness"),
        ("clear_style", "Clear style"),
    ]


@given(value=VALUES)
def test_taps_in_any_order_give_the_same_answer(value: dict[str, str]) -> None:
    for keys in permutations(value):
        stored: AnswerValue = {}
        for number, key in enumerate(keys, start=1):
            answer = COMPARISON.parse_answer({key: value[key]}, stored, SETTINGS, (0, 1))
            assert answer.complete == (number == len(keys))
            stored = answer.value
        assert stored == value


@given(value=VALUES)
def test_exchanged_responses_mirror_every_verdict(value: dict[str, str]) -> None:
    shown, exchanged = label_of({**value}, (0, 1)), label_of({**value}, (1, 0))
    for vote, mirrored in zip(votes_of(shown), votes_of(exchanged), strict=True):
        assert vote.is_sided
        assert mirrored == vote._replace(value=mirror(vote.value))


def test_verdicts_are_stored_in_imported_order() -> None:
    value: AnswerValue = {"verdict": "a", "correctness": "b", "clear_style": "tie"}
    assert label_of(value, (1, 0)).criteria == (("correctness", "left"), ("clear_style", "tie"))


def test_only_the_verdict_decides_an_item() -> None:
    votes = votes_of(label_of({"verdict": "a", "correctness": "b", "clear_style": "tie"}))
    assert [vote.question for vote in votes] == [
        "winner",
        "criterion_correctness",
        "criterion_clear_style",
    ]
    assert main_votes(votes) == [votes[0]]


def test_summary_and_description_name_the_criteria() -> None:
    value: AnswerValue = {"verdict": "a", "correctness": "b", "clear_style": "tie"}
    assert COMPARISON.summarize(value, SETTINGS) == "A is better (Correctness B, Clear style tie)"
    assert describe_label(label_of(value)) == "A is better, correctness B, clear_style tie"


def test_changed_criterion_keeps_the_verdict_and_drops_the_reason() -> None:
    previous = {"verdict": "a", "correctness": "a", "clear_style": "b", "reason": "Old."}
    answer = COMPARISON.parse_answer({"correctness": "b"}, previous, SETTINGS, (0, 1))
    assert answer.value == {"verdict": "a", "correctness": "b", "clear_style": "b"}
    assert answer.complete


@pytest.mark.parametrize("chosen", ["both_bad", "a3", "", 1, ["a"]])
def test_unknown_option_names_the_criterion(chosen: object) -> None:
    with pytest.raises(InvalidAnswerError, match="Choose A, B or a tie for Clear style") as caught:
        COMPARISON.parse_answer({"clear_style": chosen}, {}, SETTINGS, (0, 1))
    assert caught.value.field == "clear_style"


def test_confidence_may_come_between_criteria_and_verdict() -> None:
    settings = SETTINGS.model_copy(update={"confidence": True})
    value: AnswerValue = {}
    for tap in ({"correctness": "a"}, {"confidence": "2"}, {"clear_style": "b"}, {"verdict": "b"}):
        answer = COMPARISON.parse_answer(tap, value, settings, (0, 1))
        value = answer.value
    assert answer.complete
    assert value == {"verdict": "b", "correctness": "a", "clear_style": "b", "confidence": 2}


@pytest.mark.parametrize(
    ("criteria", "problem"),
    [
        (["Style", "style"], "two criteria have the same name"),
        (["Style", {"key": "other", "label": "STYLE"}], "two criteria have the same name"),
        (["Verdict"], "a criterion cannot have the key verdict"),
        (["Reason", "Confidence"], "a criterion cannot have the key confidence or reason"),
        (["Better response"], "a criterion cannot have the key better_response"),
        ([""], "with a lowercase key"),
        (["一致"], "with a lowercase key"),
        (["1", "2"], "with a lowercase key"),
        (list("abcdef"), "at most 5 items"),
    ],
)
def test_unsuitable_criteria_are_refused(criteria: list[Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        ComparisonSettings.model_validate({"criteria": criteria})


def test_gold_answer_may_have_some_criteria() -> None:
    raw = {"verdict": "left", "correctness": "right"}
    gold = parse_gold(COMPARISON, PAIR, SETTINGS, raw)
    assert gold == {"verdict": "a", "correctness": "b"}
    assert parse_gold(COMPARISON, PAIR, SETTINGS, "tie") == {"verdict": "tie"}
    right: AnswerValue = {"verdict": "a", "correctness": "b", "clear_style": "b"}
    wrong: AnswerValue = {**right, "correctness": "a"}
    assert is_correct(label_of(right), label_of(gold), {})
    assert not is_correct(label_of(wrong), label_of(gold), {})
    assert is_correct(label_of(wrong), label_of({"verdict": "a"}), {})


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"correctness": "left"}, "its gold answer has no verdict"),
        ({"verdict": "left", "correctness": "both_bad"}, "is not one of a, tie, b"),
        ({"verdict": "left", "humor": "left"}, "unknown field “humor”"),
    ],
)
def test_unsuitable_gold_answer_is_refused(raw: dict[str, str], problem: str) -> None:
    with pytest.raises(InvalidContentError, match=problem):
        parse_gold(COMPARISON, PAIR, SETTINGS, raw)
