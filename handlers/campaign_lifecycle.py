"""Pause, resume and close campaigns, by command or button."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.campaigns import campaigns, lifecycle
from bot.services.campaigns.lifecycle import ClosePreview
from bot.slack.blockkit.message import Message
from bot.slack.client.modals import open_view
from bot.slack.parsing import action_ids
from bot.slack.views import campaign_lifecycle
from bot.slack.views.task_modals import read_only_modal
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from handlers.responses import reply
from storage.tables import CampaignState

OPEN, PAUSED, CLOSED = CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED


async def pause(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Pause the named campaign, or list those that can be paused."""
    return await _change_state_from_command(app, command, PAUSED)


async def resume(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Resume the named campaign, or list those that can be resumed."""
    return await _change_state_from_command(app, command, OPEN)


async def close(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Ask for confirmation to close the named campaign, or list those that can be closed."""
    name = command.arguments.first_token
    if not name:
        return await _render_campaign_choice(app, CLOSED)
    preview = await app.db.read(_close_preview_by_name, name)
    if preview is None:  # already closed: the reply says by whom
        return await _change_state_from_command(app, command, CLOSED)
    view = campaign_lifecycle.close_modal(preview)
    app.run_in_background(open_view(app.sender, command.trigger_id, view, command.response_url))
    return None


async def pause_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Pause the button's campaign."""
    await _change_state_from_button(app, payload, PAUSED)


async def resume_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Resume the button's campaign."""
    await _change_state_from_button(app, payload, OPEN)


async def close_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Ask for confirmation to close the button's campaign."""
    preview = await app.db.read(_close_preview_by_id, payload.action.target_id)
    if preview is None:
        await _change_state_from_button(app, payload, CLOSED)
        return
    view = campaign_lifecycle.close_modal(preview)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_close(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Close the campaign; the person confirmed it in the dialog."""
    campaign_id = action_ids.parse_row_id(submission.metadata)
    result = await app.db.write(lifecycle.change_state_by_id, campaign_id, CLOSED, submission.actor)
    message = campaign_lifecycle.render_state_change(result, submission.interaction.at)
    return {"response_action": "update", "view": read_only_modal("Closed", message.blocks)}


async def _change_state_from_command(
    app: AppContext, command: CommandPayload, to: CampaignState
) -> CommandResponse:
    name = command.arguments.first_token
    if not name:
        return await _render_campaign_choice(app, to)
    result = await app.db.write(lifecycle.change_state_by_name, name, to, command.actor)
    return campaign_lifecycle.render_state_change(result, command.at)


async def _render_campaign_choice(app: AppContext, to: CampaignState) -> Message:
    options = await app.db.read(lifecycle.list_campaign_options, *lifecycle.ALLOWED_FROM[to])
    return campaign_lifecycle.render_campaign_picker(
        campaign_lifecycle.STATE_LABELS[to], campaign_lifecycle.STATE_ACTIONS[to], options
    )


async def _change_state_from_button(
    app: AppContext, payload: ActionPayload, to: CampaignState
) -> None:
    result = await app.db.write(
        lifecycle.change_state_by_id, payload.action.target_id, to, payload.actor
    )
    reply(app, payload, campaign_lifecycle.render_state_change(result, payload.interaction.at))


def _close_preview_by_name(session: Session, name: str) -> ClosePreview | None:
    return lifecycle.preview_close(session, campaigns.campaign_by_name(session, name))


def _close_preview_by_id(session: Session, campaign_id: int) -> ClosePreview | None:
    return lifecycle.preview_close(session, campaigns.campaign_by_id(session, campaign_id))
