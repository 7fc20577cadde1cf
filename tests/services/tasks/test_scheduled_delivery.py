"""Scheduled delivery in working hours, and expiry of leases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.messages.tasks import TaskPageMessage
from bot.services.answers import submit
from bot.services.campaigns import campaigns
from bot.services.tasks import scheduled_delivery
from storage.queries import outbox
from storage.row_id import require_id
from storage.tables import Assignment, Expert, OutboxMessage, OutboxState, Task
from tests.services.conftest import NOW, Scenario, pair, run_notifications
from tests.services.invariants import check_counts

ADA, BOB = "U0ADA", "U0BOB"


def open_campaign(
    scenario: Scenario,
    *experts: str,
    items: int = 3,
    **options: Any,  # noqa: ANN401 - any field of a NewCampaign
) -> None:
    """Create a campaign whose experts' profiles are known."""
    scenario.create_campaign(experts=experts or [ADA], **{"overlap": 1, **options})
    scenario.import_rows("tone", [pair(number) for number in range(1, items + 1)])
    update_experts(scenario, profile_synced_at=NOW)


def update_experts(scenario: Scenario, **columns: object) -> None:
    """Set columns of every expert."""

    def update(session: Session) -> None:
        for expert in session.exec(select(Expert)):
            for column, value in columns.items():
                setattr(expert, column, value)

    scenario.database.write_now(update)


def messages_of_type(scenario: Scenario, message_type: str) -> list[OutboxMessage]:
    """Return the outbox messages of a type."""
    return [row for row in scenario.rows(OutboxMessage) if row.message_type == message_type]


def deliver_waiting(scenario: Scenario) -> None:
    """Mark all waiting messages as sent."""

    def mark_sent(session: Session) -> None:
        waiting = select(OutboxMessage.id).where(col(OutboxMessage.state) == OutboxState.WAITING)
        for message_id in session.exec(waiting).all():
            outbox.record_outcome(session, require_id(message_id), OutboxState.SENT, scenario.now)

    scenario.database.write_now(mark_sent)


def dispatch(scenario: Scenario) -> int:
    """Dispatch tasks and deliver the messages; nobody is in Do Not Disturb. Return the count."""
    count = run_notifications(scenario, scheduled_delivery.dispatch_tasks)
    deliver_waiting(scenario)
    return count


def test_each_idle_expert_gets_one_task(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB)
    assert dispatch(scenario) == 2
    assert [row.state for row in scenario.rows(Assignment)] == ["queued", "queued"]
    assert {row.recipient for row in messages_of_type(scenario, "new_task")} == {ADA, BOB}
    assert dispatch(scenario) == 0


def test_expert_with_waiting_message_gets_no_other(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.database.write_now(
        outbox.enqueue,
        TaskPageMessage(None, None, None),
        recipient=ADA,
        now=scenario.now,
    )
    assert run_notifications(scenario, scheduled_delivery.dispatch_tasks) == 0
    deliver_waiting(scenario)
    assert dispatch(scenario) == 1


@pytest.mark.parametrize(
    ("columns", "count"),
    [
        ({}, 1),
        ({"away_since": NOW}, 0),
        ({"profile_synced_at": None}, 0),
        ({"tz": "Pacific/Kiritimati"}, 0),
        ({"tz": "Asia/Kathmandu"}, 1),
        ({"work_days": []}, 0),
        ({"work_days": [2, 3, 4, 5]}, 0),
        ({"work_starts_minute": 9 * 60 + 1}, 0),
        ({"work_starts_minute": 22 * 60, "work_ends_minute": 9 * 60 + 1, "work_days": [7]}, 1),
    ],
)
def test_tasks_are_sent_in_working_hours(
    scenario: Scenario, columns: dict[str, object], count: int
) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, **columns)
    assert dispatch(scenario) == count
    assert scenario.count("assignment") == count


@pytest.mark.parametrize("change_state", [campaigns.pause, campaigns.close])
def test_paused_or_closed_campaign_assigns_no_tasks(
    scenario: Scenario,
    change_state: Any,  # noqa: ANN401 - a service function
) -> None:
    open_campaign(scenario, ADA)
    scenario.run_for_campaign("tone", change_state, scenario.actor)
    assert dispatch(scenario) == 0


def test_no_message_is_sent_without_a_task(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    assert dispatch(scenario) == 1
    assert dispatch(scenario) == 0


def expire(scenario: Scenario) -> int:
    """Expire overdue leases; return how many."""
    return scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)


def test_expired_task_goes_to_other_expert(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1, lease=timedelta(hours=5), reminders=())
    assignment_id = scenario.assign_next(ADA)
    scenario.advance_clock(hours=4.99)
    assert expire(scenario) == 0
    scenario.advance_clock(hours=0.01)
    assert expire(scenario) == 1
    assert expire(scenario) == 0
    assert scenario.rows(Assignment)[0].state == "expired"
    assert scenario.rows(Expert)[0].away_since == scenario.now
    assert [(row.recipient, row.payload) for row in messages_of_type(scenario, "expired")] == [
        (ADA, {"assignment_id": assignment_id})
    ]
    assert (
        "unassigned a task after its time limit",
        f"assignment {assignment_id}",
    ) in scenario.audit_log()
    deliver_waiting(scenario)
    assert dispatch(scenario) == 1
    assert [row.recipient for row in messages_of_type(scenario, "new_task")] == [BOB]
    check_counts(scenario)


def test_undelivered_task_expires_too(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    dispatch(scenario)
    scenario.advance_clock(days=3)
    assert expire(scenario) == 1
    check_counts(scenario)


def test_answered_and_skipped_tasks_do_not_expire(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=2)
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    second = scenario.assign_next(ADA) or 0
    scenario.database.write_now(submit.skip_task, second, "unclear", scenario.interaction(ADA))
    scenario.advance_clock(days=9)
    assert expire(scenario) == 0


def test_leases_of_paused_campaign_do_not_expire(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.assign_next(ADA)
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    scenario.advance_clock(days=3)
    assert expire(scenario) == 0
    assert scenario.rows(Expert)[0].away_since is None


def test_expiry_keeps_existing_away_since(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    scenario.assign_next(ADA)
    update_experts(scenario, away_since=NOW)
    scenario.advance_clock(days=3)
    assert expire(scenario) == 1
    assert scenario.rows(Expert)[0].away_since == NOW


def test_many_leases_expire_at_once(scenario: Scenario) -> None:
    experts = [f"U0EXPERT{number}" for number in range(9)]
    open_campaign(scenario, *experts, overlap=9, items=1)
    for expert in experts:
        scenario.assign_next(expert)
    scenario.advance_clock(days=3)
    assert expire(scenario) == 9
    assert scenario.rows(Task)[0].slots_taken == 0
    check_counts(scenario)
