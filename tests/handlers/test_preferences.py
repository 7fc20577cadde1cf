"""Tests of the preferences dialog."""

from __future__ import annotations

from typing import Any

from bot.slack.parsing.action_ids import Action
from storage.tables import Expert
from tests.handlers.bolt_app import BoltApp, event_payload, submission_payload, view_button_payload

ENTERED: dict[str, dict[str, Any]] = {
    "work_days": {"type": "checkboxes", "selected_options": [{"value": "1"}, {"value": "6"}]},
    "work_starts_minute": {"type": "timepicker", "selected_time": "07:30"},
    "work_ends_minute": {"type": "timepicker", "selected_time": "12:00"},
    "tz": {"type": "plain_text_input", "value": "Asia/Tokyo"},
    "daily_limit_minutes": {"type": "number_input", "value": "30"},
    "batch_size": {"type": "number_input", "value": None},
    "wants_reminders": {"type": "radio_buttons", "selected_option": {"value": "off"}},
    "locale": {"type": "static_select", "selected_option": {"value": "en"}},
}


def submission(person: str, **changes: dict[str, Any]) -> dict[str, Any]:
    """Return the submission of the dialog, with changes to ENTERED."""
    body = submission_payload(person, "edit_preferences", "{}")
    entered = {**ENTERED, **changes}
    body["view"]["state"]["values"] = {key: {key: element} for key, element in entered.items()}
    return body


async def test_dialog_opens_from_home_tab_and_command(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.send(view_button_payload(ada.id, Action("edit_preferences"), {"type": "home"}))
    assert await bolt.send_command(ada.id, "preferences") == ""
    await bolt.app.wait_for_background_tasks()
    assert len(bolt.api_calls("views.open")) == 2


async def test_preferences_are_saved_and_shown_in_the_home_tab(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.send(event_payload({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    await bolt.send(submission(ada.id))
    (row,) = bolt.slack.scenario.rows(Expert)
    assert (row.work_starts_minute, row.work_ends_minute, row.work_days, row.tz) == (
        450,
        720,
        [1, 6],
        "Asia/Tokyo",
    )
    assert (row.daily_limit_minutes, row.batch_size, row.wants_reminders) == (30, None, False)
    ada.wait_for_text("Mon, Sat 07:30\u201312:00 (Asia/Tokyo)")


async def test_invalid_time_zone_is_reported_at_its_field(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    response = await bolt.send(submission(ada.id, tz={"type": "plain_text_input", "value": "Mars"}))
    assert '"tz"' in response.body
    assert bolt.slack.scenario.rows(Expert)[0].work_starts_minute == 9 * 60


async def test_person_without_campaign_gets_an_explanation(bolt: BoltApp) -> None:
    assert "not in a campaign yet" in await bolt.send_command("U1", "preferences")
