"""Tasks handed out by choice: the overlap and what somebody had before count as ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.services import allotting, campaigning, correcting, pushing
from bot.services.allotting import NONE_LEFT, NOT_IN_IT, Handed, NotOpenError, Portion
from bot.services.campaigning import ClosedCampaignError
from storage.tables import Assignment, Expert, Outbox, OutboxState
from tests.services.conftest import NOW, Workshop, pair, speaks

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
    with pytest.raises(NotOpenError, match="/label resume tone"):
        hands(workshop, ADA)
    workshop.directs("tone", campaigning.close, workshop.by)
    with pytest.raises(ClosedCampaignError):
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


def sent_back_by_a_colleague(workshop: Workshop) -> None:
    """Let a colleague look at Ada's first answer."""
    look = workshop.asks(BO)
    assert look is not None
    workshop.answers(BO, look, confirm="back_1", why="Sure?")


def opened_again(workshop: Workshop) -> None:
    """Let a coordinator look at Ada's first answer."""
    workshop.database.write_now(correcting.reopen, 1, "Sure?", workshop.by)


@pytest.mark.parametrize("sends", [sent_back_by_a_colleague, opened_again])
@pytest.mark.parametrize(
    ("known", "count"),
    [
        ({}, 1),
        ({"dnd_until": NOW + timedelta(hours=1)}, 0),
        ({"paused_until": NOW + timedelta(hours=1)}, 0),
        ({"batch_size": 1}, 0),
    ],
)
def test_what_is_sent_back_is_brought_when_work_may_come_unasked(
    workshop: Workshop, sends: Callable[[Workshop], None], known: dict[str, object], count: int
) -> None:
    workshop.creates(experts=[ADA, BO], overlap=1, settings={"levels": 2})
    workshop.imports("tone", [pair(1), pair(2)])
    workshop.database.write_now(introduced, NOW)
    workshop.now = NOW - timedelta(hours=2)
    workshop.does_all(ADA, verdict="tie")
    sends(workshop)
    workshop.database.write_now(says_everything)
    workshop.passes(minutes=90)
    assert speaks(workshop, allotting.bring) == 0, "it is half past eight"
    workshop.passes(minutes=31)
    workshop.database.write_now(introduced, NOW, **known)
    assert speaks(workshop, allotting.bring) == count
    words = [row for row in workshop.rows(Outbox) if row.state == "waiting"]
    assert [(row.word, row.facts) for row in words] == [("task", {"pushed": True})] * count


def test_what_was_handed_and_cannot_be_said_in_time_stays_theirs(workshop: Workshop) -> None:
    stocked(workshop)
    hands(workshop, ADA, "pair-2")
    late = workshop.now + timedelta(hours=12)
    assert workshop.database.write_now(pushing.is_too_late, ADA, late)
    assert [row.state for row in workshop.rows(Assignment)] == ["queued"]


def says_everything(session: Session) -> None:
    """Say what waits."""
    for row in session.exec(select(Outbox)):
        row.state = OutboxState.SENT
        session.add(row)


def introduced(session: Session, /, now: datetime, **known: object) -> None:
    """Let everybody's profile be known."""
    for expert in session.exec(select(Expert)):
        expert.profile_at = now
        expert.dnd_at = now + timedelta(hours=13)
        expert.sqlmodel_update(known)
        session.add(expert)
