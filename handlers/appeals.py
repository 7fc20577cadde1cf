"""Appeals: experts see their own quality and dispute gold answers; coordinators decide."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.messages.quality import AppealMessage
from bot.services.actors.actor import Actor
from bot.services.experts import own_quality
from bot.services.reviews import appeals
from bot.slack.blockkit.entries import parse_inputs
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view, update_view
from bot.slack.views import appeals as appeals_view
from bot.slack.views import own_quality as own_quality_view
from bot.slack.views.task_modals import ModalMetadata, read_only_modal
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from storage.queries import outbox


async def show_own_quality(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Show the figures about the person's own answers."""
    quality = await app.db.write(own_quality.quality_of, command.slack_id)
    return own_quality_view.render_own_quality(quality)


async def open_own_quality(app: AppContext, payload: ActionPayload) -> None:
    """Show the figures about the person's own answers in a dialog, from the Home tab."""
    view = await _own_quality_modal(app, payload)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def _own_quality_modal(app: AppContext, payload: ActionPayload) -> ModalView:
    quality = await app.db.write(own_quality.quality_of, payload.interaction.slack_id)
    message = own_quality_view.render_own_quality(quality)
    return read_only_modal("Your quality", message.blocks)


async def appeal_gold(app: AppContext, payload: ActionPayload) -> None:
    """Ask the coordinators to check a gold answer; a dialog then shows the appeal."""
    await app.db.write(
        appeals.submit_appeal,
        payload.action.target_id,
        payload.interaction,
        app.settings.coordinators,
    )
    if (payload.view or {}).get("type") == "modal":
        view = await _own_quality_modal(app, payload)
        app.run_in_background(update_view(app.sender, payload.modal, view))


async def uphold_appeal(app: AppContext, payload: ActionPayload) -> None:
    """Make the expert's answer the gold answer, and update the message of the appeal."""
    await app.db.write(_uphold, _metadata_of(payload), payload.actor)


async def open_reject_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to reject an appeal."""
    view = appeals_view.reject_modal(_metadata_of(payload))
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_rejection(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Reject an appeal with a reason, and update its message."""
    metadata = ModalMetadata.from_json(submission.metadata)
    reason = parse_inputs(submission.values).text(appeals_view.REASON_KEY)
    await app.db.write(_reject, metadata, reason, submission.actor)
    return None


def _metadata_of(payload: ActionPayload) -> ModalMetadata:
    interaction = payload.interaction
    return ModalMetadata(
        payload.action.target_id,
        interaction.channel,
        interaction.message_ts,
        interaction.response_url,
    )


def _uphold(session: Session, metadata: ModalMetadata, actor: Actor) -> None:
    appeals.uphold_appeal(session, metadata.target_id, actor)
    _queue_update(session, metadata, actor)


def _reject(session: Session, metadata: ModalMetadata, reason: str, actor: Actor) -> None:
    appeals.reject_appeal(session, metadata.target_id, reason, actor)
    _queue_update(session, metadata, actor)


def _queue_update(session: Session, metadata: ModalMetadata, actor: Actor) -> None:
    message = AppealMessage(
        metadata.target_id, channel=metadata.channel, message_ts=metadata.message_ts
    )
    url = metadata.response_url
    outbox.enqueue(session, message, recipient=actor.name, now=actor.at, response_url=url)
