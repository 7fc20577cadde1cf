"""A coordinator searches items, shows one, puts it on hold, and deletes what is wrong."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bot.sandbox import SimulatedUser
from storage.tables import Assignment, Item, Task
from tests.journeys.journey import Journey, top_modal


def wait_for_modal(journey: Journey, person: SimulatedUser, text: str) -> str:
    """Wait until the person's dialog shows a text; return all its text."""
    journey.sandbox.wait_until(lambda: person.modal and text in top_modal(person).plain_text)
    return top_modal(person).plain_text


def rows(count: int, wrong: int) -> list[dict[str, str]]:
    """Return pairs, the last `wrong` of which are broken."""
    return [
        {
            "id": f"pair-{number}",
            "prompt": f"Question {number}?" if number <= count - wrong else f"#REF! {number}",
            "response_left": f"Left {number}.",
            "response_right": f"Right {number}.",
            "model_left": "secret-left-model",
            "model_right": "secret-right-model",
        }
        for number in range(1, count + 1)
    ]


def _stored(session: Session) -> tuple[list[Item], list[Task]]:
    return list(session.exec(select(Item))), list(session.exec(select(Task)))


def _first_assignment(session: Session) -> int | None:
    return session.exec(select(Assignment.id).order_by(col(Assignment.id))).first()


def test_items_are_searched_shown_held_and_deleted(journey: Journey) -> None:
    ada, cora = journey.add_user("ada"), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada], rows(24, wrong=10), overlap=1)
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    cora.send_message("/label items comparison")
    assert "1 to 10 of 24 items" in wait_for_modal(journey, cora, "Search items")
    cora.click("Next")
    wait_for_modal(journey, cora, "11 to 20 of 24 items")
    reference = f"T-{journey.database.read_now(_first_assignment)}"
    cora.fill("Text, item id or task reference", reference)
    cora.submit_modal()
    wait_for_modal(journey, cora, "1 item\n")
    cora.click("Show")
    text = wait_for_modal(journey, cora, f"answered task {reference}")
    assert "Question 1?" in text
    assert f"Ada ({reference}): " in text
    assert "secret" not in text
    cora.click("Put on hold")
    wait_for_modal(journey, cora, "Return to queue")
    cora.click("Return to queue")
    wait_for_modal(journey, cora, "Put on hold")
    cora.click("Back to list")
    wait_for_modal(journey, cora, "1 item\n")
    cora.fill("Text, item id or task reference", "#ref!")
    cora.submit_modal()
    wait_for_modal(journey, cora, "10 items")
    cora.click("Delete 10…")
    assert "Delete 10 items?" in wait_for_modal(journey, cora, "This cannot be undone.")
    cora.submit_modal()
    wait_for_modal(journey, cora, "✓ Deleted 10 items.")
    items, tasks = journey.database.read_now(_stored)
    assert sum(item.deleted_at is not None for item in items) == 10
    assert sum(task.is_deleted for task in tasks) == 10
    assert not any("#REF!" in str(item.prompt) for item in items)


def test_experts_cannot_search_items(journey: Journey) -> None:
    ada = journey.add_user("ada")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.send_message("/label items comparison")
    ada.wait_for_text("Only coordinators can search items")
