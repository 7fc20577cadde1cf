"""Comparison: the verdict follows the text that the expert saw, whatever the order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError
from bot.kinds.comparison import COMPARISON, GRADED_OPTIONS, PLAIN_OPTIONS, ComparisonSettings
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.form import ChoiceField
from bot.kinds.label import Preference

PLAINLY = ComparisonSettings()
STRONGLY = ComparisonSettings(strength=True)

ORDERS: tuple[Order, ...] = ((0, 1), (1, 0))
VERDICTS = tuple(option.value for option in (*PLAIN_OPTIONS, *GRADED_OPTIONS))


def pair(left: str = "Left", right: str = "Right") -> Content:
    """Return a pair of responses to a question."""
    return Content(
        (ConversationTurn("user", "Which?"),), (Candidate(left, "m1"), Candidate(right, "m2"))
    )


def labelled(verdict: str, order: Order, content: Content | None = None) -> Preference:
    """Return the label of a verdict."""
    label = COMPARISON.to_label(content or pair(), {"verdict": verdict}, order)
    assert isinstance(label, Preference)
    return label


@given(
    left=st.text(min_size=1),
    right=st.text(min_size=1),
    order=st.sampled_from(ORDERS),
    verdict=st.sampled_from(VERDICTS),
)
def test_the_text_that_wins_is_the_text_the_expert_saw_as_better(
    left: str, right: str, order: Order, verdict: str
) -> None:
    content = pair(left, right)
    chosen = ComparisonSettings(strength=verdict[-1].isdigit())
    shown = {p.key: p.text for p in COMPARISON.build_form(content, chosen, order).passages}
    label = labelled(verdict, order, content)
    assert (label.left, label.right) == content.candidates
    if verdict in ("tie", "both_bad"):
        assert (label.winner, label.strength) == (verdict, None)
    else:
        winner = label.left if label.winner == "left" else label.right
        assert winner.text == shown[verdict[0]]
        assert winner is content.candidates[order["ab".index(verdict[0])]]


# Shown as imported, A is left; strengths run from -3 (left much better) to 3 (right much better).
LABELS = [
    ("a", (0, 1), "left", None),
    ("a", (1, 0), "right", None),
    ("b", (0, 1), "right", None),
    ("b", (1, 0), "left", None),
    ("a3", (0, 1), "left", -3),
    ("a2", (0, 1), "left", -2),
    ("a1", (0, 1), "left", -1),
    ("b1", (0, 1), "right", 1),
    ("b2", (0, 1), "right", 2),
    ("b3", (0, 1), "right", 3),
    ("a3", (1, 0), "right", 3),
    ("a1", (1, 0), "right", 1),
    ("b3", (1, 0), "left", -3),
    ("tie", (0, 1), "tie", None),
    ("tie", (1, 0), "tie", None),
    ("both_bad", (1, 0), "both_bad", None),
]


@pytest.mark.parametrize(("verdict", "order", "winner", "strength"), LABELS)
def test_a_verdict_becomes_a_preference(
    verdict: str, order: Order, winner: str, strength: int | None
) -> None:
    label = labelled(verdict, order)
    assert (label.winner, label.strength) == (winner, strength)


def test_an_order_read_from_the_database_is_undone_just_the_same() -> None:
    assert labelled("a", [1, 0]).winner == "right"


def test_both_bad_is_no_tie() -> None:
    assert labelled("tie", (0, 1)).winner != labelled("both_bad", (0, 1)).winner


def test_strength_is_one_more_set_of_buttons_and_the_two_are_not_mixed() -> None:
    for chosen, options in ((PLAINLY, PLAIN_OPTIONS), (STRONGLY, GRADED_OPTIONS)):
        (tap,) = COMPARISON.build_form(pair(), chosen, (0, 1)).message_fields
        assert isinstance(tap, ChoiceField)
        assert tap.options == options
    with pytest.raises(InvalidAnswerError):
        COMPARISON.parse_answer({"verdict": "a3"}, {}, PLAINLY, (0, 1))
    with pytest.raises(InvalidAnswerError):
        COMPARISON.parse_answer({"verdict": "a"}, {}, STRONGLY, (0, 1))


READ: list[tuple[AnswerValue, AnswerValue, AnswerValue]] = [
    ({"verdict": "a"}, {}, {"verdict": "a"}),
    ({"verdict": "b"}, {"verdict": "a"}, {"verdict": "b"}),
    ({"verdict": "a", "reason": " It is short. "}, {}, {"verdict": "a", "reason": "It is short."}),
    ({"reason": "Why."}, {"verdict": "a"}, {"verdict": "a", "reason": "Why."}),
    ({"reason": "New."}, {"verdict": "a", "reason": "Old."}, {"verdict": "a", "reason": "New."}),
    ({"reason": " "}, {"verdict": "a", "reason": "Old."}, {"verdict": "a"}),
    ({"verdict": "a"}, {"verdict": "a", "reason": "Kept."}, {"verdict": "a", "reason": "Kept."}),
    # A reason is for one verdict: with another verdict it would say the opposite.
    ({"verdict": "b"}, {"verdict": "a", "reason": "Gone."}, {"verdict": "b"}),
]


@pytest.mark.parametrize(("given_now", "before", "value"), READ)
def test_one_choice_replaces_the_other_and_a_reason_belongs_to_its_verdict(
    given_now: AnswerValue, before: AnswerValue, value: AnswerValue
) -> None:
    reading = COMPARISON.parse_answer(given_now, before, PLAINLY, (0, 1))
    assert reading.value == value
    assert reading.complete


def test_a_reason_alone_is_no_answer() -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        COMPARISON.parse_answer({"reason": "Because."}, {}, PLAINLY, (0, 1))
    assert caught.value.field == "verdict"


def test_a_reason_is_only_offered_where_it_is_wanted() -> None:
    without = COMPARISON.build_form(pair(), ComparisonSettings(reason="no"), (0, 1))
    assert (without.modal_fields, without.modal_label) == ((), "")
    assert COMPARISON.build_form(pair(), PLAINLY, (0, 1)).modal_label == "Add a reason"


@pytest.mark.parametrize(("left", "right"), [("Same.", "Same."), ("Same.", " Same.\n"), ("", "")])
def test_there_is_nothing_to_compare_in_two_that_are_the_same(left: str, right: str) -> None:
    with pytest.raises(InvalidContentError, match="identical"):
        COMPARISON.validate_content(pair(left, right), PLAINLY)


def test_a_pair_needs_no_prompt() -> None:
    content = Content(candidates=pair().candidates)
    COMPARISON.validate_content(content, PLAINLY)
    assert [p.key for p in COMPARISON.build_form(content, PLAINLY, (1, 0)).passages] == ["a", "b"]


def test_every_verdict_has_words_for_the_receipt() -> None:
    for options in (PLAIN_OPTIONS, GRADED_OPTIONS):
        for option in options:
            assert COMPARISON.summarize({"verdict": option.value}, PLAINLY) == option.label
