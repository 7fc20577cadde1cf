"""What coordinators see of questions and flags: what Slack takes, with the right buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.slack.blockkit.message import Message
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

RAISED = QuestionOrFlag(
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
DONE = RAISED._replace(outcome="A friendly one.")


def messages() -> list[Message]:
    """Return every message that coordinators see."""
    return [
        questions_coordinator.render_question(RAISED),
        questions_coordinator.render_flag(RAISED, is_on_hold=False),
    ]


def views() -> list[dict[str, Any]]:
    """Return every window that coordinators see."""
    task = example_task("comparison")
    return [
        questions_coordinator.answer_question_modal(RAISED),
        questions_coordinator.resolve_flag_modal(RAISED, ModalMetadata(3)),
        questions_coordinator.item_modal(task),
    ]


@pytest.mark.parametrize("raised", [RAISED, DONE], ids=["open", "done"])
def test_a_question_and_a_flag_as_slack_receives_them(
    raised: QuestionOrFlag, snapshot: SnapshotAssertion
) -> None:
    for message in (
        questions_coordinator.render_question(raised),
        questions_coordinator.render_flag(raised, is_on_hold=bool(raised.outcome)),
    ):
        assert message_problems(message) == []
        assert message_yaml(message) == snapshot


def test_windows_as_slack_receives_them(snapshot: SnapshotAssertion) -> None:
    backdrop = ModalMetadata(3, "C1", "1.0", "https://hooks.slack.example/1")
    for view in (
        questions_coordinator.answer_question_modal(RAISED),
        questions_coordinator.resolve_flag_modal(RAISED, backdrop),
        questions_coordinator.item_modal(example_task("comparison")),
    ):
        assert check_view(view) == []
        assert as_yaml(view) == snapshot


def test_every_button_comes_back_with_what_it_is_about() -> None:
    found = [
        parse_block_action(one)
        for each in messages()
        for one in objects_in(each.blocks)
        if one.get("type") == "button"
    ]
    assert [(payload.name, payload.target_id) for payload in found] == [
        ("answer_question", 3),
        ("show_item", 17),
        ("show_item", 17),
        ("resolve_flag", 3),
        ("put_on_hold", 3),
    ]


@FEWER_EXAMPLES
@given(text=TEXTS.filter(str.strip), outcome=st.none() | TEXTS.filter(str.strip), key=TEXTS)
def test_slack_takes_whatever_was_raised(text: str, outcome: str | None, key: str) -> None:
    raised = RAISED._replace(text=text, outcome=outcome, item_key=key)
    assert message_problems(questions_coordinator.render_question(raised)) == []
    assert message_problems(questions_coordinator.render_flag(raised, is_on_hold=True)) == []
    assert check_view(questions_coordinator.answer_question_modal(raised)) == []
    task = replace(example_task("comparison"), campaign_title=key[:80] or "tone")
    assert check_view(questions_coordinator.item_modal(task)) == []
