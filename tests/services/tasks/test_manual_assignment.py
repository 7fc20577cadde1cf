"""Tasks handed out by choice: the overlap and what somebody had before count as ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.reviews import corrections
from bot.services.tasks import manual_assignment, scheduled_delivery
from bot.services.tasks.manual_assignment import (
    NO_TASKS_LEFT,
    NOT_A_MEMBER,
    AssignmentRequest,
    AssignmentResult,
    PausedCampaignError,
)
from storage.tables import Assignment, Expert, OutboxMessage, OutboxState
from tests.services.conftest import NOW, Scenario, pair, run_notifications

ADA, BO = "U0ADA", "U0BO"


def hands(workshop: Scenario, person: str, item: str = "", most: int = 1) -> AssignmentResult:
    """Hand tasks to somebody."""
    wanted = AssignmentRequest(item, most)
    return workshop.run_for_campaign(
        "tone", manual_assignment.assign_tasks, person, wanted, workshop.by
    )


def stocked(workshop: Scenario) -> None:
    """Make a campaign of three items."""
    workshop.create_campaign(experts=[ADA, BO], overlap=1)
    workshop.import_rows("tone", [pair(number) for number in (1, 2, 3)])


def test_the_next_ones_are_handed_until_none_is_left(workshop: Scenario) -> None:
    stocked(workshop)
    assert hands(workshop, ADA, most=2) == AssignmentResult(ADA, 2)
    assert hands(workshop, BO, most=50) == AssignmentResult(BO, 1)
    assert hands(workshop, BO) == AssignmentResult(BO, 0, NO_TASKS_LEFT)
    assert ("assigned", "campaign tone") in workshop.audit_log()


def test_a_certain_one_is_handed_by_its_key(workshop: Scenario) -> None:
    stocked(workshop)
    assert hands(workshop, ADA, "pair-3") == AssignmentResult(ADA, 1)
    (assignment,) = workshop.rows(Assignment)
    assert (assignment.task_id, assignment.state) == (3, "queued")
    assert hands(workshop, BO, "pair-3") == AssignmentResult(BO, 0, NO_TASKS_LEFT)
    assert hands(workshop, BO, "nonsense") == AssignmentResult(BO, 0, NO_TASKS_LEFT)


def test_only_its_own_people_get_tasks_of_an_open_campaign(workshop: Scenario) -> None:
    stocked(workshop)
    assert hands(workshop, "U0CY") == AssignmentResult("U0CY", 0, NOT_A_MEMBER)
    assert workshop.count("expert") == 2
    workshop.run_for_campaign("tone", campaigns.pause, workshop.by)
    with pytest.raises(PausedCampaignError, match="/label resume tone"):
        hands(workshop, ADA)
    workshop.run_for_campaign("tone", campaigns.close, workshop.by)
    with pytest.raises(ClosedCampaignError):
        hands(workshop, ADA)


def test_what_was_handed_is_brought_in_working_hours_before_anything_else(
    workshop: Scenario,
) -> None:
    stocked(workshop)
    night, day = workshop.now.replace(hour=22), workshop.now.replace(hour=23) + timedelta(hours=12)
    workshop.now = night
    hands(workshop, ADA, "pair-2")
    workshop.database.write_now(introduced, night)

    def brought(now: datetime) -> int:
        return workshop.database.write_now(manual_assignment.notify_assignees, now).messaged

    assert [brought(now) for now in (night, night + timedelta(minutes=2), day, day)] == [0, 0, 1, 0]
    assert [(row.message_type, row.recipient) for row in workshop.rows(OutboxMessage)] == [
        ("task", ADA)
    ]
    workshop.now = day
    given = workshop.assign_next(ADA)
    (mine,) = (row for row in workshop.rows(Assignment) if row.id == given)
    assert mine.task_id == 2


def sent_back_by_a_colleague(workshop: Scenario) -> None:
    """Let a colleague look at Ada's first answer."""
    look = workshop.assign_next(BO)
    assert look is not None
    workshop.submit_answer(BO, look, confirm="back_1", why="Sure?")


def opened_again(workshop: Scenario) -> None:
    """Let a coordinator look at Ada's first answer."""
    workshop.database.write_now(corrections.reopen, 1, "Sure?", workshop.by)


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
    workshop: Scenario, sends: Callable[[Scenario], None], known: dict[str, object], count: int
) -> None:
    workshop.create_campaign(experts=[ADA, BO], overlap=1, settings={"levels": 2})
    workshop.import_rows("tone", [pair(1), pair(2)])
    workshop.database.write_now(introduced, NOW)
    workshop.now = NOW - timedelta(hours=2)
    workshop.answer_all(ADA, verdict="tie")
    sends(workshop)
    workshop.database.write_now(says_everything)
    workshop.advance_clock(minutes=90)
    assert run_notifications(workshop, manual_assignment.notify_assignees) == 0, (
        "it is half past eight"
    )
    workshop.advance_clock(minutes=31)
    workshop.database.write_now(introduced, NOW, **known)
    assert run_notifications(workshop, manual_assignment.notify_assignees) == count
    words = [row for row in workshop.rows(OutboxMessage) if row.state == "waiting"]
    assert [(row.message_type, row.payload) for row in words] == [
        ("task", {"pushed": True})
    ] * count


def test_what_was_handed_and_cannot_be_said_in_time_stays_theirs(workshop: Scenario) -> None:
    stocked(workshop)
    hands(workshop, ADA, "pair-2")
    late = workshop.now + timedelta(hours=12)
    assert workshop.database.write_now(scheduled_delivery.withdraw_if_unreachable, ADA, late)
    assert [row.state for row in workshop.rows(Assignment)] == ["queued"]


def says_everything(session: Session) -> None:
    """Say what waits."""
    for row in session.exec(select(OutboxMessage)):
        row.state = OutboxState.SENT
        session.add(row)


def introduced(session: Session, /, now: datetime, **known: object) -> None:
    """Let everybody's profile be known."""
    for expert in session.exec(select(Expert)):
        expert.profile_synced_at = now
        expert.dnd_checked_at = now + timedelta(hours=13)
        expert.sqlmodel_update(known)
        session.add(expert)
