"""When the bot may message an expert: working hours, clock changes, time off and limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.sandbox import SimulatedUser
from storage.row_id import id_of
from storage.tables import Expert, ReminderMessage
from tests.journeys.journey import Journey


def update_expert(journey: Journey, person: SimulatedUser, **columns: Any) -> None:  # noqa: ANN401 - columns of an Expert
    """Set columns of an expert."""

    def update(session: Session) -> None:
        expert = session.exec(select(Expert).where(Expert.slack_id == person.id)).one()
        expert.sqlmodel_update(columns)
        session.add(expert)

    journey.database.write_now(update)


def set_clock(journey: Journey, moment: str) -> None:
    """Advance the clock to a time in UTC."""
    journey.clock.advance(datetime.fromisoformat(moment).replace(tzinfo=UTC) - journey.clock.now())


@pytest.mark.parametrize(
    ("friday", "early", "late"),
    [
        ("2027-03-26 16:00", "2027-03-29 08:10", "2027-03-29 08:20"),
        ("2027-10-29 15:00", "2027-11-01 09:10", "2027-11-01 09:20"),
    ],
    ids=["spring", "autumn"],
)
def test_weekend_with_a_clock_change_is_not_working_time(
    journey: Journey, friday: str, early: str, late: str
) -> None:
    set_clock(journey, friday)
    ada, bob = journey.add_user("ada"), journey.add_user("bob")
    reminders, lease = [timedelta(hours=1, minutes=15)], timedelta(hours=2)
    journey.create_campaign("comparison", [ada], reminders=reminders, lease=lease)
    journey.create_campaign("rating", [bob])
    update_expert(journey, bob, work_starts_minute=9 * 60 + 5, has_custom_hours=True)
    update_expert(journey, bob, work_days=[1])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    set_clock(journey, early)
    bob.wait_for_text("Joke 1.")
    ada.wait_until_gone("1 open task")
    set_clock(journey, late)
    ada.wait_for_text("1 open task in “Comparison”")
    assert journey.assignments()[0].state == "delivered", "a lease does not run at the weekend"
    journey.advance_clock(hours=1)
    ada.wait_for_text("This task went to another expert")


def test_working_hours_follow_the_experts_time_zone(journey: Journey) -> None:
    tea, ada = journey.add_user("tea", tz="Pacific/Kiritimati"), journey.add_user("ada")
    journey.create_campaign("comparison", [tea, ada], overlap=2, reminders=[timedelta(hours=1)])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    assert tea.messages == [], "it is midnight there"
    set_clock(journey, "2026-11-23 19:00")
    tea.wait_for_text("Question 1?")
    journey.advance_clock(hours=8.5)
    ada.wait_until_gone("1 open task")
    assert len(tea.messages) == 1, "her working day is over, too"
    set_clock(journey, "2026-11-24 19:00")
    tea.wait_for_text("1 open task")


def test_time_off_over_the_deadline_releases_the_task(journey: Journey) -> None:
    ada, grace = journey.add_user("ada"), journey.add_user("grace")
    deadline = journey.clock.now() + timedelta(days=2)
    rows = [{"id": "1", "prompt": "Only?", "response_left": "Yes.", "response_right": "No."}]
    journey.create_campaign("comparison", [ada, grace], rows, deadline=deadline)
    journey.start_bot()
    journey.sandbox.wait_until(lambda: bool(ada.messages or grace.messages))
    holder, other = (ada, grace) if ada.messages else (grace, ada)
    holder.send_message("/label away 2026-11-30")
    holder.wait_for_text("I will message you again on Monday, 30 November 2026")
    holder.wait_for_text("This task went to another expert while you are away")
    other.wait_for_text("Only?")
    other.click("Tie")
    other.wait_for_text("No more tasks for now")
    other.send_message("/label away 2026-12-07")
    other.wait_for_text("I will message you again on Monday, 7 December 2026")
    count = len(holder.messages)
    for _day in range(6):
        journey.advance_clock(days=1)
    journey.import_rows("comparison", [{**rows[0], "id": "2", "prompt": "And this?"}])
    assert len(holder.messages) == count
    set_clock(journey, "2026-11-30 09:01")
    holder.wait_for_text("Welcome back! 1 task is waiting for you")
    holder.wait_for_text("colleagues took over 1 task while you were away")


def test_out_of_office_status_releases_tasks_until_one_summary(journey: Journey) -> None:
    ada, grace = journey.add_user("ada"), journey.add_user("grace")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    ada.set_status("Out sick", ":face_with_thermometer:")
    ada.wait_for_text("This task went to another expert while you are away")
    journey.advance_clock(days=1)
    assert len(ada.messages) == 1
    ada.set_status("", "")
    ada.wait_for_text("Welcome back! 3 tasks are waiting for you, about 3 minutes")
    ada.wait_for_text("Question 2?")
    assert grace.messages == []
    assert sum("Welcome back" in message.plain_text for message in ada.messages) == 1


def test_do_not_disturb_delays_tasks_except_on_request(journey: Journey) -> None:
    ada, bob = journey.add_user("ada"), journey.add_user("bob")
    ada.snooze(journey.clock.now() + timedelta(hours=2))
    journey.create_campaign("comparison", [ada])
    journey.create_campaign("rating", [bob])
    journey.start_bot()
    bob.wait_for_text("Joke 1.")
    assert ada.messages == []
    ada.send_message("/label next")
    ada.wait_for_text("Question 1?")
    ada.click("Tie")
    ada.wait_for_text("Question 2?")


def test_task_is_sent_when_do_not_disturb_ends(journey: Journey) -> None:
    ada = journey.add_user("ada")
    ada.snooze(journey.clock.now() + timedelta(hours=2))
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    journey.sandbox.wait_until(lambda: journey.sandbox.request_counts["dnd.info"] > 0)
    assert ada.messages == []
    journey.advance_clock(hours=2.1)
    ada.wait_for_text("Question 1?")


def test_batch_size_from_the_home_tab_ends_a_batch(journey: Journey) -> None:
    ada = journey.add_user("ada")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    ada.open_home()
    ada.wait_for_text("3 tasks are waiting for you, about 3 minutes")
    ada.click("Edit preferences…")
    ada.wait_for_text("Tasks in a row")
    ada.submit_modal(batch_size="1", daily_limit_minutes="30")
    ada.wait_for_text("Daily limit: 30 minutes")
    ada.open_messages()
    ada.click("A is better")
    ada.wait_for_text("1 task done.")
    ada.click("Continue anyway")
    ada.wait_for_text("Question 2?")


def inactive_expert(journey: Journey) -> SimulatedUser:
    """Return an expert who did not react to three reminders yesterday."""
    ada = journey.add_user("ada")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")

    def add_reminders(session: Session) -> None:
        expert = session.exec(select(Expert)).one()
        for _ in range(3):
            at = journey.clock.now()
            session.add(ReminderMessage(expert_id=id_of(expert), assignment_ids=[1], created_at=at))

    journey.database.write_now(add_reminders)
    journey.advance_clock(days=1)
    ada.wait_for_text("Do you still want to get them?")
    return ada


def test_inactive_expert_can_stay(journey: Journey) -> None:
    ada = inactive_expert(journey)
    ada.click("Keep getting tasks")
    ada.wait_for_text("Question 1?")
    ada.wait_until_gone("Do you still want")


def test_inactive_expert_can_return_later(journey: Journey) -> None:
    ada = inactive_expert(journey)
    ada.click("Ask me later…")
    ada.wait_for_text("Choose any day; a week is a suggestion")
    ada.submit_modal()
    ada.wait_for_text("I will message you again on Tuesday, 1 December 2026")
    ada.send_message("/label back")
    ada.wait_for_text("Welcome back! 3 tasks are waiting for you")


def test_inactive_expert_can_leave(journey: Journey) -> None:
    boss = journey.add_user("boss")
    journey.coordinators = (boss.id,)
    ada = inactive_expert(journey)
    ada.click("Opt out")
    ada.wait_for_text("You left “Comparison”")
    boss.wait_for_text("Ada left “Comparison”")
    assert [row.state for row in journey.assignments()] == ["released"]


def test_answer_can_be_changed_from_the_home_tab(journey: Journey) -> None:
    ada = journey.add_user("ada")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    ada.open_home()
    ada.wait_for_text("Comparison: A is better")
    ada.click("Change")
    ada.wait_for_text("This is your current answer")
    ada.click("Both are bad")
    ada.wait_for_text("Saved: Both are bad")
    assert journey.answer_values() == [{"verdict": "both_bad"}]
    assert [version.value for version in journey.annotations()] == [
        {"verdict": "a"},
        {"verdict": "both_bad"},
    ]
