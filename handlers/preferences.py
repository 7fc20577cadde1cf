"""The dialog for an expert's preferences."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.services.experts import preferences, time_off
from bot.slack.client.modals import open_view
from bot.slack.views import preferences_modal
from handlers.home import refresh_home
from handlers.payloads import ActionPayload, CommandPayload, SubmissionPayload, SubmissionResponse


async def open_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog from the Home tab."""
    await _open_modal(
        app, payload.interaction.slack_id, payload.trigger_id, payload.interaction.response_url
    )


async def open_from_command(app: AppContext, command: CommandPayload) -> None:
    """Open the dialog from a command."""
    await _open_modal(app, command.slack_id, command.trigger_id, command.response_url)


async def _open_modal(
    app: AppContext, slack_id: str, trigger_id: str, response_url: str | None
) -> None:
    expert = await app.db.read(time_off.require_expert, slack_id)
    view = preferences_modal.preferences_modal(preferences.preferences_of(expert), expert.tz)
    app.run_in_background(open_view(app.sender, trigger_id, view, response_url))


async def submit_preferences(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Save the preferences and refresh the Home tab."""
    new_preferences = preferences_modal.parse_preferences(submission.values)
    interaction = submission.interaction
    await app.db.write(
        preferences.save_preferences, interaction.slack_id, new_preferences, interaction.at
    )
    await refresh_home(app, interaction.slack_id)
    return None
