"""A coordinator who never leaves Slack runs a campaign from its creation to the dataset."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from bot.sandbox import SimulatedUser
from storage.tables import Campaign, Decision, Item
from tests.journeys.journey import Journey, newest_message, top_modal

GOOD, WRONG = 9, 10
TAPS = 20
"""Clicks on buttons and submitted dialogs of the whole campaign; typed text is not counted."""


@dataclass
class Taps:
    """A person, and how often they clicked a button or submitted a dialog."""

    journey: Journey
    person: SimulatedUser
    count: int = 0

    def click(self, text: str) -> None:
        """Click a button of the newest message or of the open dialog."""
        self.person.click(text)
        self.count += 1

    def submit(self) -> None:
        """Submit the open dialog."""
        self.person.submit_modal()
        self.count += 1

    def wait_for_dialog(self, text: str) -> str:
        """Wait until the open dialog shows a text; return all its text."""
        self.journey.sandbox.wait_until(
            lambda: self.person.modal and text in top_modal(self.person).plain_text
        )
        return top_modal(self.person).plain_text

    def close_dialog(self) -> None:
        """Close the open dialog."""
        self.person.close_modal()
        self.count += 1


def _all(session: Session, table: type[Any]) -> list[Any]:
    return list(session.exec(select(table)))


def rows() -> bytes:
    """Return nine good rows and ten from a broken export."""
    good = [
        {"id": f"joke-{number}", "prompt": f"Topic {number}", "text": f"Joke {number}."}
        for number in range(1, GOOD + 1)
    ]
    wrong = [
        {"id": f"joke-{number}", "prompt": f"Topic {number}", "text": f"#REF! {number}"}
        for number in range(GOOD + 1, GOOD + WRONG + 1)
    ]
    return "".join(f"{json.dumps(row)}\n" for row in good + wrong).encode()


def test_coordinator_never_leaves_slack(journey: Journey) -> None:
    cora, ada, bob = (journey.add_user(name) for name in ("cora", "ada", "bob"))
    journey.coordinators = (cora.id,)
    journey.start_bot()
    taps = Taps(journey, cora)
    create_campaign(taps, [ada, bob])
    import_rows(taps)
    remove_wrong_rows(taps)
    move_deadline(taps)
    for person, point in ((ada, "1 flat"), (bob, "3 laughed")):
        person.wait_for_text("Welcome to Good jokes")
        person.click("Start")
        person.wait_for_text("Topic 1")
        for _number in range(GOOD):
            journey.click_and_wait(person, point)
        person.wait_for_text("No more tasks for now")
    review(taps)
    hand_over(taps)
    assert taps.count == TAPS


def create_campaign(taps: Taps, experts: list[SimulatedUser]) -> None:
    """Create the campaign in three short steps."""
    cora = taps.person
    cora.send_message("/label new")
    taps.journey.sandbox.wait_until(lambda: cora.modal)
    cora.choose("Kind of task", "Rating")
    taps.wait_for_dialog("Criteria")
    cora.fill("Name", "Good jokes")
    cora.fill("Criteria, one per line", "Humor (How funny is it?): flat | smile | laughed")
    taps.submit()
    taps.wait_for_dialog("Answers per item")
    cora.choose("People", *(expert.id for expert in experts))
    cora.fill("Answers per item", "2")
    taps.submit()
    taps.wait_for_dialog("Deadline")
    taps.submit()
    cora.wait_for_text("Created “Good jokes”: 2 experts")


def import_rows(taps: Taps) -> None:
    """Drop the file in the DM, check it, and import it."""
    cora = taps.person
    cora.upload_file("jokes.jsonl", rows())
    cora.wait_for_text("Received jokes.jsonl")
    taps.click("Import…")
    taps.wait_for_dialog("Row 1")
    taps.submit()
    taps.wait_for_dialog("items to add")
    taps.submit()
    cora.wait_for_text("from jokes.jsonl to “Good jokes”", within=60)


def remove_wrong_rows(taps: Taps) -> None:
    """Find the ten wrong rows by their text, and delete them."""
    taps.person.send_message('/label items good-jokes "#ref!"')
    assert "10 items" in taps.wait_for_dialog("joke-10")
    taps.click("Delete 10…")
    taps.wait_for_dialog("This cannot be undone.")
    taps.submit()
    taps.wait_for_dialog("✓ Deleted 10 items.")
    taps.close_dialog()
    items = taps.journey.database.read_now(_all, Item)
    assert sum(item.deleted_at is None for item in items) == GOOD


def move_deadline(taps: Taps) -> None:
    """Move the deadline."""
    taps.person.send_message("/label edit good-jokes")
    taps.wait_for_dialog("Deadline")
    taps.person.choose("Deadline", "2026-12-24")
    taps.submit()
    taps.wait_for_dialog("Deadline: none → Thu 24 Dec")
    taps.close_dialog()
    (campaign,) = taps.journey.database.read_now(_all, Campaign)
    assert f"{campaign.deadline:%Y-%m-%d}" == "2026-12-24"


def review(taps: Taps) -> None:
    """Decide the nine cases in one message."""
    cora = taps.person
    cora.send_message("/label review good-jokes")
    for _number in range(GOOD):
        case = cora.wait_for_text("Accept this answer").plain_text
        assert "Good jokes · item joke-" in case
        taps.click("Accept this answer")
        taps.journey.sandbox.wait_until(
            lambda: newest_message(cora).plain_text != case  # noqa: B023 - called in this iteration
        )
    cora.wait_for_text("The review queue is empty")
    decisions = taps.journey.database.read_now(_all, Decision)
    assert len(decisions) == GOOD


def hand_over(taps: Taps) -> None:
    """Export the dataset, which has one row for each item, and get the file."""
    taps.person.send_message("/label export good-jokes rating")
    taps.person.wait_for_text(f"Exported “Good jokes” (rating): {GOOD} rows", within=60)
    taps.person.wait_for_text("[file] good-jokes-rating", within=60)
