"""Tests of the dialog to create a campaign."""

from __future__ import annotations

from typing import Any

from bot.slack.parsing.action_ids import Action
from storage.tables import Campaign
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload, view_button_payload
from tests.slack.campaign_form.test_view import submitted_form


def submission(**entries: object) -> dict[str, Any]:
    """Return the submission of the dialog with these entries."""
    body = submission_payload(COORDINATOR, "create_campaign", "{}")
    body["view"]["state"]["values"] = submitted_form("rating", **entries)
    return body


async def test_submission_creates_the_campaign(bolt: BoltApp) -> None:
    response = await bolt.send(submission(title="Good jokes", export_schedule={"value": "daily"}))
    assert response.body in ("", "{}")
    (campaign,) = bolt.slack.scenario.rows(Campaign)
    assert (campaign.name, campaign.created_by) == ("good-jokes", COORDINATOR)
    assert bolt.slack.scenario.count("export_schedule") == 1


async def test_name_in_use_is_reported_at_its_field(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    response = await bolt.send(submission(title="Tone"))
    assert '"errors":{"title":"A campaign called “tone” already exists' in response.body
    assert bolt.slack.scenario.count("campaign") == 1


async def test_dialog_follows_the_kind_and_previews_the_task(bolt: BoltApp) -> None:
    view = {"type": "modal", "state": {"values": submitted_form("rating", title="Wit")}}
    await bolt.send(
        view_button_payload(COORDINATOR, Action("select_kind", 0, "", "comparison"), view)
    )
    assert "Ask how much better" not in str(
        bolt.api_calls("views.update")
    )  # `state` still has the old kind
    assert "Criteria, one per line" in str(bolt.api_calls("views.update"))
    await bolt.send(view_button_payload(COORDINATOR, Action("preview_draft"), view))
    assert "Rate this joke" in str(bolt.api_calls("views.push"))


async def test_button_opens_the_dialog(bolt: BoltApp) -> None:
    await bolt.click_button(COORDINATOR, Action("create_campaign"))
    assert "Create campaign" in str(bolt.api_calls("views.open"))
