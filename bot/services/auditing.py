"""The record of every change of state: who, what, to which thing, through what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.queries import trail
from storage.tables import AuditEvent, Campaign

SLACK, COMMAND_LINE, CLOCK = "slack", "command line", "clock"


@dataclass(frozen=True, slots=True)
class Event:
    """One change of state. `actor` is a Slack id if it came `through` Slack, else a name."""

    id: int
    at: datetime
    actor: str
    deed: str
    subject: str
    through: str
    facts: dict[str, Any]


def record(  # noqa: PLR0913 - they are what an event says
    session: Session,
    actor: str,
    deed: str,
    subject: str,
    at: datetime,
    *,
    through: str = SLACK,
    **facts: object,
) -> None:
    """Add one event. `actor` is a Slack id, or the name of the part of the bot that acted."""
    session.add(
        AuditEvent(at=at, actor=actor, deed=deed, subject=subject, through=through, facts=facts)
    )


def subject_of(campaign: Campaign) -> str:
    """Return how the audit trail calls a campaign."""
    return f"campaign {campaign.name}"


def events(
    session: Session,
    campaign: Campaign | None = None,
    *,
    before: int | None = None,
    since: datetime | None = None,
    most: int | None = None,
) -> list[Event]:
    """Return what happened, the newest first; of one campaign and its tasks if one is given.

    `before` is the id of an event (for paging), `since` a moment (aware), `most` how many at most.
    """
    about = (campaign.id or 0, subject_of(campaign)) if campaign else None
    found = trail.events(session, campaign=about, before=before, since=since, most=most)
    return [_event(row) for row in found]


def last_of(session: Session, campaign: Campaign, *deeds: str) -> Event | None:
    """Return the newest of these deeds that was done to a campaign."""
    row = trail.last(session, subject_of(campaign), deeds)
    return _event(row) if row else None


def _event(row: AuditEvent) -> Event:
    return Event(row.id or 0, row.at, row.actor, row.deed, row.subject, row.through, row.facts)
