"""Quotas: the bot keeps to the maximum answers per expert, in all and a day."""

from __future__ import annotations

from bot.sandbox import SimulatedUser
from tests.journeys.journey import Journey, newest_message, top_modal

DAILY_LIMIT_TEXT = "You have reached today's limit of 1 in “Comparison”. Tasks continue tomorrow."
QUOTA_TEXT = "You have reached the limit of 1 per expert in “Comparison”. Thank you!"


def edit_quota(journey: Journey, cora: SimulatedUser, label: str) -> None:
    """Let a coordinator set a quota of one answer in the edit dialog, which shows the change."""
    cora.send_message("/label edit comparison")
    journey.sandbox.wait_until(lambda: cora.modal and "Deadline" in top_modal(cora).plain_text)
    cora.fill(label, "1")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: f"{label}: none → 1" in top_modal(cora).plain_text)
    cora.close_modal()


def start_campaign(journey: Journey, *names: str) -> tuple[SimulatedUser, list[SimulatedUser]]:
    """Start the bot with a campaign of three items; return a coordinator and the experts."""
    cora = journey.add_user("cora")
    experts = [journey.add_user(name) for name in names]
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", experts)
    journey.start_bot()
    return cora, experts


def test_daily_quota_pauses_tasks_until_the_next_day(journey: Journey) -> None:
    cora, (ada,) = start_campaign(journey, "ada")
    edit_quota(journey, cora, "Maximum answers per expert and day")
    ada.wait_for_text("Question 1?")
    ada.click("A is better")
    ada.wait_for_text(DAILY_LIMIT_TEXT)
    ada.send_message("/label next")
    journey.sandbox.wait_until(lambda: DAILY_LIMIT_TEXT in newest_message(ada).plain_text)
    ada.open_home()
    ada.wait_for_text(DAILY_LIMIT_TEXT)
    cora.send_message("/label status comparison")
    cora.wait_for_text(
        "has reached the maximum answers per expert and day: tasks continue tomorrow"
    )
    cora.send_message("/label assign @ada comparison")
    cora.wait_for_text("has reached the maximum answers per expert and day; assign more tomorrow")
    ada.open_messages()
    journey.advance_clock(hours=8)
    ada.wait_until_gone("Question 2?")
    assert len(journey.assignments()) == 1
    journey.advance_clock(hours=16)
    ada.wait_for_text("Question 2?")
    ada.click("Tie")
    journey.sandbox.wait_until(lambda: len(journey.answer_values()) == 2)
    assert len(journey.assignments()) == 2


def test_quota_leaves_the_other_items_to_other_experts(journey: Journey) -> None:
    cora, (ada, bob) = start_campaign(journey, "ada", "bob")
    edit_quota(journey, cora, "Maximum answers per expert")
    for person in (ada, bob):
        person.wait_for_text("A is better")
        person.click("A is better")
        person.wait_for_text(QUOTA_TEXT)
    journey.advance_clock(days=1)
    cora.wait_for_text("every expert has reached the maximum answers per expert")
    assert len(journey.answer_values()) == len(journey.assignments()) == 2
    cora.click("Edit campaign…")
    journey.sandbox.wait_until(lambda: cora.modal)
    cora.fill("Maximum answers per expert", "2")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: len(journey.assignments()) == 3)
