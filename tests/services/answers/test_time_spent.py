"""Active time on a task: measured on each action, stored with each version, and its medians."""

from __future__ import annotations

from sqlmodel import Session, select

from bot.services.answers import submit
from bot.services.tasks import next_task
from storage.queries.answer_times import AnswerTimes, median_seconds
from storage.row_id import id_of
from storage.tables import Annotation, Assignment, Expert
from tests.services.conftest import Scenario, pair

ADA = "U0ADA"
JOKE = {"id": "1", "joke": "Mine has a leak. It is under investigation."}


def version_times(scenario: Scenario) -> list[tuple[int | None, bool]]:
    """Return the time of every version, in order."""
    return [(row.seconds, row.paused) for row in scenario.rows(Annotation)]


def median_times(scenario: Scenario) -> AnswerTimes:
    """Return Ada's median answer times."""

    def read_medians(session: Session) -> AnswerTimes:
        expert = session.exec(select(Expert).where(Expert.slack_id == ADA)).one()
        return median_seconds(session, id_of(expert))

    return scenario.database.read_now(read_medians)


def test_each_tap_adds_the_time_since_the_previous_one(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", experts=[ADA])
    scenario.import_rows("jokes", [JOKE])
    assignment = scenario.assign_next(ADA) or 0
    for seconds, key in ((20, "humor"), (5, "clarity"), (700, "relevance")):
        scenario.advance_clock(seconds=seconds)
        scenario.submit_answer(ADA, assignment, **{key: "3"})
    assert version_times(scenario) == [(20, False), (25, False), (625, True)]


def test_time_between_answer_and_undo_does_not_count(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    assignment = scenario.assign_next(ADA) or 0
    scenario.advance_clock(seconds=8)
    scenario.submit_answer(ADA, assignment, verdict="a")
    scenario.advance_clock(hours=2)
    scenario.database.write_now(submit.undo, assignment, scenario.interaction(ADA))
    scenario.advance_clock(seconds=4)
    scenario.submit_answer(ADA, assignment, verdict="b")
    assert version_times(scenario) == [(8, False), (8, False), (12, False)]


def test_time_counts_from_opening_a_modal_after_a_pause(scenario: Scenario) -> None:
    scenario.create_campaign("write", "demonstration", experts=[ADA])
    scenario.import_rows("write", [{"id": "1", "prompt": "Why?"}])
    assignment = scenario.assign_next(ADA) or 0
    scenario.advance_clock(hours=5)
    scenario.database.write_now(next_task.open_task, assignment, scenario.interaction(ADA))
    (row,) = scenario.rows(Assignment)
    assert row.opened_at == scenario.now
    scenario.advance_clock(minutes=15)
    scenario.database.write_now(next_task.open_task, assignment, scenario.interaction(ADA))
    assert scenario.rows(Assignment)[0].opened_at == row.opened_at
    scenario.advance_clock(minutes=5)
    scenario.submit_answer(ADA, assignment, response="Because.")
    assert version_times(scenario) == [(1_200, False)]
    scenario.advance_clock(hours=1)
    scenario.database.write_now(next_task.open_task, assignment, scenario.interaction(ADA))
    assert scenario.rows(Assignment)[0].opened_at == scenario.now


def test_medians_exclude_answers_with_a_pause(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(number) for number in range(1, 5)])
    assert median_times(scenario) == AnswerTimes({}, {})
    for seconds in (10, 20, 60, 3_600):
        assignment = scenario.assign_next(ADA) or 0
        scenario.advance_clock(seconds=seconds)
        scenario.submit_answer(ADA, assignment, verdict="a")
    assert median_times(scenario) == AnswerTimes({1: 20.0}, {"comparison": 20.0})
