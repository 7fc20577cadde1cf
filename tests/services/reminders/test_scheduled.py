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
from tests.services.tasks.test_scheduled_delivery import ADA, changes, dispatched, opened, words


def remind(workshop: Scenario) -> int:
    """Look for reminders that are due."""
    return run_notifications(workshop, scheduled.send_due_reminders)


def test_reminders_come_as_planned_and_each_once(workshop: Scenario) -> None:
    opened(workshop, reminders=[timedelta(hours=1), timedelta(hours=3)])
    given = workshop.assign_next(ADA)
    counts = []
    for _hour in range(6):
        counts.append(remind(workshop))
        assert remind(workshop) == 0
        workshop.advance_clock(hours=1)
    assert counts == [0, 1, 0, 1, 0, 0]
    assert [row.payload for row in words(workshop, "reminder")] == [
        {"assignments": [given], "stage": stage} for stage in ("first", "last")
    ]
    assert [row.number for row in workshop.rows(Reminder)] == [1, 2]


def test_reminders_that_were_missed_at_night_are_made_up_for_once(workshop: Scenario) -> None:
    opened(workshop, reminders=[timedelta(hours=number) for number in (7, 8, 15)])
    workshop.assign_next(ADA)
    workshop.advance_clock(hours=12)
    assert remind(workshop) == 0
    workshop.advance_clock(hours=12)
    assert remind(workshop) == 1
    assert remind(workshop) == 0
    assert [row.number for row in workshop.rows(Reminder)] == [2]


def test_one_message_reminds_of_everything_that_is_due(workshop: Scenario) -> None:
    for name in ("tone", "jokes"):
        workshop.create_campaign(name, experts=[ADA], overlap=1, reminders=[timedelta(hours=1)])
        workshop.import_rows(name, [pair(1)])
    workshop.assign_next(ADA)

    def give_another(session: Session) -> None:
        first = session.get_one(Assignment, 1)
        other = first.model_dump(exclude={"id"})
        session.add(Assignment(**{**other, "task_id": 2, "campaign_id": 2}))
        session.get_one(Task, 2).slots_taken = 1

    workshop.database.write_now(give_another)
    workshop.advance_clock(hours=2)
    assert remind(workshop) == 1
    (row,) = words(workshop, "reminder")
    assert row.payload == {"assignments": [1, 2], "stage": "first"}


@pytest.mark.parametrize("known", [{"away_since": NOW}, {"days": []}])
def test_nobody_is_nagged(workshop: Scenario, known: dict[str, object]) -> None:
    opened(workshop, reminders=[timedelta(hours=1)])
    workshop.assign_next(ADA)
    changes(workshop, **known)
    workshop.advance_clock(hours=2)
    assert remind(workshop) == 0


def test_what_is_done_or_paused_needs_no_reminder(workshop: Scenario) -> None:
    opened(workshop, reminders=[timedelta(hours=1)])
    workshop.submit_answer(ADA, workshop.assign_next(ADA) or 0, verdict="a")
    second = workshop.assign_next(ADA)
    workshop.run_for_campaign("tone", campaigns.pause, workshop.by)
    workshop.advance_clock(hours=2)
    assert remind(workshop) == 0
    workshop.run_for_campaign("tone", campaigns.resume, workshop.by)
    assert remind(workshop) == 1
    assert words(workshop, "reminder")[0].payload["assignments"] == [second]


def test_what_was_not_delivered_yet_needs_none_either(workshop: Scenario) -> None:
    opened(workshop, reminders=[timedelta(hours=1)])
    dispatched(workshop)
    workshop.advance_clock(hours=2)
    assert remind(workshop) == 0


def test_the_words_follow_the_plan(workshop: Scenario) -> None:
    hours = [timedelta(hours=number) for number in (1, 2, 3)]
    opened(workshop, reminders=hours)
    choices(workshop, a_day=9, a_week=9)
    workshop.assign_next(ADA)
    for _hour in range(4):
        workshop.advance_clock(hours=1)
        remind(workshop)
    stages = [row.payload["stage"] for row in words(workshop, "reminder")]
    assert stages == ["first", "next", "last"]


def choices(workshop: Scenario, a_day: int, a_week: int) -> None:
    """Let the coordinators choose how many reminders are bearable."""
    wanted = WorkspaceSettings(reminders_per_day=a_day, reminders_per_week=a_week)
    workshop.database.write_now(update_settings, wanted, workshop.by)


def test_nobody_gets_more_than_the_caps_over_all_campaigns(workshop: Scenario) -> None:
    opened(workshop, reminders=[timedelta(minutes=10 * n) for n in range(1, 9)])
    choices(workshop, a_day=1, a_week=2)
    workshop.assign_next(ADA)
    sent = []
    for _half_hour in range(48 * 5):
        workshop.advance_clock(minutes=30)
        if remind(workshop):
            sent.append(workshop.now)
    assert [at.date().isoformat() for at in sent] == ["2026-03-02", "2026-03-03"]
    assert workshop.count("reminder_message") == 2


@pytest.mark.parametrize(
    "known",
    [
        {"wants_reminders": False},
        {"paused_until": NOW + timedelta(days=1)},
        {"status_away_until": NOW + timedelta(days=1)},
        {"dnd_until": NOW + timedelta(days=1)},
        {"day_ends": 10 * 60},
    ],
)
def test_who_does_not_want_any_gets_none(workshop: Scenario, known: dict[str, object]) -> None:
    opened(workshop, reminders=[timedelta(hours=1)])
    workshop.assign_next(ADA)
    changes(workshop, **known)
    workshop.advance_clock(hours=2)
    assert remind(workshop) == 0


def test_who_is_not_to_be_disturbed_is_asked_about_first(workshop: Scenario) -> None:
    opened(workshop, reminders=[timedelta(hours=1)])
    workshop.assign_next(ADA)
    workshop.advance_clock(hours=2)
    spoken = workshop.database.write_now(scheduled.send_due_reminders, workshop.now)
    assert spoken == ContactResult(0, (ADA,))
    assert words(workshop, "reminder") == []


def test_a_question_that_waits_stops_the_reminders(workshop: Scenario) -> None:
    opened(workshop, reminders=[timedelta(hours=1)])
    workshop.assign_next(ADA)

    def stop(session: Session) -> None:
        session.get_one(Assignment, 1).lease_paused_at = NOW

    workshop.database.write_now(stop)
    workshop.advance_clock(hours=2)
    assert remind(workshop) == 0


def silent(workshop: Scenario, nudges: int = 3) -> None:
    """Let Ada leave reminders unanswered, all on this day."""
    opened(workshop, reminders=[timedelta(hours=1)], items=5)
    workshop.assign_next(ADA)

    def remember(session: Session) -> None:
        for _ in range(nudges):
            session.add(ReminderMessage(expert_id=1, assignment_ids=[1], created_at=workshop.now))

    workshop.database.write_now(remember)


def asks_to_stay(workshop: Scenario) -> int:
    """Ask those who do not answer."""
    return run_notifications(workshop, scheduled.ask_about_opt_out)


def test_after_three_unanswered_ones_we_ask_once_and_remind_no_more(workshop: Scenario) -> None:
    silent(workshop)
    workshop.advance_clock(hours=2)
    assert asks_to_stay(workshop) == 0, "the last one may still be answered today"
    assert remind(workshop) == 0
    workshop.advance_clock(days=1)
    assert [asks_to_stay(workshop), asks_to_stay(workshop)] == [1, 0]
    assert [row.recipient for row in words(workshop, "stay")] == [ADA]
    for _day in range(9):
        workshop.advance_clock(days=1)
        assert [asks_to_stay(workshop), remind(workshop)] == [0, 0]


@pytest.mark.parametrize("nudges", [0, 2])
def test_two_are_not_enough_to_ask(workshop: Scenario, nudges: int) -> None:
    silent(workshop, nudges)
    workshop.advance_clock(days=1)
    assert asks_to_stay(workshop) == 0


@pytest.mark.parametrize("hour", [-15, 9])
def test_nobody_is_asked_to_stay_at_night(workshop: Scenario, hour: int) -> None:
    silent(workshop)
    workshop.advance_clock(days=1, hours=hour)
    assert asks_to_stay(workshop) == 0


def test_any_deed_makes_the_count_begin_anew(workshop: Scenario) -> None:
    silent(workshop)
    workshop.advance_clock(minutes=1)
    workshop.database.write_now(submit.skip_task, 1, "unclear", workshop.interaction(ADA))
    workshop.advance_clock(days=1)
    assert asks_to_stay(workshop) == 0
    workshop.assign_next(ADA)
    workshop.advance_clock(hours=2)
    assert remind(workshop) == 1


def test_who_was_asked_and_came_back_may_be_asked_another_time(workshop: Scenario) -> None:
    silent(workshop)
    workshop.advance_clock(days=1)
    assert asks_to_stay(workshop) == 1
    workshop.advance_clock(hours=1)
    workshop.submit_answer(ADA, 1, verdict="a")

    def remember(session: Session) -> None:
        for minute in (1, 2, 3):
            at = workshop.now + timedelta(minutes=minute)
            session.add(ReminderMessage(expert_id=1, assignment_ids=[2], created_at=at))

    workshop.database.write_now(remember)
    choices(workshop, a_day=9, a_week=50)
    workshop.advance_clock(days=1)
    assert asks_to_stay(workshop) == 1


def test_the_question_counts_as_a_reminder(workshop: Scenario) -> None:
    silent(workshop)
    choices(workshop, a_day=2, a_week=3)
    workshop.advance_clock(days=1)
    assert asks_to_stay(workshop) == 0, "three in a week were enough"
    workshop.advance_clock(days=7)
    assert asks_to_stay(workshop) == 1


def test_somebody_without_hours_at_all_is_never_spoken_to(workshop: Scenario) -> None:
    silent(workshop)
    changes(workshop, days=[])
    workshop.advance_clock(days=2)
    assert [asks_to_stay(workshop), remind(workshop), dispatched(workshop)] == [0, 0, 0]


def test_a_pause_stops_them(workshop: Scenario) -> None:
    opened(workshop, reminders=[timedelta(hours=1)])
    workshop.assign_next(ADA)
    until = (workshop.now + timedelta(days=3)).date()
    workshop.database.write_now(time_off.start_time_off, ADA, until, workshop.now)
    workshop.advance_clock(hours=2)
    assert remind(workshop) == 0
