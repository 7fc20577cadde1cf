"""A new campaign from its modal, by the payloads that Slack sends."""

from __future__ import annotations

from typing import Any

from bot.slack.parsing.action_ids import Action
from storage.tables import Campaign
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload, view_button_payload
from tests.slack.campaign_form.test_view import filled


def sends(**entries: object) -> dict[str, Any]:
    """Return the modal, filled."""
    body = submission_payload(COORDINATOR, "create_campaign", "{}")
    body["view"]["state"]["values"] = filled("rating", **entries)
    return body


async def test_what_is_wished_for_is_made(bolt: BoltApp) -> None:
    answer = await bolt.send(sends(title="Good jokes", export_schedule={"value": "daily"}))
    assert answer.body in ("", "{}")
    (campaign,) = bolt.slack.scenario.rows(Campaign)
    assert (campaign.name, campaign.created_by) == ("good-jokes", COORDINATOR)
    assert bolt.slack.scenario.count("export_schedule") == 1


async def test_a_name_that_is_taken_is_told_at_its_field(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    answer = await bolt.send(sends(title="Tone"))
    assert '"errors":{"title":"A campaign called “tone” already exists' in answer.body
    assert bolt.slack.scenario.count("campaign") == 1


async def test_the_modal_follows_the_kind_and_shows_the_task(bolt: BoltApp) -> None:
    view = {"type": "modal", "state": {"values": filled("rating", title="Wit")}}
    picked = view_button_payload(COORDINATOR, Action("select_kind", 0, "", "comparison"), view)
    await bolt.send(picked)
    assert "Ask how much better" not in str(bolt.api_calls("views.update"))  # not chosen in `state`
    assert "Criteria, one per line" in str(bolt.api_calls("views.update"))
    await bolt.send(view_button_payload(COORDINATOR, Action("preview_draft"), view))
    assert "Rate this joke" in str(bolt.api_calls("views.push"))


async def test_a_button_opens_the_same_modal(bolt: BoltApp) -> None:
    await bolt.click_button(COORDINATOR, Action("create_campaign"))
    assert "New campaign" in str(bolt.api_calls("views.open"))
