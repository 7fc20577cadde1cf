"""The bot removes its messages some days after the answer, as a coordinator chose; answers stay."""

from __future__ import annotations

from tests.journeys.journey import Journey, newest_message, top_modal

DAYS = 7


def test_messages_are_removed_days_after_the_answer(journey: Journey) -> None:
    cora, ada = journey.add_user("cora"), journey.add_user("ada")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    cora.send_message("/label edit comparison")
    journey.sandbox.wait_until(lambda: cora.modal)
    cora.fill("Days until messages are removed", str(DAYS))
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: f"none → {DAYS}" in top_modal(cora).plain_text)
    for _number in range(3):
        journey.click_and_wait(ada, "A is better")
    ada.wait_for_text("No more tasks for now")
    ada.send_message("I wrote this.", thread=newest_message(ada))
    journey.advance_clock(days=DAYS - 1)
    ada.wait_until_gone("Question 4?")
    assert len(journey.answer_values()) == 3
    assert any("No more tasks for now" in message.plain_text for message in ada.messages)
    journey.advance_clock(days=1, minutes=5)
    ada.wait_until_gone("No more tasks for now")
    assert [one.plain_text for one in ada.messages if one.user == ada.id] == ["I wrote this."]
    assert len(journey.answer_values()) == 3
    cora.send_message("/label messages @ada")
    cora.wait_for_text("Task, because the bot assigned it")
