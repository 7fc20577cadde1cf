"""Quality alerts: pause or resume the expert, and update the message of the alert."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from bot.app_context import AppContext
from bot.messages.quality import QualityAlertMessage
from bot.services.actors.actor import Actor
from bot.services.reviews import quality_alerts
from handlers.payloads import ActionPayload
from storage.queries import outbox


async def pause_expert(app: AppContext, payload: ActionPayload) -> None:
    """Pause the expert of an alert."""
    await app.db.write(_change, payload, quality_alerts.pause_expert)


async def resume_expert(app: AppContext, payload: ActionPayload) -> None:
    """Resume the expert of an alert."""
    await app.db.write(_change, payload, quality_alerts.resume_expert)


def _change(
    session: Session, payload: ActionPayload, change: Callable[[Session, int, Actor], object]
) -> None:
    alert_id, interaction = payload.action.target_id, payload.interaction
    change(session, alert_id, payload.actor)
    message = QualityAlertMessage(
        alert_id, channel=interaction.channel, message_ts=interaction.message_ts
    )
    outbox.enqueue(
        session,
        message,
        recipient=interaction.slack_id,
        now=interaction.at,
        response_url=interaction.response_url,
    )
