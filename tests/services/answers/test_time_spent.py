"""Time at a task: measured on each deed, kept with each version, told as a person's medians."""

from __future__ import annotations

from sqlmodel import Session, select

from bot.services.answers import submit
from bot.services.tasks import next_task
from storage.queries.answer_times import AnswerTimes, median_seconds
from storage.tables import Annotation, Assignment, Expert
from tests.services.conftest import Scenario, pair

ADA = "U0ADA"
JOKE = {"id": "1", "joke": "Mine has a leak. It is under investigation."}


def times(workshop: Scenario) -> list[tuple[int | None, bool]]:
    """Return the time of every version, in order."""
    return [(row.seconds, row.paused) for row in workshop.rows(Annotation)]


def paces(workshop: Scenario) -> AnswerTimes:
    """Return Ada's medians."""

    def found(session: Session) -> AnswerTimes:
        expert = session.exec(select(Expert).where(Expert.slack_id == ADA)).one()
        return median_seconds(session, expert.id or 0)

    return workshop.database.read_now(found)


def test_each_tap_adds_the_time_since_the_one_before(workshop: Scenario) -> None:
    workshop.create_campaign("jokes", "rating", experts=[ADA])
    workshop.import_rows("jokes", [JOKE])
    assignment = workshop.assign_next(ADA) or 0
    for seconds, key in ((20, "humor"), (5, "clarity"), (700, "relevance")):
        workshop.advance_clock(seconds=seconds)
        workshop.submit_answer(ADA, assignment, **{key: "3"})
    assert times(workshop) == [(20, False), (25, False), (625, True)]


def test_what_passes_between_an_answer_and_its_change_does_not_count(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA])
    workshop.import_rows("tone", [pair(1)])
    assignment = workshop.assign_next(ADA) or 0
    workshop.advance_clock(seconds=8)
    workshop.submit_answer(ADA, assignment, verdict="a")
    workshop.advance_clock(hours=2)
    workshop.database.write_now(submit.undo, assignment, workshop.interaction(ADA))
    workshop.advance_clock(seconds=4)
    workshop.submit_answer(ADA, assignment, verdict="b")
    assert times(workshop) == [(8, False), (8, False), (12, False)]


def test_a_window_opened_after_a_pause_is_where_work_begins(workshop: Scenario) -> None:
    workshop.create_campaign("write", "demonstration", experts=[ADA])
    workshop.import_rows("write", [{"id": "1", "prompt": "Why?"}])
    assignment = workshop.assign_next(ADA) or 0
    workshop.advance_clock(hours=5)
    workshop.database.write_now(next_task.held_task, assignment, workshop.interaction(ADA))
    (row,) = workshop.rows(Assignment)
    assert row.opened_at == workshop.now
    workshop.advance_clock(minutes=15)
    workshop.database.write_now(next_task.held_task, assignment, workshop.interaction(ADA))
    assert workshop.rows(Assignment)[0].opened_at == row.opened_at
    workshop.advance_clock(minutes=5)
    workshop.submit_answer(ADA, assignment, response="Because.")
    assert times(workshop) == [(1_200, False)]
    workshop.advance_clock(hours=1)
    workshop.database.write_now(next_task.held_task, assignment, workshop.interaction(ADA))
    assert workshop.rows(Assignment)[0].opened_at == workshop.now


def test_medians_are_of_answers_without_a_pause(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA])
    workshop.import_rows("tone", [pair(number) for number in range(1, 5)])
    assert paces(workshop) == AnswerTimes({}, {})
    for seconds in (10, 20, 60, 3_600):
        assignment = workshop.assign_next(ADA) or 0
        workshop.advance_clock(seconds=seconds)
        workshop.submit_answer(ADA, assignment, verdict="a")
    assert paces(workshop) == AnswerTimes({1: 20.0}, {"comparison": 20.0})
