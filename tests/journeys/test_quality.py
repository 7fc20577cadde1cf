"""Label quality in Slack: an alert pauses and resumes an expert; an appeal corrects the scores."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from bot.services.reports import agreement
from storage.tables import Assignment, Item, Task
from tests.journeys.journey import ITEM_ROWS, Journey, top_modal

ANSWERS = 12
PAIRS = [
    ITEM_ROWS["comparison"][0] | {"id": f"pair-{number}", "prompt": f"Question {number}?"}
    for number in range(1, ANSWERS + 2)
]


def _contradict_first_answer(session: Session) -> None:
    """Make the first answered pair a gold question whose known answer is the other response."""
    assignment = session.exec(select(Assignment).order_by(Assignment.id)).first()  # type: ignore[arg-type]  # SQLModel types the column as its value
    assert assignment
    task = session.get_one(Task, assignment.task_id)
    item = session.get_one(Item, task.item_id)
    item.gold = {"verdict": "ba"[assignment.candidate_order[0]]}
    task.is_gold = True
    session.add_all([task, item])


def _gold_score(session: Session) -> tuple[int, int] | None:
    """Return how many stored gold answers of the expert are right, and of how many."""
    stored = agreement.stored_figures(session, 1)
    accuracy = stored.figures.experts[1].gold_accuracy if stored else None
    return (accuracy.correct, accuracy.total) if accuracy else None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_expert_is_paused_and_resumed_and_appeals_a_gold_answer(journey: Journey) -> None:
    ada, cora = journey.add_user("ada"), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada], PAIRS)
    journey.start_bot()
    for number in range(1, ANSWERS + 1):
        ada.wait_for_text(f"Question {number}?")
        journey.advance_clock(seconds=30)
        ada.click("A is better")
    ada.wait_for_text(f"Question {ANSWERS + 1}?")
    journey.database.write_now(_contradict_first_answer)
    journey.advance_clock(minutes=11)

    cora.wait_for_text("chose response A in 12 of 12 comparisons")
    cora.click("Pause expert")
    cora.wait_for_text("Paused: no more tasks until you resume them.")
    ada.wait_for_text("You get no more of its tasks for now")
    cora.click("Resume expert")
    ada.wait_for_text("a coordinator resumed them")
    ada.wait_for_text(f"Question {ANSWERS + 1}?")

    ada.open_home()
    ada.click("Your quality…")
    journey.sandbox.wait_until(lambda: ada.modal is not None)
    assert "0 of 1 known answers right" in top_modal(ada).plain_text
    ada.click("Appeal")
    journey.sandbox.wait_until(lambda: "You appealed." in top_modal(ada).plain_text)
    cora.wait_for_text("Ada appeals a gold answer: item pair-1")
    assert journey.database.read_now(_gold_score) == (0, 1)
    cora.click("Uphold")
    cora.wait_for_text("✓ Upheld: the answer is now the gold answer.")
    assert journey.database.read_now(_gold_score) == (1, 1)
    ada.wait_for_text("was upheld")
