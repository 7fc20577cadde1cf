"""Reminders: in working hours, one message for all, capped, stopped by any sign of life."""

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
from tests.services.tasks.test_scheduled_delivery import ADA, update_experts, dispatch, open_campaign, messages_of_type


def remind(scenario: Scenario) -> int:
    """Look for reminders that are due."""
    return run_notifications(scenario, scheduled.send_due_reminders)


def test_reminders_come_as_planned_and_each_once(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1), timedelta(hours=3)])
    given = scenario.assign_next(ADA)
    counts = []
    for _hour in range(6):
        counts.append(remind(scenario))
        assert remind(scenario) == 0
        scenario.advance_clock(hours=1)
    assert counts == [0, 1, 0, 1, 0, 0]
    assert [row.payload for row in messages_of_type(scenario, "reminder")] == [
        {"assignment_ids": [given], "stage": stage} for stage in ("first", "last")
    ]
    assert [row.number for row in scenario.rows(Reminder)] == [1, 2]


def test_reminders_that_were_missed_at_night_are_made_up_for_once(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=number) for number in (7, 8, 15)])
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=12)
    assert remind(scenario) == 0
    scenario.advance_clock(hours=12)
    assert remind(scenario) == 1
    assert remind(scenario) == 0
    assert [row.number for row in scenario.rows(Reminder)] == [2]


def test_one_message_reminds_of_everything_that_is_due(scenario: Scenario) -> None:
    for name in ("tone", "jokes"):
        scenario.create_campaign(name, experts=[ADA], overlap=1, reminders=[timedelta(hours=1)])
        scenario.import_rows(name, [pair(1)])
    scenario.assign_next(ADA)

    def give_another(session: Session) -> None:
        first = session.get_one(Assignment, 1)
        other = first.model_dump(exclude={"id"})
        session.add(Assignment(**{**other, "task_id": 2, "campaign_id": 2}))
        session.get_one(Task, 2).slots_taken = 1

    scenario.database.write_now(give_another)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 1
    (row,) = messages_of_type(scenario, "reminder")
    assert row.payload == {"assignment_ids": [1, 2], "stage": "first"}


@pytest.mark.parametrize("known", [{"away_since": NOW}, {"work_days": []}])
def test_nobody_is_nagged(scenario: Scenario, known: dict[str, object]) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)
    update_experts(scenario, **known)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0


def test_what_is_done_or_paused_needs_no_reminder(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    second = scenario.assign_next(ADA)
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0
    scenario.run_for_campaign("tone", campaigns.resume, scenario.actor)
    assert remind(scenario) == 1
    assert messages_of_type(scenario, "reminder")[0].payload["assignment_ids"] == [second]


def test_what_was_not_delivered_yet_needs_none_either(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    dispatch(scenario)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0


def test_the_words_follow_the_plan(scenario: Scenario) -> None:
    hours = [timedelta(hours=number) for number in (1, 2, 3)]
    open_campaign(scenario, reminders=hours)
    choices(scenario, a_day=9, a_week=9)
    scenario.assign_next(ADA)
    for _hour in range(4):
        scenario.advance_clock(hours=1)
        remind(scenario)
    stages = [row.payload["stage"] for row in messages_of_type(scenario, "reminder")]
    assert stages == ["first", "next", "last"]


def choices(scenario: Scenario, a_day: int, a_week: int) -> None:
    """Let the coordinators choose how many reminders are bearable."""
    wanted = WorkspaceSettings(reminders_per_day=a_day, reminders_per_week=a_week)
    scenario.database.write_now(update_settings, wanted, scenario.actor)


def test_nobody_gets_more_than_the_caps_over_all_campaigns(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(minutes=10 * n) for n in range(1, 9)])
    choices(scenario, a_day=1, a_week=2)
    scenario.assign_next(ADA)
    sent = []
    for _half_hour in range(48 * 5):
        scenario.advance_clock(minutes=30)
        if remind(scenario):
            sent.append(scenario.now)
    assert [at.date().isoformat() for at in sent] == ["2026-03-02", "2026-03-03"]
    assert scenario.count("reminder_message") == 2


@pytest.mark.parametrize(
    "known",
    [
        {"wants_reminders": False},
        {"paused_until": NOW + timedelta(days=1)},
        {"status_away_until": NOW + timedelta(days=1)},
        {"dnd_until": NOW + timedelta(days=1)},
        {"work_ends_minute": 10 * 60},
    ],
)
def test_who_does_not_want_any_gets_none(scenario: Scenario, known: dict[str, object]) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)
    update_experts(scenario, **known)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0


def test_who_is_not_to_be_disturbed_is_asked_about_first(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=2)
    spoken = scenario.database.write_now(scheduled.send_due_reminders, scenario.now)
    assert spoken == ContactResult(0, (ADA,))
    assert messages_of_type(scenario, "reminder") == []


def test_a_question_that_waits_stops_the_reminders(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)

    def stop(session: Session) -> None:
        session.get_one(Assignment, 1).lease_paused_at = NOW

    scenario.database.write_now(stop)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0


def silent(scenario: Scenario, nudges: int = 3) -> None:
    """Let Ada leave reminders unanswered, all on this day."""
    open_campaign(scenario, reminders=[timedelta(hours=1)], items=5)
    scenario.assign_next(ADA)

    def remember(session: Session) -> None:
        for _ in range(nudges):
            session.add(ReminderMessage(expert_id=1, assignment_ids=[1], created_at=scenario.now))

    scenario.database.write_now(remember)


def asks_to_stay(scenario: Scenario) -> int:
    """Ask those who do not answer."""
    return run_notifications(scenario, scheduled.ask_about_opt_out)


def test_after_three_unanswered_ones_we_ask_once_and_remind_no_more(scenario: Scenario) -> None:
    silent(scenario)
    scenario.advance_clock(hours=2)
    assert asks_to_stay(scenario) == 0, "the last one may still be answered today"
    assert remind(scenario) == 0
    scenario.advance_clock(days=1)
    assert [asks_to_stay(scenario), asks_to_stay(scenario)] == [1, 0]
    assert [row.recipient for row in messages_of_type(scenario, "opt_out_question")] == [ADA]
    for _day in range(9):
        scenario.advance_clock(days=1)
        assert [asks_to_stay(scenario), remind(scenario)] == [0, 0]


@pytest.mark.parametrize("nudges", [0, 2])
def test_two_are_not_enough_to_ask(scenario: Scenario, nudges: int) -> None:
    silent(scenario, nudges)
    scenario.advance_clock(days=1)
    assert asks_to_stay(scenario) == 0


@pytest.mark.parametrize("hour", [-15, 9])
def test_nobody_is_asked_to_stay_at_night(scenario: Scenario, hour: int) -> None:
    silent(scenario)
    scenario.advance_clock(days=1, hours=hour)
    assert asks_to_stay(scenario) == 0


def test_any_deed_makes_the_count_begin_anew(scenario: Scenario) -> None:
    silent(scenario)
    scenario.advance_clock(minutes=1)
    scenario.database.write_now(submit.skip_task, 1, "unclear", scenario.interaction(ADA))
    scenario.advance_clock(days=1)
    assert asks_to_stay(scenario) == 0
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 1


def test_who_was_asked_and_came_back_may_be_asked_another_time(scenario: Scenario) -> None:
    silent(scenario)
    scenario.advance_clock(days=1)
    assert asks_to_stay(scenario) == 1
    scenario.advance_clock(hours=1)
    scenario.submit_answer(ADA, 1, verdict="a")

    def remember(session: Session) -> None:
        for minute in (1, 2, 3):
            at = scenario.now + timedelta(minutes=minute)
            session.add(ReminderMessage(expert_id=1, assignment_ids=[2], created_at=at))

    scenario.database.write_now(remember)
    choices(scenario, a_day=9, a_week=50)
    scenario.advance_clock(days=1)
    assert asks_to_stay(scenario) == 1


def test_the_question_counts_as_a_reminder(scenario: Scenario) -> None:
    silent(scenario)
    choices(scenario, a_day=2, a_week=3)
    scenario.advance_clock(days=1)
    assert asks_to_stay(scenario) == 0, "three in a week were enough"
    scenario.advance_clock(days=7)
    assert asks_to_stay(scenario) == 1


def test_somebody_without_hours_at_all_is_never_spoken_to(scenario: Scenario) -> None:
    silent(scenario)
    update_experts(scenario, work_days=[])
    scenario.advance_clock(days=2)
    assert [asks_to_stay(scenario), remind(scenario), dispatch(scenario)] == [0, 0, 0]


def test_a_pause_stops_them(scenario: Scenario) -> None:
    open_campaign(scenario, reminders=[timedelta(hours=1)])
    scenario.assign_next(ADA)
    until = (scenario.now + timedelta(days=3)).date()
    scenario.database.write_now(time_off.start_time_off, ADA, until, scenario.now)
    scenario.advance_clock(hours=2)
    assert remind(scenario) == 0
