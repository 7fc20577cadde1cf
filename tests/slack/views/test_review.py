"""Review cases: Slack accepts any content, and no expert or model is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media
from bot.kinds.rating import RATING, RatingSettings
from bot.sandbox.blockkit import check_message, check_view
from bot.services.reviews.decided_cases import DecidedCase
from bot.services.reviews.review_case import (
    AnswerGroup,
    CasePlace,
    NoReviewCaseError,
    ReviewCase,
    ReviewReason,
)
from bot.services.reviews.review_queue import CaseCursor
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import ModalView
from bot.slack.forms.modal_fields import MAX_INPUT_CHARACTERS, MAX_PARTS
from bot.slack.views import review, review_decisions, review_modals
from bot.slack.views.review_modals import CaseReference
from tests.services.conftest import NOW
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    KIND_NAMES,
    SECRET_MODEL,
    TEXTS,
    example_task,
    task_of,
    tasks,
)

REFERENCE = CaseReference(7, "disagreed", "https://hooks.slack.example/actions/T1/1/x")

ANSWER_GROUPS = (
    AnswerGroup("A is better", (3, 4), ("It is shorter.",)),
    AnswerGroup("a tie", (5,)),
)


DECIDED = DecidedCase(6, "joke-17", "A is better", "U0BOSS", NOW, "It is shorter.")
DECISIONS = (DECIDED, replace(DECIDED, task_id=5, reason=""))


def case_of(
    task: TaskView,
    reason: ReviewReason = ReviewReason.DISAGREED,
    *answer_groups: AnswerGroup,
    flags: int = 0,
) -> ReviewCase:
    """Return a review case about a task."""
    return ReviewCase(
        7,
        1,
        "Tone of voice",
        reason,
        task.form,
        answer_groups,
        ("Cut off.",) * flags,
        place=CasePlace(3, 9, counts={reason: 7, ReviewReason.SAMPLED: 1_204}),
    )


def messages() -> list[Message]:
    """Return every review message."""
    task = example_task("comparison")
    return [
        review.render_case(case_of(task, ReviewReason.DISAGREED, *ANSWER_GROUPS)),
        review.render_case(
            case_of(task, ReviewReason.FLAGGED, *ANSWER_GROUPS, flags=2), "Decision saved.", 6
        ),
        review.render_case(case_of(task, ReviewReason.ON_HOLD)),
        review.render_queue_end(),
        review.render_queue_end(last_decision="Decision saved.", undo_task_id=6),
        review.render_queue_end(review.QueueEnd(1, passed=2)),
        review.render_queue_end(review.QueueEnd(1, passed=2, only=ReviewReason.DISAGREED)),
        review.render_queue_end(review.QueueEnd(1, only=ReviewReason.FLAGGED)),
        review_decisions.render_decisions(
            "Tone", 1, [DECIDED, replace(DECIDED, task_id=5, reason="")], NOW
        ),
        review_decisions.render_decisions("Tone", 1, [], NOW),
    ]


def views() -> list[ModalView]:
    """Return every review modal."""
    case = case_of(example_task("comparison"), ReviewReason.DISAGREED, *ANSWER_GROUPS)
    return [
        review_modals.decision_modal(case, REFERENCE),
        review_modals.send_back_modal(case, REFERENCE),
        review_modals.full_text_modal(case, 0),
    ]


def long_case_modal() -> ModalView:
    """Return the first of several pages of a case."""
    long_answer = AnswerGroup("word " * 6_000, (3,))
    return review_modals.full_text_modal(
        case_of(example_task("comparison"), ReviewReason.DISAGREED, long_answer), 0
    )


def test_screens(snapshot: SnapshotAssertion) -> None:
    assert [*messages(), *views()] == snapshot


@pytest.mark.parametrize("number", [1, 3, 999_999])
@pytest.mark.parametrize("is_filtered", [True, False])
@pytest.mark.parametrize("reason", ReviewReason)
def test_buttons_carry_the_place_and_the_filter(
    number: int,
    is_filtered: bool,  # noqa: FBT001 - a parameter
    reason: ReviewReason,
) -> None:
    case = replace(
        case_of(example_task("comparison"), reason), place=CasePlace(number, 9, is_filtered)
    )
    cursor = review.parse_case_field(review.case_field(case), 7)
    assert cursor == CaseCursor(reason, 7, number, is_filtered)


@pytest.mark.parametrize("text", ["", "nonsense", "flagged-x", "flagged-1-all", "flagged-1234567"])
def test_forged_field_is_refused(text: str) -> None:
    with pytest.raises(NoReviewCaseError):
        review.parse_case_field(text, 7)


def test_decisions_fit_in_a_message() -> None:
    long_decision = replace(DECIDED, item_key="k" * 500, summary="word " * 900, reason="w " * 900)
    decisions = [
        replace(long_decision, task_id=number) for number in range(review_decisions.MAX_DECISIONS)
    ]
    message = review_decisions.render_decisions("t" * 300, 1, decisions, NOW)
    assert check_message({"blocks": message.blocks, "text": message.text}) == []


@pytest.mark.parametrize("kind", KINDS)
def test_slack_accepts_decision_modal_of_every_kind(kind: str) -> None:
    assert check_view(review_modals.decision_modal(case_of(example_task(kind)), REFERENCE)) == []


@FEWER_EXAMPLES
@given(data=st.data(), name=st.sampled_from(KIND_NAMES), text=TEXTS, count=st.integers(0, 12))
def test_slack_accepts_any_answers(data: st.DataObject, name: str, text: str, count: int) -> None:
    answer_groups = [AnswerGroup(text or "x", (number,), (text,)) for number in range(count)]
    case = case_of(data.draw(tasks(name)), ReviewReason.FLAGGED, *answer_groups, flags=9)
    message = review.render_case(case, "Decision saved.", 1)
    assert check_message({"blocks": message.blocks, "text": message.text}) == []
    assert SECRET_MODEL not in str(message)
    assert check_view(review_modals.decision_modal(case, REFERENCE)) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("🙂" * 200_000, id="emoji"),
        pytest.param("word " * 40_000, id="words"),
        pytest.param("🙂" * MAX_PARTS * MAX_INPUT_CHARACTERS, id="longest that fits"),
    ],
)
@pytest.mark.parametrize("name", ["demonstration", "validation"])
def test_slack_accepts_decision_modal_of_a_long_text(name: str, text: str) -> None:
    content = KINDS[name].example.content
    turns = (ConversationTurn("user", text), ConversationTurn("user", text))
    long_content = (
        replace(content, prompt=turns, draft=text)
        if content.draft
        else replace(content, prompt=turns, candidates=(Candidate(text),))
    )
    example = KINDS[name].example
    task = task_of(KINDS[name], long_content, example.settings, example.order)
    view = review_modals.decision_modal(case_of(task), REFERENCE)
    assert check_view(view) == []
    is_editable = len(text) <= MAX_PARTS * MAX_INPUT_CHARACTERS
    assert ("too long" in str(view)) is not is_editable
    assert (view["callback_id"] == "notice") is (name == "demonstration" and not is_editable)


def test_slack_accepts_long_conversation_with_turn_ratings() -> None:
    image = Media("image", "https://x.example/1.png", "A cat")
    turns = tuple(
        ConversationTurn(role, "x" * 3_000) for _ in range(13) for role in ("user", "assistant")
    )
    content = Content(turns, media=(image,) * 10)
    settings = RatingSettings(per_turn=True)
    RATING.validate_content(content, settings)
    case = case_of(task_of(RATING, content, settings, ()), ReviewReason.DISAGREED, *ANSWER_GROUPS)
    message = review.render_case(case)
    assert check_message({"blocks": message.blocks, "text": message.text}) == []
    assert "18 earlier turns of the conversation" in str(message)
    assert check_view(review_modals.decision_modal(case, REFERENCE)) == []


def test_truncated_passage_names_the_button_that_shows_more() -> None:
    content = Content(candidates=(Candidate("w " * 10_000),))
    case = case_of(task_of(RATING, content, RatingSettings(), (0,)))
    assert "Choose Full text to see them." in str(review.render_case(case).blocks)
    modal = str(review_modals.decision_modal(case, REFERENCE))
    assert "more characters." in modal
    assert "Choose Full text" not in modal


def test_full_text_has_all_of_each_answer_on_its_pages() -> None:
    words = [f"word{number}" for number in range(6_000)]
    groups = [AnswerGroup(" ".join(words), (1, 2), ("Because. " * 200, "last reason"))]
    groups += [AnswerGroup(f"answer {number}", (number,)) for number in range(3, 15)]
    case = case_of(example_task("comparison"), ReviewReason.FLAGGED, *groups, flags=9)
    pages = [review_modals.full_text_modal(case, page) for page in range(10)]
    assert all(check_view(page) == [] for page in pages)
    text = str(pages)
    assert all(word in text for word in (*words, "last reason", "answer 14"))
    assert "Page 1 of " in str(pages[0])
    assert pages[-1] == pages[-2], "a page beyond the end is the last one"
