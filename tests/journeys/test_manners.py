"""Manners: hours over both changes of the clocks, a person far away, time off, quiet, limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.sandbox import Person
from storage.tables import Expert, Nudge
from tests.journeys.story import Story


def change(story: Story, person: Person, **columns: Any) -> None:  # noqa: ANN401 - columns of an Expert
    """Change what is known of somebody."""

    def do(session: Session) -> None:
        expert = session.exec(select(Expert).where(Expert.slack_id == person.id)).one()
        expert.sqlmodel_update(columns)
        session.add(expert)

    story.database.write_now(do)


def turn_to(story: Story, moment: str) -> None:
    """Turn the clock to a moment in UTC."""
    story.clock.turn(datetime.fromisoformat(moment).replace(tzinfo=UTC) - story.clock.now())


@pytest.mark.parametrize(
    ("friday", "early", "late"),
    [
        ("2027-03-26 16:00", "2027-03-29 08:10", "2027-03-29 08:20"),
        ("2027-10-29 15:00", "2027-11-01 09:10", "2027-11-01 09:20"),
    ],
    ids=["spring", "autumn"],
)
def test_over_a_weekend_on_which_the_clocks_change(
    story: Story, friday: str, early: str, late: str
) -> None:
    turn_to(story, friday)
    ada, bob = story.person("ada"), story.person("bob")
    reminders, lease = [timedelta(hours=1, minutes=15)], timedelta(hours=2)
    story.campaign("comparison", [ada], reminders=reminders, lease=lease)
    story.campaign("rating", [bob])
    change(story, bob, day_starts=9 * 60 + 5, hours_are_own=True)
    change(story, bob, days=[1])
    story.begins()
    ada.sees("Question 1?")
    turn_to(story, early)
    bob.sees("Joke 1.")
    ada.sees_not("waits for you")
    turn_to(story, late)
    ada.sees("waits for you in “Comparison”")
    assert story.assignments()[0].state == "delivered", "a weekend is no lease"
    story.passes(hours=1)
    ada.sees("This task has moved on")


def test_somebody_fourteen_hours_away_works_by_their_own_day(story: Story) -> None:
    tea, ada = story.person("tea", tz="Pacific/Kiritimati"), story.person("ada")
    story.campaign("comparison", [tea, ada], overlap=2, reminders=[timedelta(hours=1)])
    story.begins()
    ada.sees("Question 1?")
    assert tea.messages == [], "it is midnight there"
    turn_to(story, "2026-11-23 19:00")
    tea.sees("Question 1?")
    story.passes(hours=8.5)
    ada.sees_not("waits for you")
    assert len(tea.messages) == 1, "her day is over, too"
    turn_to(story, "2026-11-24 19:00")
    tea.sees("waits for you")


def test_a_pause_over_the_deadline_costs_nobody_anything(story: Story) -> None:
    ada, grace = story.person("ada"), story.person("grace")
    deadline = story.clock.now() + timedelta(days=2)
    rows = [{"id": "1", "prompt": "Only?", "response_left": "Yes.", "response_right": "No."}]
    story.campaign("comparison", [ada, grace], rows, deadline=deadline)
    story.begins()
    story.sandbox.wait_until(lambda: bool(ada.messages or grace.messages))
    holder, other = (ada, grace) if ada.messages else (grace, ada)
    holder.types("/label away 2026-11-30")
    holder.sees("I will write again on Monday, 30 November 2026")
    holder.sees("moved on to a colleague while you are away")
    other.sees("Only?")
    other.clicks("Tie")
    other.sees("That was all for now")
    other.types("/label away 2026-12-07")
    other.sees("I will write again on Monday, 7 December 2026")
    count = len(holder.messages)
    for _day in range(6):
        story.passes(days=1)
    story.adds("comparison", [{**rows[0], "id": "2", "prompt": "And this?"}])
    assert len(holder.messages) == count
    turn_to(story, "2026-11-30 09:01")
    holder.sees("Welcome back! 1 task waits for you")
    holder.sees("1 task has moved on to colleagues meanwhile")


def test_out_of_office_lets_go_and_one_summary_follows(story: Story) -> None:
    ada, grace = story.person("ada"), story.person("grace")
    story.campaign("comparison", [ada])
    story.begins()
    ada.sees("Question 1?")
    ada.sets_status("Out sick", ":face_with_thermometer:")
    ada.sees("moved on to a colleague while you are away")
    story.passes(days=1)
    assert len(ada.messages) == 1
    ada.sets_status("", "")
    ada.sees("Welcome back! 3 tasks wait for you, about 3 minutes")
    ada.sees("Question 2?")
    assert grace.messages == []
    assert sum("Welcome back" in message.plain for message in ada.messages) == 1


def test_a_message_waits_while_nobody_is_to_be_disturbed(story: Story) -> None:
    ada, bob = story.person("ada"), story.person("bob")
    ada.snoozes(story.clock.now() + timedelta(hours=2))
    story.campaign("comparison", [ada])
    story.campaign("rating", [bob])
    story.begins()
    bob.sees("Joke 1.")
    assert ada.messages == []
    ada.types("/label next")
    ada.sees("Question 1?")
    ada.clicks("Tie")
    ada.sees("Question 2?")


def test_a_message_comes_when_the_quiet_is_over(story: Story) -> None:
    ada = story.person("ada")
    ada.snoozes(story.clock.now() + timedelta(hours=2))
    story.campaign("comparison", [ada])
    story.begins()
    story.sandbox.wait_until(lambda: story.sandbox.counts["dnd.info"] > 0)
    assert ada.messages == []
    story.passes(hours=2.1)
    ada.sees("Question 1?")


def test_settings_at_home_and_a_batch_that_ends(story: Story) -> None:
    ada = story.person("ada")
    story.campaign("comparison", [ada])
    story.begins()
    ada.sees("Question 1?")
    ada.opens_home()
    ada.sees("3 waiting for you, about 3 minutes")
    ada.clicks("Settings")
    ada.sees("Tasks in a row")
    ada.submits(batch="1", minutes="30")
    ada.sees("You want to give 30 minutes a day")
    ada.opens_messages()
    ada.clicks("A is better")
    ada.sees("That was your batch of 1")
    ada.clicks("Go on anyway")
    ada.sees("Question 2?")


def silent(story: Story) -> Person:
    """Return somebody who left three reminders unanswered yesterday."""
    ada = story.person("ada")
    story.campaign("comparison", [ada])
    story.begins()
    ada.sees("Question 1?")

    def remember(session: Session) -> None:
        expert = session.exec(select(Expert)).one()
        for _ in range(3):
            at = story.clock.now()
            session.add(Nudge(expert_id=expert.id or 0, assignments=[1], created_at=at))

    story.database.write_now(remember)
    story.passes(days=1)
    ada.sees("Do you still want to get them?")
    return ada


def test_after_three_unanswered_reminders_somebody_stays(story: Story) -> None:
    ada = silent(story)
    ada.clicks("Stay")
    ada.sees("Question 1?")
    ada.sees_not("Do you still want")


def test_or_comes_back_later(story: Story) -> None:
    ada = silent(story)
    ada.clicks("Later")
    ada.sees("a week from now is only a suggestion")
    ada.submits()
    ada.sees("I will write again on Tuesday, 1 December 2026")
    ada.types("/label back")
    ada.sees("Welcome back! 3 tasks wait for you")


def test_or_leaves(story: Story) -> None:
    boss = story.person("boss")
    story.coordinators = (boss.id,)
    ada = silent(story)
    ada.clicks("Leave")
    ada.sees("You are out of “Comparison”")
    boss.sees("Ada has left “Comparison”")
    assert [row.state for row in story.assignments()] == ["released"]


def test_an_answer_is_changed_from_home(story: Story) -> None:
    ada = story.person("ada")
    story.campaign("comparison", [ada])
    story.begins()
    ada.clicks("A is better")
    ada.sees("Question 2?")
    ada.opens_home()
    ada.sees("Comparison: A is better")
    ada.clicks("Change")
    ada.sees("Here is your answer again")
    ada.clicks("Both bad")
    ada.sees("Saved: Both bad")
    assert story.values() == [{"verdict": "both_bad"}]
    assert [version.value for version in story.versions()] == [
        {"verdict": "a"},
        {"verdict": "both_bad"},
    ]
