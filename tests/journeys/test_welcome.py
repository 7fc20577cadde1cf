"""The first message of a campaign: what it is, and one button that starts it."""

from __future__ import annotations

from tests.journeys.journey import Journey, newest_message


def test_welcome_comes_before_the_first_task_and_becomes_it(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign(
        "comparison", [ada], sends_welcome=True, guidelines="Prefer the **true** answer."
    )
    journey.start_bot()
    ada.wait_for_text("Welcome to Comparison")
    welcome = newest_message(ada).plain_text
    assert "A coordinator invited you to say which of two responses is better." in welcome
    assert "3 tasks are waiting for you. One takes about 1 minute." in welcome
    assert "Question 1?" not in welcome
    ada.click("Guidelines…")
    ada.wait_for_text("Prefer the true answer.")
    ada.close_modal()
    ada.click("Start")
    ada.wait_for_text("Question 1?")
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    assert len(ada.messages) == 1, "the task replaces the welcome"


def test_time_before_the_start_is_no_work(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada], sends_welcome=True)
    journey.start_bot()
    ada.wait_for_text("Welcome to Comparison")
    journey.advance_clock(minutes=30)
    ada.click("Start")
    ada.wait_for_text("Question 1?")
    journey.advance_clock(seconds=40)
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    (version,) = journey.annotations()
    assert version.seconds is not None
    assert (30 <= version.seconds <= 50, version.paused) == (True, False)


def test_expert_stops_and_gets_no_more_tasks(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada], sends_welcome=True)
    journey.start_bot()
    ada.wait_for_text("Welcome to Comparison")
    ada.send_message("/label stop")
    ada.wait_for_text("you leave “Comparison” and get no more tasks")
    ada.click("Opt out")
    ada.wait_for_text("You left “Comparison”.")
    assert [row.state for row in journey.assignments()] == ["released"]
