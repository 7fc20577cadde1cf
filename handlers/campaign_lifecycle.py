"""Pausing, resuming and closing campaigns: typed, or by a button."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.campaigns import campaigns, lifecycle
from bot.services.campaigns.lifecycle import ClosePreview
from bot.slack.client.modals import open_view
from bot.slack.parsing import action_ids
from bot.slack.views import campaign_lifecycle as drawn
from bot.slack.views.task_message import Message
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
    """Pause the campaign that is named, or show those that can be paused."""
    return await _change_state_from_command(app, command, PAUSED)


async def resume(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Resume the campaign that is named, or show those that can be resumed."""
    return await _change_state_from_command(app, command, OPEN)


async def close(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Ask before closing the campaign that is named, or show those that can be closed."""
    name = command.arguments.first_token
    if not name:
        return await _render_campaign_choice(app, CLOSED)
    ending = await app.db.read(_close_preview_by_name, name)
    if ending is None:
        return await _change_state_from_command(
            app, command, CLOSED
        )  # it was, so this only tells by whom
    app.run_in_background(
        open_view(app.sender, command.trigger_id, drawn.close_modal(ending), command.response_url)
    )
    return None


async def pause_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Pause the campaign that the button is about."""
    await _change_state_from_button(app, payload, PAUSED)


async def resume_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Resume the campaign that the button is about."""
    await _change_state_from_button(app, payload, OPEN)


async def close_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Ask before closing the campaign that the button is about."""
    ending = await app.db.read(_close_preview_by_id, payload.action.target)
    if ending is None:
        await _change_state_from_button(app, payload, CLOSED)
        return
    view = drawn.close_modal(ending)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_close(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Close the campaign for good: it was asked about."""
    campaign_id = int(submission.metadata) if action_ids.is_number(submission.metadata) else 0
    moved = await app.db.write(lifecycle.change_state_by_id, campaign_id, CLOSED, submission.actor)
    message = drawn.render_state_change(moved, submission.interaction.at)
    return {"response_action": "update", "view": read_only_modal("Closed", message.blocks)}


async def _change_state_from_command(
    app: AppContext, command: CommandPayload, to: CampaignState
) -> CommandResponse:
    name = command.arguments.first_token
    if not name:
        return await _render_campaign_choice(app, to)
    moved = await app.db.write(lifecycle.change_state_by_name, name, to, command.actor)
    return drawn.render_state_change(moved, command.at)


async def _render_campaign_choice(app: AppContext, to: CampaignState) -> Message:
    found = await app.db.read(lifecycle.list_campaign_options, *lifecycle.ALLOWED_FROM[to])
    return drawn.render_campaign_picker(drawn.STATE_LABELS[to], drawn.STATE_ACTIONS[to], found)


async def _change_state_from_button(
    app: AppContext, payload: ActionPayload, to: CampaignState
) -> None:
    moved = await app.db.write(
        lifecycle.change_state_by_id, payload.action.target, to, payload.actor
    )
    reply(app, payload, drawn.render_state_change(moved, payload.interaction.at))


def _close_preview_by_name(session: Session, name: str) -> ClosePreview | None:
    return lifecycle.preview_close(session, campaigns.campaign_by_name(session, name))


def _close_preview_by_id(session: Session, campaign_id: int) -> ClosePreview | None:
    return lifecycle.preview_close(session, campaigns.campaign_by_id(session, campaign_id))
