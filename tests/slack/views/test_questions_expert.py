"""Modals of a task's menu: Slack accepts them, and the reasons do not reveal gold questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.slack.blockkit.types import ModalView
from bot.slack.parsing.action_ids import UnknownActionError
from bot.slack.views import questions_expert
from storage.queries.questions_and_flags import AnsweredQuestion
from tests.slack.conftest import FEWER_EXAMPLES, TEXTS, as_yaml, example_task

SELECTION_REASONS = {
    "none": {},
    "domains": {"domains": ["law", "tax", "birds"], "language": None},
    "language": {"domains": ["law"], "language": "de"},
    "dispatched": {
        "domains": [],
        "language": None,
        "is_dispatched": True,
        "is_only_candidate": False,
    },
    "only candidate": {
        "domains": [],
        "language": None,
        "is_dispatched": True,
        "is_only_candidate": True,
    },
}


def views() -> list[ModalView]:
    """Return every modal of the menu, and answered questions."""
    task = example_task("comparison")
    return [
        *(questions_expert.menu_modal(option, task) for option in questions_expert.MENU_MODALS),
        questions_expert.answered_questions_modal([]),
    ]


@pytest.mark.parametrize("option", questions_expert.MENU_MODALS)
def test_menu_modal(option: str, snapshot: SnapshotAssertion) -> None:
    view = questions_expert.menu_modal(option, example_task("comparison"))
    assert check_view(view) == []
    assert as_yaml(view) == snapshot


@pytest.mark.parametrize("name", SELECTION_REASONS)
def test_selection_reasons(name: str, snapshot: SnapshotAssertion) -> None:
    task = example_task("comparison", selection_reason=SELECTION_REASONS[name])
    view: Mapping[str, Any] = questions_expert.menu_modal("why", task)
    assert view["blocks"][0]["text"]["text"] == snapshot


def test_unknown_option_is_rejected() -> None:
    with pytest.raises(UnknownActionError):
        questions_expert.menu_modal("nonsense", example_task("comparison"))


@FEWER_EXAMPLES
@given(question=TEXTS.filter(str.strip), answer=TEXTS.filter(str.strip))
def test_slack_accepts_any_answered_questions(question: str, answer: str) -> None:
    answered = [AnsweredQuestion(question, answer)] * 25
    assert check_view(questions_expert.answered_questions_modal(answered)) == []


def test_modal_without_answered_questions() -> None:
    assert check_view(questions_expert.answered_questions_modal([])) == []
