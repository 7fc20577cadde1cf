"""Tests of the task preview and the test task."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp


async def test_test_task_stores_no_answer(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action("preview", 1))
    assert "Question 1?" in str(bolt.api_calls("views.open"))
    await bolt.click_button(COORDINATOR, Action("send_test_task", 1))
    (row,) = await bolt.slack.outbox()
    assert (row.message_type, row.recipient, row.payload) == (
        "test_task",
        COORDINATOR,
        {"campaign_id": 1},
    )
    await bolt.click_button(COORDINATOR, Action("answer_test_task", 0, "", "3"))
    assert "This is a test task" in " ".join(bolt.ephemeral_texts())
    assert bolt.slack.scenario.count("annotation") == 0


async def test_missing_campaign_cannot_be_previewed(bolt: BoltApp) -> None:
    for action in ("preview", "send_test_task", "invite"):
        await bolt.click_button(COORDINATOR, Action(action, 7))
    assert all("no longer exists" in text for text in bolt.ephemeral_texts())
    assert len(bolt.ephemeral_texts()) == 3
