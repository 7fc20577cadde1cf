"""Manners: hours over both changes of the clocks, a person far away, time off, quiet, limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.sandbox import SimulatedUser
from storage.tables import Expert, ReminderMessage
from tests.journeys.journey import Journey


def change(journey: Journey, person: SimulatedUser, **columns: Any) -> None:  # noqa: ANN401 - columns of an Expert
    """Change what is known of somebody."""

    def do(session: Session) -> None:
        expert = session.exec(select(Expert).where(Expert.slack_id == person.id)).one()
        expert.sqlmodel_update(columns)
        session.add(expert)

    journey.database.write_now(do)


def turn_to(journey: Journey, moment: str) -> None:
    """Turn the clock to a moment in UTC."""
    journey.clock.advance(datetime.fromisoformat(moment).replace(tzinfo=UTC) - journey.clock.now())


@pytest.mark.parametrize(
    ("friday", "early", "late"),
    [
        ("2027-03-26 16:00", "2027-03-29 08:10", "2027-03-29 08:20"),
        ("2027-10-29 15:00", "2027-11-01 09:10", "2027-11-01 09:20"),
    ],
    ids=["spring", "autumn"],
)
def test_over_a_weekend_on_which_the_clocks_change(
    journey: Journey, friday: str, early: str, late: str
) -> None:
    turn_to(journey, friday)
    ada, bob = journey.add_user("ada"), journey.add_user("bob")
    reminders, lease = [timedelta(hours=1, minutes=15)], timedelta(hours=2)
    journey.create_campaign("comparison", [ada], reminders=reminders, lease=lease)
    journey.create_campaign("rating", [bob])
    change(journey, bob, work_starts_minute=9 * 60 + 5, has_custom_hours=True)
    change(journey, bob, work_days=[1])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    turn_to(journey, early)
    bob.wait_for_text("Joke 1.")
    ada.wait_until_gone("waits for you")
    turn_to(journey, late)
    ada.wait_for_text("waits for you in “Comparison”")
    assert journey.assignments()[0].state == "delivered", "a weekend is no lease"
    journey.advance_clock(hours=1)
    ada.wait_for_text("This task has moved on")


def test_somebody_fourteen_hours_away_works_by_their_own_day(journey: Journey) -> None:
    tea, ada = journey.add_user("tea", tz="Pacific/Kiritimati"), journey.add_user("ada")
    journey.create_campaign("comparison", [tea, ada], overlap=2, reminders=[timedelta(hours=1)])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    assert tea.messages == [], "it is midnight there"
    turn_to(journey, "2026-11-23 19:00")
    tea.wait_for_text("Question 1?")
    journey.advance_clock(hours=8.5)
    ada.wait_until_gone("waits for you")
    assert len(tea.messages) == 1, "her day is over, too"
    turn_to(journey, "2026-11-24 19:00")
    tea.wait_for_text("waits for you")


def test_a_pause_over_the_deadline_costs_nobody_anything(journey: Journey) -> None:
    ada, grace = journey.add_user("ada"), journey.add_user("grace")
    deadline = journey.clock.now() + timedelta(days=2)
    rows = [{"id": "1", "prompt": "Only?", "response_left": "Yes.", "response_right": "No."}]
    journey.create_campaign("comparison", [ada, grace], rows, deadline=deadline)
    journey.start_bot()
    journey.sandbox.wait_until(lambda: bool(ada.messages or grace.messages))
    holder, other = (ada, grace) if ada.messages else (grace, ada)
    holder.send_message("/label away 2026-11-30")
    holder.wait_for_text("I will write again on Monday, 30 November 2026")
    holder.wait_for_text("moved on to a colleague while you are away")
    other.wait_for_text("Only?")
    other.click("Tie")
    other.wait_for_text("That was all for now")
    other.send_message("/label away 2026-12-07")
    other.wait_for_text("I will write again on Monday, 7 December 2026")
    count = len(holder.messages)
    for _day in range(6):
        journey.advance_clock(days=1)
    journey.import_rows("comparison", [{**rows[0], "id": "2", "prompt": "And this?"}])
    assert len(holder.messages) == count
    turn_to(journey, "2026-11-30 09:01")
    holder.wait_for_text("Welcome back! 1 task waits for you")
    holder.wait_for_text("1 task has moved on to colleagues meanwhile")


def test_out_of_office_lets_go_and_one_summary_follows(journey: Journey) -> None:
    ada, grace = journey.add_user("ada"), journey.add_user("grace")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    ada.set_status("Out sick", ":face_with_thermometer:")
    ada.wait_for_text("moved on to a colleague while you are away")
    journey.advance_clock(days=1)
    assert len(ada.messages) == 1
    ada.set_status("", "")
    ada.wait_for_text("Welcome back! 3 tasks wait for you, about 3 minutes")
    ada.wait_for_text("Question 2?")
    assert grace.messages == []
    assert sum("Welcome back" in message.plain_text for message in ada.messages) == 1


def test_a_message_waits_while_nobody_is_to_be_disturbed(journey: Journey) -> None:
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


def test_a_message_comes_when_the_quiet_is_over(journey: Journey) -> None:
    ada = journey.add_user("ada")
    ada.snooze(journey.clock.now() + timedelta(hours=2))
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    journey.sandbox.wait_until(lambda: journey.sandbox.request_counts["dnd.info"] > 0)
    assert ada.messages == []
    journey.advance_clock(hours=2.1)
    ada.wait_for_text("Question 1?")


def test_settings_at_home_and_a_batch_that_ends(journey: Journey) -> None:
    ada = journey.add_user("ada")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    ada.open_home()
    ada.wait_for_text("3 waiting for you, about 3 minutes")
    ada.click("Settings")
    ada.wait_for_text("Tasks in a row")
    ada.submit_modal(batch_size="1", daily_limit_minutes="30")
    ada.wait_for_text("You want to give 30 minutes a day")
    ada.open_messages()
    ada.click("A is better")
    ada.wait_for_text("That was your batch of 1")
    ada.click("Go on anyway")
    ada.wait_for_text("Question 2?")


def silent(journey: Journey) -> SimulatedUser:
    """Return somebody who left three reminders unanswered yesterday."""
    ada = journey.add_user("ada")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")

    def remember(session: Session) -> None:
        expert = session.exec(select(Expert)).one()
        for _ in range(3):
            at = journey.clock.now()
            session.add(
                ReminderMessage(expert_id=expert.id or 0, assignment_ids=[1], created_at=at)
            )

    journey.database.write_now(remember)
    journey.advance_clock(days=1)
    ada.wait_for_text("Do you still want to get them?")
    return ada


def test_after_three_unanswered_reminders_somebody_stays(journey: Journey) -> None:
    ada = silent(journey)
    ada.click("Stay")
    ada.wait_for_text("Question 1?")
    ada.wait_until_gone("Do you still want")


def test_or_comes_back_later(journey: Journey) -> None:
    ada = silent(journey)
    ada.click("Later")
    ada.wait_for_text("a week from now is only a suggestion")
    ada.submit_modal()
    ada.wait_for_text("I will write again on Tuesday, 1 December 2026")
    ada.send_message("/label back")
    ada.wait_for_text("Welcome back! 3 tasks wait for you")


def test_or_leaves(journey: Journey) -> None:
    boss = journey.add_user("boss")
    journey.coordinators = (boss.id,)
    ada = silent(journey)
    ada.click("Leave")
    ada.wait_for_text("You are out of “Comparison”")
    boss.wait_for_text("Ada left “Comparison”")
    assert [row.state for row in journey.assignments()] == ["released"]


def test_an_answer_is_changed_from_home(journey: Journey) -> None:
    ada = journey.add_user("ada")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    ada.open_home()
    ada.wait_for_text("Comparison: A is better")
    ada.click("Change")
    ada.wait_for_text("Here is your answer again")
    ada.click("Both are bad")
    ada.wait_for_text("Saved: Both are bad")
    assert journey.answer_values() == [{"verdict": "both_bad"}]
    assert [version.value for version in journey.annotations()] == [
        {"verdict": "a"},
        {"verdict": "both_bad"},
    ]
