"""Tests of the full-text and guidelines dialogs."""

from __future__ import annotations

import pytest

from bot.sandbox import SimulatedUser
from bot.slack.blockkit.passage_pages import PAGE_CHARACTERS
from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import BoltApp, assign_next_task, view_button_payload
from tests.services.conftest import pair


async def assign_long_task(bolt: BoltApp) -> tuple[SimulatedUser, int]:
    """Return an expert and her assignment, a comparison of two long texts."""
    ada = bolt.slack.add_expert()
    bolt.slack.scenario.create_campaign(experts=[ada.id], guidelines="Be **fair**.")
    long = {"response_a": "left " * PAGE_CHARACTERS, "response_b": "right " * PAGE_CHARACTERS}
    bolt.slack.scenario.import_rows("tone", [pair(1, **long)])
    return ada, await assign_next_task(bolt, ada)


async def test_opening_the_last_page_of_the_full_text_is_recorded(bolt: BoltApp) -> None:
    ada, assignment_id = await assign_long_task(bolt)
    await bolt.click_button(ada.id, Action("show_full_text", assignment_id))
    (call,) = bolt.api_calls("views.open")
    assert "Page 1 of " in str(call["view"])
    assert call["trigger_id"] == "1.2.x"
    for page in range(1, 12):
        (row,) = await bolt.slack.assignments()
        assert row.read_in_full_at is None
        action = Action("show_full_text_page", assignment_id, "", str(page))
        await bolt.send(view_button_payload(ada.id, action, {"type": "modal"}))
    (row,) = await bolt.slack.assignments()
    assert row.read_in_full_at is not None


async def test_full_text_on_one_page_is_recorded_at_once(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.scenario.create_campaign(experts=[ada.id])
    bolt.slack.scenario.import_rows("tone", [pair(1)])
    assignment_id = await assign_next_task(bolt, ada)
    await bolt.click_button(ada.id, Action("show_full_text", assignment_id))
    (row,) = await bolt.slack.assignments()
    assert row.read_in_full_at is not None


@pytest.mark.parametrize(
    ("option", "page"), [("0", 1), ("2", 3), ("999", 12), ("", 1), ("-1", 1), ("x", 1), ("²", 1)]
)
async def test_invalid_page_number_shows_an_existing_page(
    bolt: BoltApp, option: str, page: int
) -> None:
    ada, assignment_id = await assign_long_task(bolt)
    action = Action("show_full_text_page", assignment_id, "", option)
    await bolt.send(view_button_payload(ada.id, action, {"type": "modal"}))
    (call,) = bolt.api_calls("views.update")
    assert f"Page {page} of 12" in str(call["view"])


async def test_opening_the_guidelines_does_not_count_as_full_text(bolt: BoltApp) -> None:
    ada, assignment_id = await assign_long_task(bolt)
    await bolt.click_button(ada.id, Action("show_guidelines", assignment_id))
    (call,) = bolt.api_calls("views.open")
    assert "fair" in str(call["view"])
    (row,) = await bolt.slack.assignments()
    assert row.read_in_full_at is None


@pytest.mark.parametrize("action", ["show_full_text", "show_guidelines"])
async def test_other_people_cannot_open_it(bolt: BoltApp, action: str) -> None:
    _ada, assignment_id = await assign_long_task(bolt)
    await bolt.click_button("U0EVE", Action(action, assignment_id))
    assert bolt.api_calls("views.open") == []
    assert "assigned to someone else" in bolt.ephemeral_texts()[0]
