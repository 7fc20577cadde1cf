"""Recent answers, and changing one of them until it is final."""

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
from tests.services.tasks.test_scheduled_delivery import ADA, BOB, opened, words


def answered(workshop: Scenario, items: int = 1) -> None:
    """Let Ada answer everything."""
    opened(workshop, ADA, items=items)
    for _ in range(items):
        workshop.advance_clock(minutes=1)
        workshop.submit_answer(ADA, workshop.assign_next(ADA) or 0, verdict="a")


def lock(workshop: Scenario) -> None:
    """Make every answer final."""

    def decide(session: Session) -> None:
        session.get_one(Assignment, 1).finalized_by = "export tone-1"

    workshop.database.write_now(decide)


def recent(workshop: Scenario) -> list[tuple[int, bool]]:
    """Return Ada's recent answers, and whether each may change."""
    found = workshop.database.read_now(recent_answers.list_recent_answers, 1)
    return [(one.assignment_id, one.can_change) for one in found]


def test_the_newest_answers_are_shown_the_last_one_first(workshop: Scenario) -> None:
    answered(workshop, 7)
    workshop.database.write_now(submit.undo, 6, workshop.interaction(ADA))
    assert recent(workshop) == [(number, True) for number in (7, 5, 4, 3, 2)]


def test_an_answer_comes_back_and_counts_until_it_is_changed(workshop: Scenario) -> None:
    answered(workshop)
    workshop.database.write_now(recent_answers.show_recent_answer, 1, workshop.interaction(ADA))
    assert [row.payload for row in words(workshop, "recalled")] == [{"assignment": 1}]
    assert workshop.rows(Assignment)[0].state == "answered"
    workshop.submit_answer(ADA, 1, verdict="b")
    values = [version.value for version in workshop.rows(Annotation)]
    assert values == [{"verdict": "a"}, {"verdict": "b"}]


def test_what_was_undone_meanwhile_comes_as_the_open_task_it_is(workshop: Scenario) -> None:
    answered(workshop)
    workshop.database.write_now(submit.undo, 1, workshop.interaction(ADA))
    workshop.database.write_now(recent_answers.show_recent_answer, 1, workshop.interaction(ADA))
    assert words(workshop, "task")[-1].payload == {"asked": True}


def test_a_final_answer_stays_as_it_is(workshop: Scenario) -> None:
    answered(workshop)
    lock(workshop)
    assert recent(workshop) == [(1, False)]
    for deed in (recent_answers.show_recent_answer, submit.undo):
        with pytest.raises(FinalAnswerError, match="final since export tone-1"):
            workshop.database.write_now(deed, 1, workshop.interaction(ADA))
    with pytest.raises(FinalAnswerError):
        workshop.submit_answer(ADA, 1, verdict="b")
    assert workshop.rows(Assignment)[0].value == {"verdict": "a"}
    assert workshop.count("annotation") == 1


@pytest.mark.parametrize(
    ("person", "error"), [(BOB, NotAssigneeError), (ADA, AnswerAfterCloseError)]
)
def test_nothing_else_comes_back(workshop: Scenario, person: str, error: type[BotError]) -> None:
    answered(workshop)
    if person == ADA:
        workshop.run_for_campaign("tone", campaigns.close, workshop.by)
        assert recent(workshop) == [(1, False)]
    with pytest.raises(error):
        workshop.database.write_now(
            recent_answers.show_recent_answer, 1, workshop.interaction(person)
        )
