"""Reaching the coordinators: in their channel if there is one, else each of them directly."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.services.settings.workspace_settings import load_settings
from storage.queries import outbox, questions_and_flags
from storage.tables import Campaign


def notify_coordinators(  # noqa: PLR0913 - as in `telling.put`
    session: Session,
    message_type: str,
    *,
    campaign_id: int,
    coordinators: Collection[str],
    payload: dict[str, Any],
    now: datetime,
) -> None:
    """Queue a word for the coordinators of a campaign.

    `coordinators` are the Slack ids of those who are coordinators by LABELBOT_COORDINATORS.
    """
    channel = session.get_one(Campaign, campaign_id).channel or load_settings(session).channel
    if channel:
        outbox.enqueue(
            session,
            message_type,
            recipient=channel,
            payload={**payload, "channel": channel},
            now=now,
        )
        return
    for slack_id in sorted({*coordinators, *questions_and_flags.granted_coordinator_ids(session)}):
        outbox.enqueue(session, message_type, recipient=slack_id, payload=payload, now=now)
