"""Reaching the coordinators: in their channel if there is one, else each of them directly."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.services.choosing import choices
from storage.queries import raising, telling
from storage.tables import Campaign


def alert(  # noqa: PLR0913 - as in `telling.put`
    session: Session,
    word: str,
    *,
    campaign_id: int,
    coordinators: Collection[str],
    facts: dict[str, Any],
    now: datetime,
) -> None:
    """Queue a word for the coordinators of a campaign.

    `coordinators` are the Slack ids of those who are coordinators by LABELBOT_COORDINATORS.
    """
    channel = session.get_one(Campaign, campaign_id).channel or choices(session).channel
    if channel:
        telling.put(session, word, lane=channel, facts={**facts, "channel": channel}, now=now)
        return
    for person in sorted({*coordinators, *raising.granted_coordinators(session)}):
        telling.put(session, word, lane=person, facts=facts, now=now)
