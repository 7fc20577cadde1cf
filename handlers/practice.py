"""Practice: admit an expert who has not passed, and update the message about them."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.messages.practice import PracticeFailureMessage
from bot.services.campaigns import campaigns, qualification
from handlers.payloads import ActionPayload
from storage.queries import outbox


async def qualify_expert(app: AppContext, payload: ActionPayload) -> None:
    """Admit an expert."""
    await app.db.write(_qualify, payload)


def _qualify(session: Session, payload: ActionPayload) -> None:
    campaign_id, slack_id = payload.action.target_id, payload.action.option
    interaction = payload.interaction
    campaign = campaigns.campaign_by_id(session, campaign_id)
    qualification.qualify(session, campaign, slack_id, payload.actor)
    outbox.enqueue(
        session,
        PracticeFailureMessage(
            campaign_id, slack_id, channel=interaction.channel, message_ts=interaction.message_ts
        ),
        recipient=interaction.slack_id,
        now=interaction.at,
        response_url=interaction.response_url,
    )
