"""Reading in full: every page opens, and that it was opened is written down."""

from __future__ import annotations

import pytest

from bot.sandbox import SimulatedUser
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_modals import PAGE_CHARACTERS
from tests.handlers.bolt_app import BoltApp, assign_next_task, view_button_payload
from tests.services.conftest import pair


async def opened(bolt: BoltApp) -> tuple[SimulatedUser, int]:
    """Return an expert and her comparison of two long texts."""
    ada = bolt.slack.add_expert()
    bolt.slack.scenario.create_campaign(experts=[ada.id], guidelines="Be **fair**.")
    long = {"response_a": "left " * PAGE_CHARACTERS, "response_b": "right " * PAGE_CHARACTERS}
    bolt.slack.scenario.import_rows("tone", [pair(1, **long)])
    return ada, await assign_next_task(bolt, ada)


async def test_the_whole_text_opens_and_that_is_written_down(bolt: BoltApp) -> None:
    ada, given = await opened(bolt)
    await bolt.click_button(ada.id, Action("show_full_text", given))
    (call,) = bolt.api_calls("views.open")
    assert "Page 1 of " in str(call["view"])
    assert call["trigger_id"] == "1.2.x"
    (row,) = await bolt.slack.assignments()
    assert row.read_in_full_at is not None


@pytest.mark.parametrize(
    ("option", "page"), [("0", 1), ("2", 3), ("999", 12), ("", 1), ("-1", 1), ("x", 1), ("²", 1)]
)
async def test_pages_turn_and_nonsense_leads_to_one_that_exists(
    bolt: BoltApp, option: str, page: int
) -> None:
    ada, given = await opened(bolt)
    payload = Action("show_full_text_page", given, "", option)
    await bolt.send(view_button_payload(ada.id, payload, {"type": "modal"}))
    (call,) = bolt.api_calls("views.update")
    assert f"Page {page} of 12" in str(call["view"])


async def test_the_guidelines_open(bolt: BoltApp) -> None:
    ada, given = await opened(bolt)
    await bolt.click_button(ada.id, Action("show_guidelines", given))
    (call,) = bolt.api_calls("views.open")
    assert "fair" in str(call["view"])
    (row,) = await bolt.slack.assignments()
    assert row.read_in_full_at is None


@pytest.mark.parametrize("deed", ["show_full_text", "show_guidelines"])
async def test_nobody_else_can_read_it(bolt: BoltApp, deed: str) -> None:
    _ada, given = await opened(bolt)
    await bolt.click_button("U0EVE", Action(deed, given))
    assert bolt.api_calls("views.open") == []
    assert "assigned to someone else" in bolt.ephemeral_texts()[0]
