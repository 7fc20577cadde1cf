"""Tests of the dialog to create a campaign."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.services.campaigns import templates
from bot.slack.campaign_form.form import FormState, default_entries, kind_option, preset_option
from bot.slack.campaign_form.view import LAST_STEP
from bot.slack.parsing.action_ids import Action
from storage.tables import Campaign, CampaignDraft
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload, view_button_payload
from tests.slack.campaign_form.test_view import form_of, submitted_step

TASK, PEOPLE, SCHEDULE = (FormState(step, tz="Europe/London") for step in range(LAST_STEP + 1))


def submission(state: FormState, **entries: object) -> dict[str, Any]:
    """Return the submission of a step with these entries."""
    body = submission_payload(COORDINATOR, "create_campaign", state.pack())
    body["view"]["state"]["values"] = submitted_step(form_of("rating"), state, **entries)
    return body


def click(state: FormState, action: Action, **entries: object) -> dict[str, Any]:
    """Return the click of a button in a step with these entries."""
    values = submitted_step(form_of("rating"), state, **entries)
    view = {"type": "modal", "state": {"values": values}, "private_metadata": state.pack()}
    return view_button_payload(COORDINATOR, action, view)


async def respond(bolt: BoltApp, body: dict[str, Any]) -> dict[str, Any]:
    """Send a submission; return the response."""
    response = await bolt.send(body)
    return dict(json.loads(response.body or "{}"))


def draft_of(bolt: BoltApp) -> dict[str, Any]:
    """Return the entries of the only draft."""
    (draft,) = bolt.slack.scenario.rows(CampaignDraft)
    return dict(draft.entries)


async def test_three_steps_create_the_campaign(bolt: BoltApp) -> None:
    people = await respond(bolt, submission(TASK, title="Good jokes"))
    assert people["response_action"] == "update"
    assert people["view"]["title"]["text"] == "Create campaign (2/3)"
    schedule = await respond(bolt, submission(PEOPLE, rating_overlap="2"))
    assert schedule["view"]["title"]["text"] == "Create campaign (3/3)"
    assert bolt.slack.scenario.count("campaign") == 0
    chosen = {"value": "daily"}
    assert await respond(bolt, submission(SCHEDULE, export_schedule=chosen)) == {}
    (campaign,) = bolt.slack.scenario.rows(Campaign)
    assert (campaign.name, campaign.overlap) == ("good-jokes", 2)
    assert campaign.created_by == COORDINATOR
    assert bolt.slack.scenario.count("export_schedule") == 1
    assert bolt.slack.scenario.count("campaign_draft") == 0


async def test_mistake_stays_on_its_step(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    taken = await respond(bolt, submission(TASK, title="Tone"))
    assert "A campaign called “tone” already exists" in taken["errors"]["title"]
    line = await respond(bolt, submission(TASK, title="Jokes", rating_criteria="Wit"))
    assert list(line["errors"]) == ["rating_criteria"]
    assert bolt.slack.scenario.count("campaign_draft") == 0
    assert (await respond(bolt, submission(TASK, title="Jokes")))["response_action"] == "update"


async def test_mistake_of_an_earlier_step_is_shown_there(bolt: BoltApp) -> None:
    await respond(bolt, submission(TASK, title="Tone"))
    bolt.slack.create_campaign()
    answer = await respond(bolt, submission(SCHEDULE))
    assert answer["view"]["title"]["text"] == "Create campaign (1/3)"
    assert "A campaign called “tone” already exists" in str(answer["view"]["blocks"])
    assert bolt.slack.scenario.count("campaign") == 1


async def test_mistake_behind_more_options_shows_them(bolt: BoltApp) -> None:
    await respond(bolt, submission(TASK, title="Jokes"))
    shown = FormState(LAST_STEP, shows_more=True, tz="Europe/London")
    await bolt.send(click(shown, Action("more_campaign_options"), reminders="soon"))
    (update,) = bolt.api_calls("views.update")
    assert "Reminders" not in str(update)
    answer = await respond(bolt, submission(SCHEDULE))
    assert "“soon” is not a duration" in str(answer["view"]["blocks"])
    assert any(block.get("block_id") == "reminders" for block in answer["view"]["blocks"])


async def test_preset_and_template_fill_the_form_in(bolt: BoltApp) -> None:
    code = {"value": preset_option("code")}
    await bolt.send(
        click(TASK, Action("select_preset", 0, "", "code"), title="Code", select_preset=code)
    )
    (update,) = bolt.api_calls("views.update")
    assert "Rate this code" in str(update)
    assert draft_of(bolt)["rating_noun"] == "code"
    assert "rating_criteria:1" in str(update)
    entered = FormState(0, generation=1, tz="Europe/London")
    wrong = await respond(bolt, submission(entered, **{"rating_criteria:1": "Wit"}))
    assert set(wrong["errors"]) == {"title:1", "rating_criteria:1"}
    bolt.slack.create_campaign()
    bolt.slack.scenario.run_for_campaign(
        "tone", templates.save_template, "Our tone", bolt.slack.scenario.actor
    )
    await bolt.send(click(TASK, Action("select_preset", 0, "template", "our-tone")))
    assert draft_of(bolt)["select_kind"] == kind_option("comparison")
    await bolt.send_command(COORDINATOR, "new our-tone")
    assert "Template: our-tone" in str(bolt.api_calls("views.open"))


async def test_closed_dialog_is_restored_and_can_start_over(bolt: BoltApp) -> None:
    await respond(bolt, submission(TASK, title="Half a campaign"))
    await bolt.send_command(COORDINATOR, "new")
    (opened,) = bolt.api_calls("views.open")
    assert "Half a campaign" in str(opened)
    assert "Start over" in str(opened)
    await bolt.send(click(TASK, Action("start_over"), title="Half a campaign"))
    assert draft_of(bolt) == default_entries("Europe/London")
    (update,) = bolt.api_calls("views.update")
    assert "Half a campaign" not in str(update)
    assert "title:1" in str(update)


async def test_dialog_follows_the_kind_and_previews_the_task(bolt: BoltApp) -> None:
    await bolt.send(click(TASK, Action("select_kind", 0, "", "comparison"), title="Wit"))
    (update,) = bolt.api_calls("views.update")
    assert "Rate this joke" in str(update)  # `state` still has the old kind
    await bolt.send(click(TASK, Action("preview_draft")))
    assert "Rate this joke" in str(bolt.api_calls("views.push"))


@pytest.mark.parametrize("step", [PEOPLE, SCHEDULE])
async def test_back_keeps_what_was_entered(bolt: BoltApp, step: FormState) -> None:
    entries = {"user_group": "@linguists", "tz": "Asia/Tokyo"}
    await bolt.send(click(step, Action("previous_step"), **entries))
    (update,) = bolt.api_calls("views.update")
    assert f"Create campaign ({step.step}/3)" in str(update)
    assert set(entries.values()) & set(map(str, draft_of(bolt).values()))


async def test_button_opens_the_dialog(bolt: BoltApp) -> None:
    await bolt.click_button(COORDINATOR, Action("create_campaign"))
    assert "Create campaign (1/3)" in str(bolt.api_calls("views.open"))
