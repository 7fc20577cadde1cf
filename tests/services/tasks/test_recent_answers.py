"""Recent answers; each can be changed until it is final."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.errors import BotError
from bot.services.answers import submit
from bot.services.answers.submit import AnswerAfterCloseError, FinalAnswerError, NotAssigneeError
from bot.services.campaigns import campaigns
from bot.services.tasks import recent_answers
from storage.tables import Annotation, Assignment
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, BOB, messages_of_type, open_campaign


def create_answers(scenario: Scenario, items: int = 1) -> None:
    """Create a campaign and submit Ada's answers to all its items."""
    open_campaign(scenario, ADA, items=items)
    for _ in range(items):
        scenario.advance_clock(minutes=1)
        scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")


def finalize(scenario: Scenario) -> None:
    """Make the first answer final."""

    def update(session: Session) -> None:
        session.get_one(Assignment, 1).finalized_by = "export tone-1"

    scenario.database.write_now(update)


def list_recent(scenario: Scenario) -> list[tuple[int, bool]]:
    """Return Ada's list_recent answers, and whether each can be changed."""
    answers = scenario.database.read_now(recent_answers.list_recent_answers, 1)
    return [(answer.assignment_id, answer.can_change) for answer in answers]


def test_newest_answers_are_listed_first(scenario: Scenario) -> None:
    create_answers(scenario, 7)
    scenario.database.write_now(submit.undo, 6, scenario.interaction(ADA))
    assert list_recent(scenario) == [(number, True) for number in (7, 5, 4, 3, 2)]


def test_recent_answer_counts_until_it_is_changed(scenario: Scenario) -> None:
    create_answers(scenario)
    scenario.database.write_now(recent_answers.show_recent_answer, 1, scenario.interaction(ADA))
    assert [row.payload for row in messages_of_type(scenario, "recent_answer")] == [
        {"assignment_id": 1}
    ]
    assert scenario.rows(Assignment)[0].state == "answered"
    scenario.submit_answer(ADA, 1, verdict="b")
    values = [annotation.value for annotation in scenario.rows(Annotation)]
    assert values == [{"verdict": "a"}, {"verdict": "b"}]


def test_undone_answer_is_shown_as_open_task(scenario: Scenario) -> None:
    create_answers(scenario)
    scenario.database.write_now(submit.undo, 1, scenario.interaction(ADA))
    scenario.database.write_now(recent_answers.show_recent_answer, 1, scenario.interaction(ADA))
    assert messages_of_type(scenario, "new_task")[-1].payload == {"is_requested": True}


def test_final_answer_cannot_be_changed(scenario: Scenario) -> None:
    create_answers(scenario)
    finalize(scenario)
    assert list_recent(scenario) == [(1, False)]
    for action in (recent_answers.show_recent_answer, submit.undo):
        with pytest.raises(FinalAnswerError, match="made final by export tone-1"):
            scenario.database.write_now(action, 1, scenario.interaction(ADA))
    with pytest.raises(FinalAnswerError):
        scenario.submit_answer(ADA, 1, verdict="b")
    assert scenario.rows(Assignment)[0].value == {"verdict": "a"}
    assert scenario.count("annotation") == 1


@pytest.mark.parametrize(
    ("slack_id", "error"), [(BOB, NotAssigneeError), (ADA, AnswerAfterCloseError)]
)
def test_other_answers_cannot_be_shown(
    scenario: Scenario, slack_id: str, error: type[BotError]
) -> None:
    create_answers(scenario)
    if slack_id == ADA:
        scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
        assert list_recent(scenario) == [(1, False)]
    with pytest.raises(error):
        scenario.database.write_now(
            recent_answers.show_recent_answer, 1, scenario.interaction(slack_id)
        )
