"""A coordinator keeps notes about experts, sees their hours, and assigns tasks to several."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session, select

from bot.sandbox import SimulatedUser
from storage.tables import Expert
from tests.journeys.journey import Journey, newest_message, top_modal


def start_campaign(
    journey: Journey, *names: str, overlap: int = 1
) -> tuple[SimulatedUser, list[SimulatedUser]]:
    """Start the bot with a campaign of three items; return a coordinator and the experts."""
    cora = journey.add_user("cora")
    experts = [journey.add_user(name) for name in names]
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", experts, overlap=overlap)
    journey.start_bot()
    return cora, experts


def _slack_ids(session: Session) -> dict[int | None, str]:
    return {row.id: row.slack_id for row in session.exec(select(Expert))}


def open_expert(journey: Journey, cora: SimulatedUser) -> None:
    """Open the dialog of the only expert of the campaign."""
    cora.send_message("/label experts comparison")
    cora.click("Edit…")
    journey.sandbox.wait_until(lambda: cora.modal)


def test_note_about_an_expert_is_only_for_coordinators(journey: Journey) -> None:
    cora, (ada,) = start_campaign(journey, "ada")
    ada.wait_for_text("Question 1?")
    open_expert(journey, cora)
    cora.fill("Note", "Writes careful reasons.")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: cora.modal is None)
    open_expert(journey, cora)
    assert "Writes careful reasons." in str(top_modal(cora).blocks)
    cora.fill("Note", "")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: cora.modal is None)
    open_expert(journey, cora)
    assert "Writes careful reasons." not in str(top_modal(cora).blocks)
    assert not any("careful" in message.plain_text for message in ada.messages)
    ada.send_message("/label experts comparison")
    ada.wait_for_text("Only coordinators can")


def test_hours_are_listed_by_month_and_by_week(journey: Journey) -> None:
    cora, (ada,) = start_campaign(journey, "ada")
    cora.send_message("/label hours comparison")
    cora.wait_for_text("Nobody has answered in “comparison” yet")
    ada.wait_for_text("Question 1?")
    for _number in range(2):
        journey.advance_clock(minutes=3)
        journey.click_and_wait(ada, "A is better")
    cora.send_message("/label hours comparison")
    shown = cora.wait_for_text("Answers and hours in “comparison”, by month").plain_text
    assert "November 2026" in shown
    assert "0.10" in shown, "two tasks of three minutes are a tenth of an hour"
    cora.click("Show by week")
    assert "from 23 Nov 2026" in cora.wait_for_text("by week:").plain_text
    cora.send_message("/label hours comparison by=year")
    cora.wait_for_text("Unknown period “year”. Write by=month or by=week.")


def test_tasks_are_assigned_to_several_experts(journey: Journey) -> None:
    cora, (ada, bob) = start_campaign(journey, "ada", "bob", overlap=2)
    for person in (ada, bob):
        person.wait_for_text("Question 1?")
    cora.send_message("/label assign @ada @bob comparison 5")
    cora.wait_for_text("Assigned 4 tasks of “comparison”")
    names = journey.database.read_now(_slack_ids)
    counts = Counter(names[row.expert_id] for row in journey.assignments())
    assert counts == {ada.id: 3, bob.id: 3}
    for person in (ada, bob):
        for question in ("Question 1?", "Question 2?", "Question 3?"):
            journey.sandbox.wait_until(lambda: question in newest_message(person).plain_text)  # noqa: B023 - called in this iteration
            person.click("A is better")
        person.wait_for_text("No more tasks for now")
    assert len(journey.answer_values()) == 6


def test_found_items_are_assigned_in_the_dialog(journey: Journey) -> None:
    cora, (ada, bob) = start_campaign(journey, "ada", "bob", overlap=2)
    for person in (ada, bob):
        person.wait_for_text("Question 1?")
    cora.send_message("/label assign comparison")
    journey.sandbox.wait_until(lambda: cora.modal)
    cora.choose("Experts", ada.id, bob.id)
    cora.fill("Item id", "pair-3")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: "2 tasks of “comparison”" in top_modal(cora).plain_text)
    cora.close_modal()
    for person in (ada, bob):
        person.click("Tie")
        person.wait_for_text("Question 3?")
