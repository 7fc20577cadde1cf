"""Looking at a task and trying it, from the buttons of a new campaign."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp


async def test_a_task_is_shown_and_sent_and_a_tap_on_it_is_nothing(bolt: BoltApp) -> None:
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


async def test_a_campaign_that_is_not_there_cannot_be_tried(bolt: BoltApp) -> None:
    for deed in ("preview", "send_test_task", "invite"):
        await bolt.click_button(COORDINATOR, Action(deed, 7))
    assert all("no longer exists" in said for said in bolt.ephemeral_texts())
    assert len(bolt.ephemeral_texts()) == 3
