"""What experts raise: windows that Slack takes, and reasons that give no gold away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.slack.parsing.action_ids import UnknownActionError
from bot.slack.views import questions_expert
from storage.queries.questions_and_flags import AnsweredQuestion
from tests.slack.conftest import FEWER_EXAMPLES, TEXTS, as_yaml, example_task

WHYS = {
    "nothing": {},
    "field": {"domains": ["law", "tax", "birds"], "language": None},
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


def views() -> list[dict[str, Any]]:
    """Return every window that experts see."""
    task = example_task("comparison")
    return [
        *(questions_expert.menu_modal(way, task) for way in questions_expert.MENU_MODALS),
        questions_expert.answered_questions_modal([]),
    ]


@pytest.mark.parametrize("way", questions_expert.MENU_MODALS)
def test_each_window_as_slack_receives_it(way: str, snapshot: SnapshotAssertion) -> None:
    view = questions_expert.menu_modal(way, example_task("comparison"))
    assert check_view(view) == []
    assert as_yaml(view) == snapshot


@pytest.mark.parametrize("name", WHYS)
def test_why_somebody_is_asked(name: str, snapshot: SnapshotAssertion) -> None:
    view = questions_expert.menu_modal("why", example_task("comparison", why=WHYS[name]))
    assert view["blocks"][0]["text"]["text"] == snapshot


def test_an_option_that_nobody_knows_opens_nothing() -> None:
    with pytest.raises(UnknownActionError):
        questions_expert.menu_modal("nonsense", example_task("comparison"))


@FEWER_EXAMPLES
@given(question=TEXTS.filter(str.strip), answer=TEXTS.filter(str.strip))
def test_slack_takes_whatever_was_asked_and_answered(question: str, answer: str) -> None:
    assert (
        check_view(
            questions_expert.answered_questions_modal([AnsweredQuestion(question, answer)] * 25)
        )
        == []
    )


def test_nothing_answered_is_said() -> None:
    assert check_view(questions_expert.answered_questions_modal([])) == []
