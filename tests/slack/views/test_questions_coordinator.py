"""Questions and flags for coordinators: Slack accepts them, and buttons have the right target."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import ModalView
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views import questions_coordinator
from bot.slack.views.task_modals import ModalMetadata
from storage.queries.questions_and_flags import QuestionOrFlag
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    TEXTS,
    as_yaml,
    example_task,
    message_problems,
    message_yaml,
    objects_in,
)

OPEN_ENTRY = QuestionOrFlag(
    id=3,
    text="Which tone do you want?",
    assignment_id=17,
    task_id=5,
    campaign_id=1,
    campaign_name="tone",
    item_key="pair-1",
    slack_id="U0ADA",
    expert_name="Ada",
    outcome=None,
)
DONE_ENTRY = OPEN_ENTRY._replace(outcome="A friendly one.")


def messages() -> list[Message]:
    """Return every message about questions and flags for coordinators."""
    return [
        questions_coordinator.render_question(OPEN_ENTRY),
        questions_coordinator.render_flag(OPEN_ENTRY, is_on_hold=False),
    ]


def views() -> list[ModalView]:
    """Return every modal about questions and flags for coordinators."""
    task = example_task("comparison")
    return [
        questions_coordinator.answer_question_modal(OPEN_ENTRY),
        questions_coordinator.resolve_flag_modal(OPEN_ENTRY, ModalMetadata(3)),
        questions_coordinator.item_modal(task),
    ]


@pytest.mark.parametrize("entry", [OPEN_ENTRY, DONE_ENTRY], ids=["open", "done"])
def test_question_and_flag_messages(entry: QuestionOrFlag, snapshot: SnapshotAssertion) -> None:
    for message in (
        questions_coordinator.render_question(entry),
        questions_coordinator.render_flag(entry, is_on_hold=bool(entry.outcome)),
    ):
        assert message_problems(message) == []
        assert message_yaml(message) == snapshot


def test_modals(snapshot: SnapshotAssertion) -> None:
    metadata = ModalMetadata(3, "C1", "1.0", "https://hooks.slack.example/1")
    for view in (
        questions_coordinator.answer_question_modal(OPEN_ENTRY),
        questions_coordinator.resolve_flag_modal(OPEN_ENTRY, metadata),
        questions_coordinator.item_modal(example_task("comparison")),
    ):
        assert check_view(view) == []
        assert as_yaml(view) == snapshot


def test_buttons_have_their_target() -> None:
    found = [
        parse_block_action(element)
        for message in messages()
        for element in objects_in(message.blocks)
        if element.get("type") == "button"
    ]
    assert [(action.name, action.target_id) for action in found] == [
        ("answer_question", 3),
        ("show_item", 17),
        ("resolve_flag", 3),
        ("show_item", 17),
        ("put_on_hold", 3),
    ]


@FEWER_EXAMPLES
@given(text=TEXTS.filter(str.strip), outcome=st.none() | TEXTS.filter(str.strip), key=TEXTS)
def test_slack_accepts_any_text(text: str, outcome: str | None, key: str) -> None:
    entry = OPEN_ENTRY._replace(text=text, outcome=outcome, item_key=key)
    assert message_problems(questions_coordinator.render_question(entry)) == []
    assert message_problems(questions_coordinator.render_flag(entry, is_on_hold=True)) == []
    assert check_view(questions_coordinator.answer_question_modal(entry)) == []
    task = replace(example_task("comparison"), campaign_title=key[:80] or "tone")
    assert check_view(questions_coordinator.item_modal(task)) == []
