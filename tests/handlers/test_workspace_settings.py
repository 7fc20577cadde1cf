"""The settings of the workspace, changed in their modal."""

from __future__ import annotations

from typing import Any

from bot.services.settings.workspace_settings import WorkspaceSettings, load_settings
from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload


def sent(day: str, week: str) -> dict[str, Any]:
    """Return the modal, filled."""
    body = submission_payload(COORDINATOR, "workspace_settings", "{}")
    numbers = {"reminders_per_day": day, "reminders_per_week": week}
    body["view"]["state"]["values"] = {
        "channel": {"channel": {"type": "conversations_select", "selected_conversation": "C1"}},
        **{name: {name: {"type": "number_input", "value": n}} for name, n in numbers.items()},
        "digest": {"digest": {"type": "checkboxes", "selected_options": []}},
    }
    return body


async def test_what_is_chosen_holds(bolt: BoltApp) -> None:
    answer = await bolt.send(sent("1", "3"))
    assert "Saved" in answer.body
    assert bolt.slack.database.read_now(load_settings) == WorkspaceSettings(
        "C1", 1, 3, digest=False
    )


async def test_a_button_opens_what_is_typed_for(bolt: BoltApp) -> None:
    await bolt.send_command(COORDINATOR, "settings")
    await bolt.click_button(COORDINATOR, Action("workspace_settings"))
    typed, pressed = (call["view"] for call in bolt.api_calls("views.open"))
    assert typed == pressed


async def test_what_is_wrong_is_said_at_its_field(bolt: BoltApp) -> None:
    answer = await bolt.send(sent("5", "3"))
    assert '"errors":{"reminders_per_week":"Choose at least as many reminders' in answer.body
    assert bolt.slack.database.read_now(load_settings) == WorkspaceSettings()
