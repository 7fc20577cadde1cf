"""Tests of the dialog for workspace settings."""

from __future__ import annotations

from typing import Any

from bot.services.settings.workspace_settings import WorkspaceSettings, load_settings
from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload


def submission(per_day: str, per_week: str) -> dict[str, Any]:
    """Return the submission of the dialog with these numbers of reminders."""
    body = submission_payload(COORDINATOR, "workspace_settings", "{}")
    numbers = {"reminders_per_day": per_day, "reminders_per_week": per_week}
    body["view"]["state"]["values"] = {
        "channel": {"channel": {"type": "conversations_select", "selected_conversation": "C1"}},
        **{name: {name: {"type": "number_input", "value": n}} for name, n in numbers.items()},
        "digest": {"digest": {"type": "checkboxes", "selected_options": []}},
    }
    return body


async def test_submission_saves_the_settings(bolt: BoltApp) -> None:
    response = await bolt.send(submission("1", "3"))
    assert "Saved" in response.body
    assert bolt.slack.database.read_now(load_settings) == WorkspaceSettings(
        "C1", 1, 3, digest=False
    )


async def test_button_and_command_open_the_same_dialog(bolt: BoltApp) -> None:
    await bolt.send_command(COORDINATOR, "settings")
    await bolt.click_button(COORDINATOR, Action("workspace_settings"))
    from_command, from_button = (call["view"] for call in bolt.api_calls("views.open"))
    assert from_command == from_button


async def test_invalid_number_is_reported_at_its_field(bolt: BoltApp) -> None:
    response = await bolt.send(submission("5", "3"))
    assert '"errors":{"reminders_per_week":"Choose at least as many reminders' in response.body
    assert bolt.slack.database.read_now(load_settings) == WorkspaceSettings()
