"""Manual assignment respects the overlap and the expert's earlier tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.items.references import UnknownItemError
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


def assign(
    scenario: Scenario, slack_id: str, item_key: str = "", count: int = 1
) -> AssignmentResult:
    """Assign tasks to a person."""
    request = AssignmentRequest(item_key, count)
    return scenario.run_for_campaign(
        "tone", manual_assignment.assign_tasks, slack_id, request, scenario.actor
    )


def create_campaign(scenario: Scenario) -> None:
    """Create a campaign of three items."""
    scenario.create_campaign(experts=[ADA, BO], overlap=1)
    scenario.import_rows("tone", [pair(number) for number in (1, 2, 3)])


def test_next_tasks_are_assigned_until_none_is_left(scenario: Scenario) -> None:
    create_campaign(scenario)
    assert assign(scenario, ADA, count=2) == AssignmentResult(ADA, 2)
    assert assign(scenario, BO, count=50) == AssignmentResult(BO, 1)
    assert assign(scenario, BO) == AssignmentResult(BO, 0, NO_TASKS_LEFT)
    assert ("assigned tasks", "campaign tone") in scenario.audit_log()


def test_task_is_assigned_by_item(scenario: Scenario) -> None:
    create_campaign(scenario)
    assert assign(scenario, ADA, "pair-3") == AssignmentResult(ADA, 1)
    (assignment,) = scenario.rows(Assignment)
    assert (assignment.task_id, assignment.state) == (3, "queued")
    assert assign(scenario, BO, "pair-3") == AssignmentResult(BO, 0, NO_TASKS_LEFT)
    assert assign(scenario, BO, "T-1") == AssignmentResult(BO, 0, NO_TASKS_LEFT)
    with pytest.raises(UnknownItemError, match="no item “nonsense”"):
        assign(scenario, BO, "nonsense")


def test_only_members_of_open_campaigns_are_assigned_tasks(scenario: Scenario) -> None:
    create_campaign(scenario)
    assert assign(scenario, "U0CY") == AssignmentResult("U0CY", 0, NOT_A_MEMBER)
    assert scenario.count("expert") == 2
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    with pytest.raises(PausedCampaignError, match="/label resume tone"):
        assign(scenario, ADA)
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    with pytest.raises(ClosedCampaignError):
        assign(scenario, ADA)


def test_assigned_task_is_delivered_first_and_in_working_hours(
    scenario: Scenario,
) -> None:
    create_campaign(scenario)
    night, day = scenario.now.replace(hour=22), scenario.now.replace(hour=23) + timedelta(hours=12)
    scenario.now = night
    assign(scenario, ADA, "pair-2")
    scenario.database.write_now(set_profiles_known, night)

    def notify(now: datetime) -> int:
        return scenario.database.write_now(manual_assignment.notify_assignees, now).messaged

    assert [notify(now) for now in (night, night + timedelta(minutes=2), day, day)] == [0, 0, 1, 0]
    assert [(row.message_type, row.recipient) for row in scenario.rows(OutboxMessage)] == [
        ("new_task", ADA)
    ]
    scenario.now = day
    assignment_id = scenario.assign_next(ADA)
    (assignment,) = (row for row in scenario.rows(Assignment) if row.id == assignment_id)
    assert assignment.task_id == 2


def send_back_as_second_expert(scenario: Scenario) -> None:
    """Send Ada's first answer back instead of confirming it."""
    confirmation = scenario.assign_next(BO)
    assert confirmation is not None
    scenario.submit_answer(BO, confirmation, confirm="send_back_1", sent_back_reason="Sure?")


def reopen_as_coordinator(scenario: Scenario) -> None:
    """Reopen Ada's first answer."""
    scenario.database.write_now(corrections.reopen, 1, "Sure?", scenario.actor)


@pytest.mark.parametrize("send_back", [send_back_as_second_expert, reopen_as_coordinator])
@pytest.mark.parametrize(
    ("expert_columns", "count"),
    [
        ({}, 1),
        ({"dnd_until": NOW + timedelta(hours=1)}, 0),
        ({"paused_until": NOW + timedelta(hours=1)}, 0),
        ({"batch_size": 1}, 0),
    ],
)
def test_sent_back_answer_is_delivered_when_expert_is_reachable(
    scenario: Scenario,
    send_back: Callable[[Scenario], None],
    expert_columns: dict[str, object],
    count: int,
) -> None:
    scenario.create_campaign(experts=[ADA, BO], overlap=1, settings={"levels": 2})
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.database.write_now(set_profiles_known, NOW)
    scenario.now = NOW - timedelta(hours=2)
    scenario.answer_all(ADA, verdict="tie")
    send_back(scenario)
    scenario.database.write_now(mark_all_sent)
    scenario.advance_clock(minutes=90)
    assert run_notifications(scenario, manual_assignment.notify_assignees) == 0, (
        "it is half past eight"
    )
    scenario.advance_clock(minutes=31)
    scenario.database.write_now(set_profiles_known, NOW, **expert_columns)
    assert run_notifications(scenario, manual_assignment.notify_assignees) == count
    waiting = [row for row in scenario.rows(OutboxMessage) if row.state == "waiting"]
    assert [(row.message_type, row.payload) for row in waiting] == [
        ("new_task", {"is_dispatched": True})
    ] * count


def test_manually_assigned_task_is_not_withdrawn(scenario: Scenario) -> None:
    create_campaign(scenario)
    assign(scenario, ADA, "pair-2")
    late = scenario.now + timedelta(hours=12)
    assert scenario.database.write_now(scheduled_delivery.withdraw_if_unreachable, ADA, late)
    assert [row.state for row in scenario.rows(Assignment)] == ["queued"]


def mark_all_sent(session: Session) -> None:
    """Mark all outbox messages as sent."""
    for row in session.exec(select(OutboxMessage)):
        row.state = OutboxState.SENT
        session.add(row)


def set_profiles_known(session: Session, /, now: datetime, **columns: object) -> None:
    """Mark all profiles and DND statuses as fetched, and set more columns of all experts."""
    for expert in session.exec(select(Expert)):
        expert.profile_synced_at = now
        expert.dnd_checked_at = now + timedelta(hours=13)
        expert.sqlmodel_update(columns)
        session.add(expert)
