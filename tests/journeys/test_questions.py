"""An expert asks, flags, and reads why them; coordinators answer, resolve and set aside."""

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
    """Return Ada, Bob, and Cora who coordinates; both experts have the same first task."""
    ada, bob, cora = journey.add_user("ada"), journey.add_user("bob"), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada, bob], overlap=2, guidelines="Be kind.")
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    bob.wait_for_text("Question 1?")
    return ada, bob, cora


def test_an_answer_comes_back_and_helps_whoever_holds_the_item(
    journey: Journey, people: People
) -> None:
    ada, bob, cora = people
    ada.click("Ask about this")
    ada.submit_modal(text="Which tone?")
    ada.wait_for_text("You asked: Which tone?")
    put = cora.wait_for_text("Ada asks about item pair-1 in “comparison”")
    cora.send_message("Friendly.", thread=put)
    ada.wait_for_text("Answer: Friendly.")
    cora.wait_for_text("✓ Answered: Friendly.")
    bob.wait_for_text("A question was answered about this item.")
    bob.click("Read it")
    journey.sandbox.wait_until(lambda: bob.modal is not None)
    assert "Friendly." in top_modal(bob).plain_text
    assert "ada" not in top_modal(bob).plain_text.lower()


def test_a_flag_is_looked_at_and_the_item_set_aside(journey: Journey, people: People) -> None:
    ada, bob, cora = people
    ada.click("Flag this")
    ada.submit_modal(text="Both are the same.")
    ada.wait_for_text("Flagged. The coordinators will look at it;")
    cora.wait_for_text("Ada flagged item pair-1 in “comparison”")
    cora.click("Open the item")
    journey.sandbox.wait_until(lambda: cora.modal is not None)
    assert "Question 1?" in top_modal(cora).plain_text
    assert "secret" not in top_modal(cora).plain_text
    cora.close_modal()
    cora.click("Set it aside")
    cora.wait_for_text("Set aside: nobody gets it")
    cora.click("Resolve")
    cora.submit_modal(text="Taken out.")
    cora.wait_for_text("✓ Resolved: Taken out.")
    ada.wait_for_text("A coordinator resolved this: Taken out.")
    bob.wait_until_gone("Flagged")


def _changed(session: Session, actor: Actor) -> None:
    guidelines.change_guidelines(
        session, campaign_by_name(session, "comparison"), "Be short.", "Shorter now", actor
    )


def test_the_next_task_says_what_changed_in_the_guidelines_and_why_it_came(
    journey: Journey, people: People
) -> None:
    ada, _bob, _cora = people
    ada.click("Why me?")
    journey.sandbox.wait_until(lambda: ada.modal is not None)
    assert "You label in “Comparison”." in top_modal(ada).plain_text
    ada.close_modal()
    actor = Actor("tests", COMMAND_LINE, journey.clock.now())
    journey.database.write_now(_changed, actor)
    journey.click_and_wait(ada, "A is better")
    ada.wait_for_text("Guidelines changed (v2): Shorter now")
    ada.click("Read them")
    journey.sandbox.wait_until(lambda: ada.modal is not None)
    assert "Be short." in top_modal(ada).plain_text
    ada.close_modal()
    journey.click_and_wait(ada, "Tie")
    ada.wait_for_text("Question 3?")
    ada.wait_until_gone("Guidelines changed")
    assert [row.guidelines_version for row in journey.annotations()] == [2, 2]
