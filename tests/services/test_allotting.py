"""Tasks handed out by choice: the overlap and what somebody had before count as ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.services import allotting, campaigning
from bot.services.allotting import NONE_LEFT, NOT_IN_IT, Handed, NotOpenError, Portion
from storage.tables import Assignment, Expert, Outbox
from tests.services.conftest import Workshop, pair

ADA, BO = "U0ADA", "U0BO"


def hands(workshop: Workshop, person: str, item: str = "", most: int = 1) -> Handed:
    """Hand tasks to somebody."""
    wanted = Portion(item, most)
    return workshop.directs("tone", allotting.allot, person, wanted, workshop.by)


def stocked(workshop: Workshop) -> None:
    """Make a campaign of three items."""
    workshop.creates(experts=[ADA, BO], overlap=1)
    workshop.imports("tone", [pair(number) for number in (1, 2, 3)])


def test_the_next_ones_are_handed_until_none_is_left(workshop: Workshop) -> None:
    stocked(workshop)
    assert hands(workshop, ADA, most=2) == Handed(ADA, 2)
    assert hands(workshop, BO, most=50) == Handed(BO, 1)
    assert hands(workshop, BO) == Handed(BO, 0, NONE_LEFT)
    assert ("assigned", "campaign tone") in workshop.deeds()


def test_a_certain_one_is_handed_by_its_key(workshop: Workshop) -> None:
    stocked(workshop)
    assert hands(workshop, ADA, "pair-3") == Handed(ADA, 1)
    (assignment,) = workshop.rows(Assignment)
    assert (assignment.task_id, assignment.state) == (3, "queued")
    assert hands(workshop, BO, "pair-3") == Handed(BO, 0, NONE_LEFT)
    assert hands(workshop, BO, "nonsense") == Handed(BO, 0, NONE_LEFT)


def test_only_its_own_people_get_tasks_of_an_open_campaign(workshop: Workshop) -> None:
    stocked(workshop)
    assert hands(workshop, "U0CY") == Handed("U0CY", 0, NOT_IN_IT)
    assert workshop.count("expert") == 2
    workshop.directs("tone", campaigning.pause, workshop.by)
    with pytest.raises(NotOpenError, match="is paused"):
        hands(workshop, ADA)


def test_what_was_handed_is_brought_in_working_hours_before_anything_else(
    workshop: Workshop,
) -> None:
    stocked(workshop)
    night, day = workshop.now.replace(hour=22), workshop.now.replace(hour=23) + timedelta(hours=12)
    workshop.now = night
    hands(workshop, ADA, "pair-2")
    workshop.database.write_now(introduced, night)

    def brought(now: datetime) -> int:
        return workshop.database.write_now(allotting.bring, now).people

    assert [brought(now) for now in (night, night + timedelta(minutes=2), day, day)] == [0, 0, 1, 0]
    assert [(row.word, row.lane) for row in workshop.rows(Outbox)] == [("task", ADA)]
    workshop.now = day
    given = workshop.asks(ADA)
    (mine,) = (row for row in workshop.rows(Assignment) if row.id == given)
    assert mine.task_id == 2


def introduced(session: Session, now: datetime) -> None:
    """Let everybody's profile be known."""
    for expert in session.exec(select(Expert)):
        expert.profile_at = now
        expert.dnd_at = now + timedelta(hours=13)
        session.add(expert)
