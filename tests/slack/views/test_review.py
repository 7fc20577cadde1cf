"""A case to review, drawn: Slack takes each, whatever stands in it, and nobody's name is there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.content import Content, ConversationTurn
from bot.kinds.media import Media
from bot.kinds.rating import RATING, RatingSettings
from bot.sandbox.blockkit import check_message, check_view
from bot.services.reviews.review_queue import AnswerGroup, ReviewCase, ReviewReason
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.message import Message
from bot.slack.views import review
from tests.slack.conftest import FEWER_EXAMPLES, KIND_NAMES, TEXTS, example_task, task_of, tasks

SAID = (AnswerGroup("A is better", (3, 4), ("It is shorter.",)), AnswerGroup("a tie", (5,)))


def case_of(
    task: TaskView, why: ReviewReason = ReviewReason.DISAGREED, *said: AnswerGroup, flags: int = 0
) -> ReviewCase:
    """Return a case about a task."""
    return ReviewCase(7, 1, "Tone of voice", why, task.form, said, ("Cut off.",) * flags)


def messages() -> list[Message]:
    """Return every message there is to see."""
    task = example_task("comparison")
    return [
        review.render_case(case_of(task, ReviewReason.DISAGREED, *SAID)),
        review.render_case(case_of(task, ReviewReason.FLAGGED, *SAID, flags=2), "Decided.", 6),
        review.render_case(case_of(task, ReviewReason.ON_HOLD)),
        review.render_empty_queue(),
        review.render_empty_queue("Decided."),
    ]


def views() -> list[dict[str, Any]]:
    """Return every window there is to see."""
    case = case_of(example_task("comparison"), ReviewReason.DISAGREED, *SAID)
    return [review.decision_modal(case, "{}"), review.send_back_modal(case, "{}")]


def test_the_screens_look_like_this(snapshot: SnapshotAssertion) -> None:
    assert [*messages(), *views()] == snapshot


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_decided(kind: str) -> None:
    assert check_view(review.decision_modal(case_of(example_task(kind)), "{}")) == []


@FEWER_EXAMPLES
@given(data=st.data(), name=st.sampled_from(KIND_NAMES), words=TEXTS, count=st.integers(0, 12))
def test_slack_takes_whatever_was_said(
    data: st.DataObject, name: str, words: str, count: int
) -> None:
    said = [AnswerGroup(words or "x", (number,), (words,)) for number in range(count)]
    case = case_of(data.draw(tasks(name)), ReviewReason.FLAGGED, *said, flags=9)
    message = review.render_case(case, "Decided.", 1)
    assert check_message({"blocks": message.blocks, "text": message.text}) == []
    assert "secret-model" not in str(message)
    assert check_view(review.decision_modal(case, "{}")) == []


def test_a_long_conversation_rated_turn_by_turn_can_be_decided() -> None:
    image = Media("image", "https://x.example/1.png", "A cat")
    talk = tuple(
        ConversationTurn(role, "x" * 3_000) for _ in range(13) for role in ("user", "assistant")
    )
    content = Content(talk, media=(image,) * 10)
    settings = RatingSettings(per_turn=True)
    RATING.validate_content(content, settings)
    case = case_of(task_of(RATING, content, settings, ()), ReviewReason.DISAGREED, *SAID)
    message = review.render_case(case)
    assert check_message({"blocks": message.blocks, "text": message.text}) == []
    assert "18 earlier turns of the conversation" in str(message)
    assert check_view(review.decision_modal(case, "{}")) == []
