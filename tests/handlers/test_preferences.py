"""The settings of an expert: a window, from home or typed for, and what is sent in it."""

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


def sent(person: str, **changes: dict[str, Any]) -> dict[str, Any]:
    """Return the window as it is sent."""
    body = submission_payload(person, "edit_preferences", "{}")
    entered = {**ENTERED, **changes}
    body["view"]["state"]["values"] = {key: {key: element} for key, element in entered.items()}
    return body


async def test_the_window_opens_from_home_and_when_typed_for(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.send(view_button_payload(ada.id, Action("edit_preferences"), {"type": "home"}))
    assert await bolt.send_command(ada.id, "preferences") == ""
    await bolt.app.wait_for_background_tasks()
    assert len(bolt.api_calls("views.open")) == 2


async def test_what_is_sent_is_kept_and_shown_at_home(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.send(event_payload({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    await bolt.send(sent(ada.id))
    (row,) = bolt.slack.scenario.rows(Expert)
    assert (row.work_starts_minute, row.work_ends_minute, row.work_days, row.tz) == (
        450,
        720,
        [1, 6],
        "Asia/Tokyo",
    )
    assert (row.daily_limit_minutes, row.batch_size, row.wants_reminders) == (30, None, False)
    ada.wait_for_text("Monday and Saturday, 07:30 to 12:00 (Asia/Tokyo)")


async def test_what_is_wrong_is_told_at_its_field(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    answer = await bolt.send(sent(ada.id, tz={"type": "plain_text_input", "value": "Mars"}))
    assert '"tz"' in answer.body
    assert bolt.slack.scenario.rows(Expert)[0].work_starts_minute == 9 * 60


async def test_a_stranger_has_nothing_to_choose(bolt: BoltApp) -> None:
    assert "not in a campaign yet" in await bolt.send_command("U1", "preferences")
