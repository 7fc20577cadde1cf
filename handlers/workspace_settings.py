"""The dialog for workspace settings."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.services.settings import workspace_settings
from bot.slack.client.modals import open_view
from bot.slack.views import workspace_settings_modal
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)


async def open_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Open the dialog with the current settings, from a command."""
    view = workspace_settings_modal.settings_modal(
        await app.db.read(workspace_settings.load_settings)
    )
    app.run_in_background(open_view(app.sender, command.trigger_id, view, command.response_url))
    return None


async def open_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog with the current settings, from a button."""
    view = workspace_settings_modal.settings_modal(
        await app.db.read(workspace_settings.load_settings)
    )
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_settings(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Save the settings and show what changed."""
    new_settings = workspace_settings_modal.parse_modal(submission.values)
    changes = await app.db.write(workspace_settings.update_settings, new_settings, submission.actor)
    return {"response_action": "update", "view": workspace_settings_modal.saved_modal(changes)}
