"""Scheduled reminders: in working hours, one message for all tasks, capped, reset by any action."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.services.answers import submit
from bot.services.availability.reachability import ContactResult
from bot.services.campaigns import campaigns
from bot.services.experts import time_off
from bot.services.reminders import scheduled
from bot.services.settings.workspace_settings import WorkspaceSettings, update_settings
from storage.tables import Assignment, Reminder, ReminderMessage, Task
from tests.services.conftest import NOW, Scenario, pair, run_notifications
from tests.services.tasks.test_scheduled_delivery import (
    ADA,
    dispatch,
    messages_of_type,
    open_campaign,
    update_experts,
)


def remind(scenario: Scenario) -> int:
    """Send due reminders; return how many messages."""
    return run_notifications(scenario, scheduled.send_due_reminders)


def test_reminders_follow_schedule_and_are_sent_once(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1), timedelta(hours=3)])
    assignment_id = scenario.assign_next(ADA)
    counts = []
    for _hour in range(6):
        counts.append(remind(scenario))
        assert remind(scenario) == 0
        scenario.advance_clock(hours=1)
    assert counts == [0, 1, 0, 1, 0, 0]
    assert [row.payload for row in messages_of_type(scenario, "reminder")] == [
        {"assignment_ids": [assignment_id], "stage": stage} for stage in ("first", "last")
    ]
    assert [row.number for row in scenario.rows(Reminder)] == [1, 2]


def test_reminders_missed_at_night_are_sent_once(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=number) for number in (7, 8, 15)])
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=12)
    assert remind(scenario) == 0
    scenario.advance_clock(hours=12)
    assert remind(scenario) == 1
    assert remind(scenario) == 0
    assert [row.number for row in scenario.rows(Reminder)] == [2]


def test_one_message_has_all_due_reminders(scenario: Scenario) -> None:
    for name in ("tone", "jokes"):
        scenario.create_campaign(name, experts=[ADA], overlap=1, reminders=[timedelta(hours=1)])
        scenario.import_rows(name, [pair(1)])
    scenario.sync_profiles()
    scenario.assign_next(ADA)

    def assign_another(session: Session) -> None:
        columns = session.get_one(Assignment, 1).model_dump(exclude={"id"})
        session.add(Assignment(**{**columns, "task_id": 2, "campaign_id": 2}))
        session.get_one(Task, 2).slots_taken = 1

    scenario.database.write_now(assign_another)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 1
    (row,) = messages_of_type(scenario, "reminder")
    assert row.payload == {"assignment_ids": [1, 2], "stage": "first"}


@pytest.mark.parametrize("columns", [{"away_since": NOW}, {"work_days": []}])
def test_absent_expert_gets_no_reminder(scenario: Scenario, columns: dict[str, object]) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)
    update_experts(scenario, **columns)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0


def test_answered_or_paused_task_has_no_reminder(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    second = scenario.assign_next(ADA)
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0
    scenario.run_for_campaign("tone", campaigns.resume, scenario.actor)
    assert remind(scenario) == 1
    assert messages_of_type(scenario, "reminder")[0].payload["assignment_ids"] == [second]


def test_undelivered_task_has_no_reminder(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    dispatch(scenario)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0


def test_stage_follows_schedule(scenario: Scenario) -> None:
    hours = [timedelta(hours=number) for number in (1, 2, 3)]
    open_campaign(scenario, reminders=hours)
    set_caps(scenario, per_day=9, per_week=9)
    scenario.assign_next(ADA)
    for _hour in range(4):
        scenario.advance_clock(hours=1)
        remind(scenario)
    stages = [row.payload["stage"] for row in messages_of_type(scenario, "reminder")]
    assert stages == ["first", "next", "last"]


def set_caps(scenario: Scenario, per_day: int, per_week: int) -> None:
    """Set the caps on reminders of the workspace."""
    settings = WorkspaceSettings(reminders_per_day=per_day, reminders_per_week=per_week)
    scenario.database.write_now(update_settings, settings, scenario.actor)


def test_caps_limit_reminders_per_day_and_week(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(minutes=10 * n) for n in range(1, 9)])
    set_caps(scenario, per_day=1, per_week=2)
    scenario.assign_next(ADA)
    sent_at = []
    for _half_hour in range(48 * 5):
        scenario.advance_clock(minutes=30)
        if remind(scenario):
            sent_at.append(scenario.now)
    assert [at.date().isoformat() for at in sent_at] == ["2026-03-02", "2026-03-03"]
    assert scenario.count("reminder_message") == 2


@pytest.mark.parametrize(
    "columns",
    [
        {"wants_reminders": False},
        {"paused_until": NOW + timedelta(days=1)},
        {"status_away_until": NOW + timedelta(days=1)},
        {"dnd_until": NOW + timedelta(days=1)},
        {"work_ends_minute": 10 * 60},
    ],
)
def test_unreachable_or_unwilling_expert_gets_no_reminder(
    scenario: Scenario, columns: dict[str, object]
) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)
    update_experts(scenario, **columns)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0


def test_dnd_status_is_fetched_before_reminder(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=2)
    result = scenario.database.write_now(scheduled.send_due_reminders, scenario.now)
    assert result == ContactResult(0, (ADA,))
    assert messages_of_type(scenario, "reminder") == []


def test_open_question_stops_reminders(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)

    def pause_lease(session: Session) -> None:
        session.get_one(Assignment, 1).lease_paused_at = NOW

    scenario.database.write_now(pause_lease)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0


def create_unanswered_reminders(scenario: Scenario, count: int = 3) -> None:
    """Create reminders of today that Ada has not answered."""
    open_campaign(scenario, reminders=[timedelta(hours=1)], items=5)
    scenario.assign_next(ADA)

    def add_reminders(session: Session) -> None:
        for _ in range(count):
            session.add(ReminderMessage(expert_id=1, assignment_ids=[1], created_at=scenario.now))

    scenario.database.write_now(add_reminders)


def ask_about_opt_out(scenario: Scenario) -> int:
    """Ask experts who do not respond whether they want to opt out; return how many."""
    return run_notifications(scenario, scheduled.ask_about_opt_out)


def test_opt_out_question_follows_three_unanswered_reminders(scenario: Scenario) -> None:
    create_unanswered_reminders(scenario)
    scenario.advance_clock(hours=2)
    assert ask_about_opt_out(scenario) == 0, "the last reminder may still be answered today"
    assert remind(scenario) == 0
    scenario.advance_clock(days=1)
    assert [ask_about_opt_out(scenario), ask_about_opt_out(scenario)] == [1, 0]
    assert [row.recipient for row in messages_of_type(scenario, "opt_out_question")] == [ADA]
    for _day in range(9):
        scenario.advance_clock(days=1)
        assert [ask_about_opt_out(scenario), remind(scenario)] == [0, 0]


@pytest.mark.parametrize("count", [0, 2])
def test_two_unanswered_reminders_cause_no_question(scenario: Scenario, count: int) -> None:
    create_unanswered_reminders(scenario, count)
    scenario.advance_clock(days=1)
    assert ask_about_opt_out(scenario) == 0


@pytest.mark.parametrize("hour", [-15, 9])
def test_opt_out_question_is_not_sent_at_night(scenario: Scenario, hour: int) -> None:
    create_unanswered_reminders(scenario)
    scenario.advance_clock(days=1, hours=hour)
    assert ask_about_opt_out(scenario) == 0


def test_any_action_resets_unanswered_reminders(scenario: Scenario) -> None:
    create_unanswered_reminders(scenario)
    scenario.advance_clock(minutes=1)
    scenario.database.write_now(submit.skip_task, 1, "unclear", scenario.interaction(ADA))
    scenario.advance_clock(days=1)
    assert ask_about_opt_out(scenario) == 0
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 1


def test_opt_out_question_can_be_asked_again_after_activity(scenario: Scenario) -> None:
    create_unanswered_reminders(scenario)
    scenario.advance_clock(days=1)
    assert ask_about_opt_out(scenario) == 1
    scenario.advance_clock(hours=1)
    scenario.submit_answer(ADA, 1, verdict="a")

    def add_reminders(session: Session) -> None:
        for minute in (1, 2, 3):
            at = scenario.now + timedelta(minutes=minute)
            session.add(ReminderMessage(expert_id=1, assignment_ids=[2], created_at=at))

    scenario.database.write_now(add_reminders)
    set_caps(scenario, per_day=9, per_week=50)
    scenario.advance_clock(days=1)
    assert ask_about_opt_out(scenario) == 1


def test_opt_out_question_counts_as_reminder(scenario: Scenario) -> None:
    create_unanswered_reminders(scenario)
    set_caps(scenario, per_day=2, per_week=3)
    scenario.advance_clock(days=1)
    assert ask_about_opt_out(scenario) == 0, "the weekly cap is reached"
    scenario.advance_clock(days=7)
    assert ask_about_opt_out(scenario) == 1


def test_expert_without_working_days_gets_no_messages(scenario: Scenario) -> None:
    create_unanswered_reminders(scenario)
    update_experts(scenario, work_days=[])
    scenario.advance_clock(days=2)
    assert [ask_about_opt_out(scenario), remind(scenario), dispatch(scenario)] == [0, 0, 0]


def test_time_off_stops_reminders(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)
    until = (scenario.now + timedelta(days=3)).date()
    scenario.database.write_now(time_off.start_time_off, ADA, until, scenario.now)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0
