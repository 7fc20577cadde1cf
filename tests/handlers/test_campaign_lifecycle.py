"""Tests of pausing, resuming and closing campaigns from Slack."""

from __future__ import annotations

import json

from bot.slack.parsing.action_ids import Action
from storage.tables import Campaign
from tests.handlers.bolt_app import (
    COORDINATOR,
    MESSAGE,
    BoltApp,
    submission_payload,
    view_button_payload,
)


def state(bolt: BoltApp) -> str:
    """Return the state of the only campaign."""
    (campaign,) = bolt.slack.scenario.rows(Campaign)
    return str(campaign.state)


async def test_command_without_name_lists_campaigns_with_buttons(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    assert await bolt.send_command(COORDINATOR, "pause") == "Pause: choose a campaign."
    container = {"type": "message", "is_ephemeral": True, **MESSAGE}
    await bolt.click_button(COORDINATOR, Action("pause", 1), container=container)
    (message,) = bolt.slack.response_url_server.posted
    assert (state(bolt), message["replace_original"]) == ("paused", True)


async def test_reply_to_a_button_does_not_replace_a_visible_message(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action("pause", 1))
    await bolt.click_button(COORDINATOR, Action("resume", 1))
    await bolt.click_button(COORDINATOR, Action("resume", 1))
    messages = bolt.slack.response_url_server.posted
    assert [message["replace_original"] for message in messages] == [False] * 3
    assert "is already open." in bolt.ephemeral_texts()[-1]
    assert state(bolt) == "open"


async def test_closing_needs_confirmation(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action("close", 1))
    assert state(bolt) == "open"
    assert "Closing cannot be undone" in str(bolt.api_calls("views.open"))
    response = await bolt.send(submission_payload(COORDINATOR, "close", "1"))
    assert json.loads(response.body)["response_action"] == "update"
    assert state(bolt) == "closed"
    again = await bolt.send(submission_payload(COORDINATOR, "close", "1"))
    assert "is already closed" in again.body
    await bolt.click_button(COORDINATOR, Action("close", 1))
    assert "is already closed" in bolt.ephemeral_texts()[-1]
    assert "is already closed" in await bolt.send_command(COORDINATOR, "close tone")
    assert "closed, which cannot be undone" in await bolt.send_command(COORDINATOR, "pause tone")


async def test_invalid_metadata_closes_nothing(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    response = await bolt.send(submission_payload(COORDINATOR, "close", "nonsense"))
    assert "no longer exists" in response.body
    assert state(bolt) == "open"


async def test_button_in_a_view_is_answered_in_a_modal(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    await bolt.send(view_button_payload(COORDINATOR, Action("pause", 1), {"type": "home"}))
    assert "is paused" in str(bolt.api_calls("views.open"))
    await bolt.send(view_button_payload(COORDINATOR, Action("resume", 1), {"type": "modal"}))
    assert "is open" in str(bolt.api_calls("views.push"))
