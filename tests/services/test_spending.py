"""Time at a task: measured on each deed, kept with each version, told as a person's medians."""

from __future__ import annotations

from sqlmodel import Session, select

from bot.services import answering, serving
from storage.queries.paces import Paces, median_seconds
from storage.tables import Annotation, Assignment, Expert
from tests.services.conftest import Workshop, pair

ADA = "U0ADA"
JOKE = {"id": "1", "joke": "Mine has a leak. It is under investigation."}


def times(workshop: Workshop) -> list[tuple[int | None, bool]]:
    """Return the time of every version, in order."""
    return [(row.seconds, row.paused) for row in workshop.rows(Annotation)]


def paces(workshop: Workshop) -> Paces:
    """Return Ada's medians."""

    def found(session: Session) -> Paces:
        expert = session.exec(select(Expert).where(Expert.slack_id == ADA)).one()
        return median_seconds(session, expert.id or 0)

    return workshop.database.read_now(found)


def test_each_tap_adds_the_time_since_the_one_before(workshop: Workshop) -> None:
    workshop.creates("jokes", "rating", experts=[ADA])
    workshop.imports("jokes", [JOKE])
    assignment = workshop.asks(ADA) or 0
    for seconds, key in ((20, "humor"), (5, "clarity"), (700, "relevance")):
        workshop.passes(seconds=seconds)
        workshop.answers(ADA, assignment, **{key: "3"})
    assert times(workshop) == [(20, False), (25, False), (625, True)]


def test_what_passes_between_an_answer_and_its_change_does_not_count(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    workshop.imports("tone", [pair(1)])
    assignment = workshop.asks(ADA) or 0
    workshop.passes(seconds=8)
    workshop.answers(ADA, assignment, verdict="a")
    workshop.passes(hours=2)
    workshop.database.write_now(answering.undo, assignment, workshop.click(ADA))
    workshop.passes(seconds=4)
    workshop.answers(ADA, assignment, verdict="b")
    assert times(workshop) == [(8, False), (8, False), (12, False)]


def test_a_window_opened_after_a_pause_is_where_work_begins(workshop: Workshop) -> None:
    workshop.creates("write", "demonstration", experts=[ADA])
    workshop.imports("write", [{"id": "1", "prompt": "Why?"}])
    assignment = workshop.asks(ADA) or 0
    workshop.passes(hours=5)
    workshop.database.write_now(serving.held_task, assignment, workshop.click(ADA))
    (row,) = workshop.rows(Assignment)
    assert row.opened_at == workshop.now
    workshop.passes(minutes=15)
    workshop.database.write_now(serving.held_task, assignment, workshop.click(ADA))
    assert workshop.rows(Assignment)[0].opened_at == row.opened_at
    workshop.passes(minutes=5)
    workshop.answers(ADA, assignment, response="Because.")
    assert times(workshop) == [(1_200, False)]
    workshop.passes(hours=1)
    workshop.database.write_now(serving.held_task, assignment, workshop.click(ADA))
    assert workshop.rows(Assignment)[0].opened_at == workshop.now


def test_medians_are_of_answers_without_a_pause(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    workshop.imports("tone", [pair(number) for number in range(1, 5)])
    assert paces(workshop) == Paces({}, {})
    for seconds in (10, 20, 60, 3_600):
        assignment = workshop.asks(ADA) or 0
        workshop.passes(seconds=seconds)
        workshop.answers(ADA, assignment, verdict="a")
    assert paces(workshop) == Paces({1: 20.0}, {"comparison": 20.0})
