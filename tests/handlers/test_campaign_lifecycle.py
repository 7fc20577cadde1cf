"""Pausing, resuming and closing from Slack: buttons, the last question, two hands at once."""

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


async def test_without_a_name_there_are_buttons_and_one_of_them_does_it(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    assert await bolt.send_command(COORDINATOR, "pause") == "Pause which campaign?"
    whispering = {"type": "message", "is_ephemeral": True, **MESSAGE}
    await bolt.click_button(COORDINATOR, Action("pause", 1), container=whispering)
    (said,) = bolt.slack.response_url_server.posted
    assert (state(bolt), said["replace_original"]) == ("paused", True)


async def test_a_button_on_a_message_for_all_is_answered_beside_it(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action("pause", 1))
    await bolt.click_button(COORDINATOR, Action("resume", 1))
    await bolt.click_button(COORDINATOR, Action("resume", 1))
    assert [said["replace_original"] for said in bolt.slack.response_url_server.posted] == [
        False
    ] * 3
    assert "was open already" in bolt.ephemeral_texts()[-1]
    assert state(bolt) == "open"


async def test_closing_is_asked_about_and_done_when_the_answer_is_yes(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action("close", 1))
    assert state(bolt) == "open"
    assert "Closing cannot be undone" in str(bolt.api_calls("views.open"))
    answer = await bolt.send(submission_payload(COORDINATOR, "close", "1"))
    assert json.loads(answer.body)["response_action"] == "update"
    assert state(bolt) == "closed"
    again = await bolt.send(submission_payload(COORDINATOR, "close", "1"))
    assert "was closed already" in again.body
    await bolt.click_button(COORDINATOR, Action("close", 1))
    assert "was closed already" in bolt.ephemeral_texts()[-1]
    assert "was closed already" in await bolt.send_command(COORDINATOR, "close tone")
    assert "closed, which cannot be undone" in await bolt.send_command(COORDINATOR, "pause tone")


async def test_a_modal_that_claims_nonsense_closes_nothing(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    answer = await bolt.send(submission_payload(COORDINATOR, "close", "nonsense"))
    assert "not there any more" in answer.body
    assert state(bolt) == "open"


async def test_in_the_home_tab_a_button_is_answered_in_a_modal(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    await bolt.send(view_button_payload(COORDINATOR, Action("pause", 1), {"type": "home"}))
    assert "is paused" in str(bolt.api_calls("views.open"))
    await bolt.send(view_button_payload(COORDINATOR, Action("resume", 1), {"type": "modal"}))
    assert "is open" in str(bolt.api_calls("views.push"))
