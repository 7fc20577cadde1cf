"""Experts ask questions and flag items; coordinators answer, resolve and put on hold."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.sandbox import SimulatedUser
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import guidelines
from bot.services.campaigns.campaigns import campaign_by_name
from tests.journeys.journey import Journey, top_modal

People = tuple[SimulatedUser, SimulatedUser, SimulatedUser]


@pytest.fixture
def people(journey: Journey) -> People:
    """Return the experts Ada and Bob, who have the same first task, and the coordinator Cora."""
    ada, bob, cora = journey.add_user("ada"), journey.add_user("bob"), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada, bob], overlap=2, guidelines="Be kind.")
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    bob.wait_for_text("Question 1?")
    return ada, bob, cora


def test_answered_question_is_shown_to_everyone_with_the_item(
    journey: Journey, people: People
) -> None:
    ada, bob, cora = people
    ada.click("Ask a question…")
    ada.submit_modal(text="Which tone?")
    ada.wait_for_text("You asked: Which tone?")
    question = cora.wait_for_text("Ada asks about item pair-1 in “comparison”")
    cora.send_message("Friendly.", thread=question)
    ada.wait_for_text("Answer: Friendly.")
    cora.wait_for_text("✓ Answered: Friendly.")
    bob.wait_for_text("A question about this item was answered.")
    bob.click("Show answer…")
    journey.sandbox.wait_until(lambda: bob.modal is not None)
    assert "Friendly." in top_modal(bob).plain_text
    assert "ada" not in top_modal(bob).plain_text.lower()


def test_flagged_item_is_put_on_hold_and_resolved(journey: Journey, people: People) -> None:
    ada, bob, cora = people
    ada.click("Flag this item…")
    ada.submit_modal(text="Both are the same.")
    ada.wait_for_text("Flagged. The coordinators will look at it;")
    cora.wait_for_text("Ada flagged item pair-1 in “comparison”")
    cora.click("Show item…")
    journey.sandbox.wait_until(lambda: cora.modal is not None)
    assert "Question 1?" in top_modal(cora).plain_text
    assert "secret" not in top_modal(cora).plain_text
    cora.close_modal()
    cora.click("Put on hold")
    cora.wait_for_text("On hold: nobody gets this task")
    cora.click("Resolve…")
    cora.submit_modal(text="Taken out.")
    cora.wait_for_text("✓ Resolved: Taken out.")
    ada.wait_for_text("A coordinator resolved this: Taken out.")
    bob.wait_until_gone("Flagged")


def _change_guidelines(session: Session, actor: Actor) -> None:
    guidelines.change_guidelines(
        session, campaign_by_name(session, "comparison"), "Be short.", "Shorter now", actor
    )


def test_next_task_shows_guideline_changes_and_selection_reason(
    journey: Journey, people: People
) -> None:
    ada, _bob, _cora = people
    ada.click("Why this task…")
    journey.sandbox.wait_until(lambda: ada.modal is not None)
    assert "You are a member of “Comparison”." in top_modal(ada).plain_text
    ada.close_modal()
    actor = Actor("tests", COMMAND_LINE, journey.clock.now())
    journey.database.write_now(_change_guidelines, actor)
    journey.click_and_wait(ada, "A is better")
    ada.wait_for_text("Guidelines changed (v2): Shorter now")
    ada.click("Show guidelines…")
    journey.sandbox.wait_until(lambda: ada.modal is not None)
    assert "Be short." in top_modal(ada).plain_text
    ada.close_modal()
    journey.click_and_wait(ada, "Tie")
    ada.wait_for_text("Question 3?")
    ada.wait_until_gone("Guidelines changed")
    assert [row.guidelines_version for row in journey.annotations()] == [2, 2]
