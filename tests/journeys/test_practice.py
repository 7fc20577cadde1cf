"""An expert practices before the first task, fails, and is admitted by a coordinator."""

from __future__ import annotations

from sqlmodel import Session, col, select

from storage.tables import Item, Task
from tests.journeys.journey import Journey, top_modal


def _make_gold(session: Session) -> None:
    """Make the first item gold, with the verdict that both responses are bad."""
    item = session.exec(select(Item).order_by(col(Item.id))).first()
    task = session.exec(select(Task).order_by(col(Task.id))).first()
    assert item is not None
    assert task is not None
    item.gold, task.is_gold = {"verdict": "both_bad"}, True
    session.add_all([item, task])


def test_expert_fails_the_practice_and_is_let_in(journey: Journey) -> None:
    ada, cora = journey.add_user(), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada], practice_questions=1, practice_attempts=2)
    journey.database.write_now(_make_gold)
    journey.start_bot()
    ada.wait_for_text("Practice 1 of 1")
    ada.click("Tie")
    ada.wait_for_text("Please try once more")
    ada.click("Tie")
    ada.wait_for_text("Correct answer: Both are bad")
    ada.wait_for_text("0 of 1 right is not enough to pass, so you get no tasks")
    cora.wait_for_text("failed the practice 2 times")
    cora.click("Admit")
    cora.wait_for_text("was admitted without passing")
    ada.wait_for_text("a coordinator admitted you")
    ada.wait_for_text("Question 2?")


def test_coordinator_saves_the_practice_in_the_edit_dialog(journey: Journey) -> None:
    """The new practice applies to an expert who has not passed yet."""
    ada, cora = journey.add_user(), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada], practice_questions=1, practice_attempts=1)
    journey.database.write_now(_make_gold)
    journey.start_bot()
    ada.wait_for_text("Practice 1 of 1")
    cora.send_message("/label edit comparison")
    journey.sandbox.wait_until(lambda: cora.modal)
    cora.fill("Practice attempts", "2")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: "Practice attempts: 1 → 2" in top_modal(cora).plain_text)
    ada.click("Tie")
    ada.wait_for_text("Please try once more")


def test_practice_with_too_few_gold_items_warns_the_coordinator(journey: Journey) -> None:
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [journey.add_user()])
    journey.database.write_now(_make_gold)
    journey.start_bot()
    for questions, warns in (("3", True), ("1", False)):
        cora.send_message("/label edit comparison")
        journey.sandbox.wait_until(lambda: cora.modal)
        cora.fill("Practice questions", questions)
        cora.submit_modal()
        journey.sandbox.wait_until(lambda: "Practice questions:" in top_modal(cora).plain_text)
        is_warned = "The practice needs 2 more gold items" in top_modal(cora).plain_text
        assert is_warned == warns
        cora.close_modal()
