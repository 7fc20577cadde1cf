"""Retention: experts are erased some days after the last campaign that they were in was closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor, subject_of
from bot.services.actors.audit_log import CLOCK, STATE_ACTIONS
from bot.services.campaigns.edit import Difference
from bot.services.people.erasure import erase_person
from bot.services.people.personal_data import find_person
from storage.queries import retention
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState

MAX_RETENTION_DAYS = 36_500

MAX_ERASED_AT_ONCE = 1
"""People erased in one transaction: each one searches all tables, and answers wait meanwhile."""

CLOSED_ACTION = STATE_ACTIONS[CampaignState.CLOSED]

ACTOR_NAME = "retention"


class BadRetentionError(BotError):
    """{days} days is out of range. Enter 0 to 36,500 days after the campaign is closed."""


def change_retention(session: Session, campaign: Campaign, days: int | None, actor: Actor) -> None:
    """Set how many days after closing the experts of a campaign are erased; None: never.

    Raises:
        BadRetentionError: the number is out of range.
    """
    if days is not None and not 0 <= days <= MAX_RETENTION_DAYS:
        raise BadRetentionError(days=f"{days:,}")
    before, campaign.retention_days = campaign.retention_days, days
    session.add(campaign)
    actor.record(session, "changed the retention", subject_of(campaign), before=before, after=days)


def edit_retention(
    session: Session, campaign: Campaign, days: int | None, actor: Actor
) -> list[Difference]:
    """Change the retention if that makes a difference; return what changed.

    Raises the errors of `change_retention`.
    """
    before = campaign.retention_days
    if days == before:
        return []
    change_retention(session, campaign, days, actor)
    return [Difference("retention_days", before, days)]


def has_expired(session: Session, now: datetime, configured_coordinators: Collection[str]) -> bool:
    """Return whether `erase_expired` would erase somebody."""
    return bool(_expired_ids(session, now, configured_coordinators))


def erase_expired(session: Session, now: datetime, configured_coordinators: Collection[str]) -> int:
    """Erase the next expert whose campaigns are all past their retention; return how many.

    Somebody who is in a campaign without retention, or who has a role, stays.
    """
    slack_ids = _expired_ids(session, now, configured_coordinators)
    for slack_id in slack_ids:
        erase_person(session, find_person(session, slack_id), Actor(ACTOR_NAME, CLOCK, now))
    return len(slack_ids)


def _expired_ids(session: Session, now: datetime, coordinators: Collection[str]) -> list[str]:
    campaign_ids = [
        id_of(campaign)
        for campaign in retention.closed_with_retention(session)
        if _is_over(session, campaign, now)
    ]
    if not campaign_ids:
        return []
    limit = MAX_ERASED_AT_ONCE + len(coordinators)
    found = retention.experts_only_in(session, campaign_ids, limit)
    slack_ids = [expert.slack_id for expert in found if expert.slack_id not in coordinators]
    return slack_ids[:MAX_ERASED_AT_ONCE]


def _is_over(session: Session, campaign: Campaign, now: datetime) -> bool:
    closed_at = retention.last_event_at(session, subject_of(campaign), CLOSED_ACTION)
    days = timedelta(days=campaign.retention_days or 0)
    return closed_at is not None and closed_at + days <= now
