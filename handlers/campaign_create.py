"""The dialog to create a campaign; its fields depend on the chosen kind."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.campaigns import create
from bot.services.campaigns.create import CampaignRequest
from bot.services.tasks import task_preview
from bot.slack.campaign_form import submission
from bot.slack.campaign_form import view as campaign_form_view
from bot.slack.client.modals import open_view, push_view, update_view
from bot.slack.client.time_zone import fetch_time_zone
from bot.slack.views import task_preview as task_preview_view
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)


async def open_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Open the dialog with the defaults, from a command."""
    app.run_in_background(
        _open_modal(app, command.slack_id, command.trigger_id, command.response_url)
    )
    return None


async def open_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog with the defaults, from a button."""
    interaction = payload.interaction
    app.run_in_background(
        _open_modal(app, interaction.slack_id, payload.trigger_id, interaction.response_url)
    )


async def _open_modal(
    app: AppContext, slack_id: str, trigger_id: str, response_url: str | None
) -> None:
    """Fetch the person's time zone from Slack, and open the dialog with it."""
    tz = await fetch_time_zone(app.sender, slack_id)
    tz = tz or await app.db.read(create.time_zone_of, slack_id)
    await open_view(app.sender, trigger_id, campaign_form_view.campaign_modal({}, tz), response_url)


async def change_kind(app: AppContext, payload: ActionPayload) -> None:
    """Show the fields of the chosen kind; keep what was entered."""
    view = payload.modal
    tz = await app.db.read(create.time_zone_of, payload.interaction.slack_id)
    app.run_in_background(
        update_view(
            app.sender, view, campaign_form_view.campaign_modal(view["state"]["values"], tz)
        )
    )


async def preview_draft(app: AppContext, payload: ActionPayload) -> None:
    """Show the task as an expert would see it, with the choices made so far."""
    values = payload.modal["state"]["values"]
    kind, settings = submission.parse_kind_and_settings(values)
    title = str((values.get("title") or {}).get("title", {}).get("value") or "New campaign")
    task = task_preview.preview_example(kind, settings, title, "")
    view = task_preview_view.preview_modal(task)
    app.run_in_background(push_view(app.sender, payload.trigger_id, view))


async def submit_campaign(app: AppContext, payload: SubmissionPayload) -> SubmissionResponse:
    """Create the campaign; a message reports the result."""
    request = submission.parse_campaign_form(payload.values, payload.interaction.at)
    try:
        await app.db.write(_create_campaign, app, request, payload.actor)
    except BotError as error:
        raise submission.as_field_error(error, payload.values) from error
    return None


def _create_campaign(
    session: Session, app: AppContext, request: CampaignRequest, actor: Actor
) -> None:
    create.create_from_request(session, request, app.settings.exports_dir, actor)
