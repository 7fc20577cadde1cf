"""Comparison: the verdict refers to the text that the expert saw, in either order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError
from bot.kinds.comparison import COMPARISON, GRADED_OPTIONS, PLAIN_OPTIONS, ComparisonSettings
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.form import ChoiceField
from bot.kinds.label import Preference

PLAIN = ComparisonSettings()
GRADED = ComparisonSettings(strength=True)

ORDERS: tuple[Order, ...] = ((0, 1), (1, 0))
VERDICTS = tuple(option.value for option in (*PLAIN_OPTIONS, *GRADED_OPTIONS))


def pair(left: str = "Left", right: str = "Right") -> Content:
    """Return content with two responses to a prompt."""
    return Content(
        (ConversationTurn("user", "Which?"),), (Candidate(left, "m1"), Candidate(right, "m2"))
    )


def to_label(verdict: str, order: Order, content: Content | None = None) -> Preference:
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
def test_winner_is_the_text_that_the_expert_preferred(
    left: str, right: str, order: Order, verdict: str
) -> None:
    content = pair(left, right)
    settings = ComparisonSettings(strength=verdict[-1].isdigit())
    shown = {p.key: p.text for p in COMPARISON.build_form(content, settings, order).passages}
    label = to_label(verdict, order, content)
    assert (label.left, label.right) == content.candidates
    if verdict in ("tie", "both_bad"):
        assert (label.winner, label.strength) == (verdict, None)
    else:
        winner = label.left if label.winner == "left" else label.right
        assert winner.text == shown[verdict[0]]
        assert winner is content.candidates[order["ab".index(verdict[0])]]


# In imported order, A is left. Strengths run from -3 (left much better) to 3 (right much better).
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
def test_verdict_becomes_a_preference_in_imported_order(
    verdict: str, order: Order, winner: str, strength: int | None
) -> None:
    label = to_label(verdict, order)
    assert (label.winner, label.strength) == (winner, strength)


def test_order_from_the_database_is_a_list_and_is_undone() -> None:
    assert to_label("a", [1, 0]).winner == "right"


def test_both_bad_is_not_a_tie() -> None:
    assert to_label("tie", (0, 1)).winner != to_label("both_bad", (0, 1)).winner


def test_plain_and_graded_verdicts_are_not_mixed() -> None:
    for settings, options in ((PLAIN, PLAIN_OPTIONS), (GRADED, GRADED_OPTIONS)):
        (field,) = COMPARISON.build_form(pair(), settings, (0, 1)).message_fields
        assert isinstance(field, ChoiceField)
        assert field.options == options
    with pytest.raises(InvalidAnswerError):
        COMPARISON.parse_answer({"verdict": "a3"}, {}, PLAIN, (0, 1))
    with pytest.raises(InvalidAnswerError):
        COMPARISON.parse_answer({"verdict": "a"}, {}, GRADED, (0, 1))


ANSWERS: list[tuple[AnswerValue, AnswerValue, AnswerValue]] = [
    ({"verdict": "a"}, {}, {"verdict": "a"}),
    ({"verdict": "b"}, {"verdict": "a"}, {"verdict": "b"}),
    ({"verdict": "a", "reason": " It is short. "}, {}, {"verdict": "a", "reason": "It is short."}),
    ({"reason": "Clear."}, {"verdict": "a"}, {"verdict": "a", "reason": "Clear."}),
    ({"reason": "New."}, {"verdict": "a", "reason": "Old."}, {"verdict": "a", "reason": "New."}),
    ({"reason": " "}, {"verdict": "a", "reason": "Old."}, {"verdict": "a"}),
    ({"verdict": "a"}, {"verdict": "a", "reason": "Same."}, {"verdict": "a", "reason": "Same."}),
    # A reason belongs to one verdict: with another verdict it would be wrong.
    ({"verdict": "b"}, {"verdict": "a", "reason": "Gone."}, {"verdict": "b"}),
]


@pytest.mark.parametrize(("form_input", "previous", "value"), ANSWERS)
def test_new_verdict_replaces_the_previous_one_and_its_reason(
    form_input: AnswerValue, previous: AnswerValue, value: AnswerValue
) -> None:
    answer = COMPARISON.parse_answer(form_input, previous, PLAIN, (0, 1))
    assert answer.value == value
    assert answer.complete


def test_reason_without_a_verdict_is_rejected() -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        COMPARISON.parse_answer({"reason": "Because."}, {}, PLAIN, (0, 1))
    assert caught.value.field == "verdict"


def test_reason_is_offered_only_if_the_campaign_asks_for_it() -> None:
    form = COMPARISON.build_form(pair(), ComparisonSettings(reason="no"), (0, 1))
    assert (form.modal_fields, form.modal_label) == ((), "")
    assert COMPARISON.build_form(pair(), PLAIN, (0, 1)).modal_label == "Add reason…"


@pytest.mark.parametrize(("left", "right"), [("Same.", "Same."), ("Same.", " Same.\n"), ("", "")])
def test_pair_of_identical_texts_is_rejected(left: str, right: str) -> None:
    with pytest.raises(InvalidContentError, match="identical"):
        COMPARISON.validate_content(pair(left, right), PLAIN)


def test_pair_needs_no_prompt() -> None:
    content = Content(candidates=pair().candidates)
    COMPARISON.validate_content(content, PLAIN)
    assert [p.key for p in COMPARISON.build_form(content, PLAIN, (1, 0)).passages] == ["a", "b"]


def test_summary_is_the_label_of_the_verdict() -> None:
    for options in (PLAIN_OPTIONS, GRADED_OPTIONS):
        for option in options:
            assert COMPARISON.summarize({"verdict": option.value}, PLAIN) == option.label


def test_form_names_the_responses_in_the_order_in_which_they_are_shown() -> None:
    form = COMPARISON.build_form(pair(), PLAIN, (1, 0))
    assert form.question == "Which response is better?"
    assert [(p.key, p.title, p.text) for p in form.passages[1:]] == [
        ("a", "Response A", "Right"),
        ("b", "Response B", "Left"),
    ]
    (field,) = form.message_fields
    assert (field.key, field.label) == ("verdict", "Verdict")


def test_label_has_the_prompt_and_the_candidates_in_imported_order() -> None:
    label = to_label("b", (1, 0))
    assert label.prompt == (ConversationTurn("user", "Which?"),)
    assert (label.left.text, label.right.text, label.winner) == ("Left", "Right", "left")


def test_errors_say_what_is_wrong() -> None:
    with pytest.raises(InvalidAnswerError) as wrong_answer:
        COMPARISON.parse_answer({"verdict": "c"}, {}, PLAIN, (0, 1))
    assert str(wrong_answer.value) == "Choose one of the options shown."
    three = Content(candidates=(*pair().candidates, Candidate("Middle")))
    with pytest.raises(InvalidContentError, match="kind: it needs 2 candidates and has 3"):
        COMPARISON.validate_content(three, PLAIN)
    with pytest.raises(InvalidContentError, match=r"kind: its two candidates are identical\."):
        COMPARISON.validate_content(pair("Same.", "Same."), PLAIN)


@pytest.mark.parametrize("answer", [{}, {"verdict": None}, {"verdict": ["a"]}, {"verdict": 1}])
def test_answer_without_a_known_verdict_is_rejected(answer: AnswerValue) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        COMPARISON.parse_answer(answer, {}, PLAIN, (0, 1))
    assert caught.value.field == "verdict"
