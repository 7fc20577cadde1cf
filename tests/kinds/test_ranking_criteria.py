"""Criteria of a ranking: the best response on each, in any order of taps, blind and shuffled."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError
from bot.kinds.content import Candidate, Content, Order
from bot.kinds.gold import parse_gold
from bot.kinds.label import Ranking
from bot.kinds.label_text import describe_label
from bot.kinds.ranking import RANKING, RankingSettings
from bot.quality.gold import is_correct
from bot.quality.votes import main_votes, votes_of

CONTENT = Content(candidates=(Candidate("One"), Candidate("Two"), Candidate("Three")))
SETTINGS = RankingSettings.model_validate({"criteria": ["Correctness", "Clear style"]})
IN_FILE_ORDER = (0, 1, 2)
BEST = st.sampled_from(("a", "b", "c", "tie"))
VALUES = st.fixed_dictionaries(
    {
        "ranks": st.sampled_from(("a>b>c", "c>a=b", "a=b=c")),
        "correctness": BEST,
        "clear_style": BEST,
    }
)


def label_of(value: AnswerValue, order: Order = IN_FILE_ORDER) -> Ranking:
    """Return the label of an answer."""
    label = RANKING.to_label(CONTENT, value, order)
    assert isinstance(label, Ranking)
    return label


def test_one_field_per_criterion_follows_the_order() -> None:
    form = RANKING.build_form(CONTENT, SETTINGS, IN_FILE_ORDER)
    assert [field.key for field in form.message_fields] == ["ranks", "correctness", "clear_style"]
    plain = RANKING.build_form(CONTENT, RankingSettings(), IN_FILE_ORDER)
    assert [field.key for field in plain.message_fields] == ["ranks"]


@given(value=VALUES)
def test_taps_in_any_order_give_the_same_answer(value: dict[str, str]) -> None:
    for keys in permutations(value):
        stored: AnswerValue = {}
        for number, key in enumerate(keys, start=1):
            answer = RANKING.parse_answer({key: value[key]}, stored, SETTINGS, IN_FILE_ORDER)
            assert answer.complete == (number == len(keys))
            stored = answer.value
        assert stored == value


def test_order_is_tapped_between_criteria() -> None:
    value: AnswerValue = {}
    taps = ({"correctness": "c"}, {"ranks": "b"}, {"ranks": "a"}, {"clear_style": "tie"})
    for tap in taps:
        answer = RANKING.parse_answer(tap, value, SETTINGS, IN_FILE_ORDER)
        value = answer.value
        assert not answer.complete
    answer = RANKING.parse_answer({"ranks": "c"}, value, SETTINGS, IN_FILE_ORDER)
    assert answer.complete
    assert answer.value == {"ranks": "b>a>c", "correctness": "c", "clear_style": "tie"}


@given(value=VALUES, order=st.permutations(IN_FILE_ORDER))
def test_best_response_is_stored_in_imported_order(value: dict[str, str], order: list[int]) -> None:
    for key, ranks in label_of({**value}, order).criteria:
        if value[key] == "tie":
            assert ranks == (1, 1, 1)
        else:
            assert ranks.index(1) == order["abc".index(value[key])]
            assert sorted(ranks) == [1, 2, 2]


def test_only_the_order_decides_an_item() -> None:
    votes = votes_of(label_of({"ranks": "a>b>c", "correctness": "b", "clear_style": "tie"}))
    assert [(vote.question, vote.value) for vote in votes[3:6]] == [
        ("criterion_correctness", "right"),
        ("criterion_correctness", "tie"),
        ("criterion_correctness", "left"),
    ]
    assert {vote.value for vote in votes[6:]} == {"tie"}
    assert main_votes(votes) == [*votes[:3]]


def test_summary_and_description_name_the_criteria() -> None:
    value: AnswerValue = {"ranks": "b>a=c", "correctness": "b", "clear_style": "tie"}
    summary = "B, then A and C (Correctness B, Clear style tie)"
    assert RANKING.summarize(value, SETTINGS) == summary
    described = "B > A = C, correctness B > A = C, clear_style A = B = C"
    assert describe_label(label_of(value)) == described


@pytest.mark.parametrize("chosen", ["d", "both_bad", "", 1, ["a"], "ab"])
def test_unknown_option_names_the_criterion(chosen: object) -> None:
    with pytest.raises(
        InvalidAnswerError, match="Choose A, B, C or a tie for Clear style"
    ) as error:
        RANKING.parse_answer({"clear_style": chosen}, {}, SETTINGS, IN_FILE_ORDER)
    assert error.value.field == "clear_style"


@pytest.mark.parametrize(
    ("criteria", "problem"),
    [
        (["Style", "style"], "two criteria have the same name"),
        (["Ranks"], "a criterion cannot have the key ranks"),
        (["Reason"], "a criterion cannot have the key reason"),
        (list("abcdef"), "at most 5 items"),
    ],
)
def test_unsuitable_criteria_are_refused(criteria: list[str], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        RankingSettings.model_validate({"criteria": criteria})


def test_gold_answer_may_have_some_criteria() -> None:
    gold = parse_gold(RANKING, CONTENT, SETTINGS, {"ranks": "a>b>c", "correctness": "b"})
    assert gold == {"ranks": "a>b>c", "correctness": "b"}
    right: AnswerValue = {"ranks": "a>b>c", "correctness": "b", "clear_style": "c"}
    wrong: AnswerValue = {**right, "correctness": "a"}
    assert is_correct(label_of(right), label_of(gold), {})
    assert not is_correct(label_of(wrong), label_of(gold), {})


def test_gold_answer_needs_the_order() -> None:
    with pytest.raises(InvalidContentError, match="its gold answer has no ranks"):
        parse_gold(RANKING, CONTENT, SETTINGS, {"correctness": "b"})
