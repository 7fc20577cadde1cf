"""An expert asks, flags, and reads why them; coordinators answer, resolve and set aside."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.sandbox import Person
from bot.services import guiding
from bot.services.auditing import COMMAND_LINE
from bot.services.campaigning import campaign_named
from bot.services.directing import By
from tests.journeys.story import Story, top_modal

People = tuple[Person, Person, Person]


@pytest.fixture
def people(story: Story) -> People:
    """Return Ada, Bob, and Cora who coordinates; both experts have the same first task."""
    ada, bob, cora = story.person("ada"), story.person("bob"), story.person("cora")
    story.coordinators = (cora.id,)
    story.campaign("comparison", [ada, bob], overlap=2, guidelines="Be kind.")
    story.begins()
    ada.sees("Question 1?")
    bob.sees("Question 1?")
    return ada, bob, cora


def test_an_answer_comes_back_and_helps_whoever_holds_the_item(
    story: Story, people: People
) -> None:
    ada, bob, cora = people
    ada.clicks("Ask about this")
    ada.submits(words="Which tone?")
    ada.sees("You asked: Which tone?")
    put = cora.sees("Ada asks about item pair-1 in “comparison”")
    cora.types("Friendly.", thread=put)
    ada.sees("Answer: Friendly.")
    cora.sees("✓ Answered: Friendly.")
    bob.sees("A question was answered about this item.")
    bob.clicks("Read it")
    story.sandbox.wait_until(lambda: bob.modal is not None)
    assert "Friendly." in top_modal(bob).plain
    assert "ada" not in top_modal(bob).plain.lower()


def test_a_flag_is_looked_at_and_the_item_set_aside(story: Story, people: People) -> None:
    ada, bob, cora = people
    ada.clicks("Flag this")
    ada.submits(words="Both are the same.")
    ada.sees("Flagged; the coordinators will look at it.")
    cora.sees("Ada flagged item pair-1 in “comparison”")
    cora.clicks("Open the item")
    story.sandbox.wait_until(lambda: cora.modal is not None)
    assert "Question 1?" in top_modal(cora).plain
    assert "secret" not in top_modal(cora).plain
    cora.closes()
    cora.clicks("Set it aside")
    cora.sees("Set aside: nobody gets it")
    cora.clicks("Resolve")
    cora.submits(words="Taken out.")
    cora.sees("✓ Resolved: Taken out.")
    ada.sees("A coordinator looked at it: Taken out.")
    bob.sees_not("Flagged")


def _changed(session: Session, by: By) -> None:
    guiding.change(session, campaign_named(session, "comparison"), "Be short.", "Shorter now", by)


def test_the_next_task_says_what_changed_in_the_guidelines_and_why_it_came(
    story: Story, people: People
) -> None:
    ada, _bob, _cora = people
    ada.clicks("Why me?")
    story.sandbox.wait_until(lambda: ada.modal is not None)
    assert "You label in “Comparison”." in top_modal(ada).plain
    ada.closes()
    by = By("tests", COMMAND_LINE, story.clock.now())
    story.database.write_now(_changed, by)
    story.taps(ada, "A is better")
    ada.sees("Guidelines changed (v2): Shorter now")
    ada.clicks("Read them")
    story.sandbox.wait_until(lambda: ada.modal is not None)
    assert "Be short." in top_modal(ada).plain
    ada.closes()
    story.taps(ada, "Tie")
    ada.sees("Question 3?")
    ada.sees_not("Guidelines changed")
    assert [row.guidelines_version for row in story.versions()] == [2, 2]
