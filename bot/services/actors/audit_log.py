"""The record of every change of state: who, what, to which thing, through what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.queries import audit_log
from storage.tables import AuditEvent, Campaign

SLACK, COMMAND_LINE, CLOCK = "slack", "command line", "clock"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change of state. `actor` is a Slack id if it came `through` Slack, else a name."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    origin: str
    details: dict[str, Any]


def record(  # noqa: PLR0913 - they are what an event says
    session: Session,
    actor: str,
    action: str,
    subject: str,
    at: datetime,
    *,
    origin: str = SLACK,
    **details: object,
) -> None:
    """Add one event. `actor` is a Slack id, or the name of the part of the bot that acted."""
    session.add(
        AuditEvent(
            at=at, actor=actor, action=action, subject=subject, origin=origin, details=details
        )
    )


def subject_of(campaign: Campaign) -> str:
    """Return how the audit trail calls a campaign."""
    return f"campaign {campaign.name}"


def audit_entries(
    session: Session,
    campaign: Campaign | None = None,
    *,
    before: int | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> list[AuditEntry]:
    """Return what happened, the newest first; of one campaign and its tasks if one is given.

    `before` is the id of an event (for paging), `since` a moment (aware), `most` how many at most.
    """
    campaign_filter = (campaign.id or 0, subject_of(campaign)) if campaign else None
    found = audit_log.events(
        session, campaign=campaign_filter, before=before, since=since, limit=limit
    )
    return [_build_entry(row) for row in found]


def latest_entry(session: Session, campaign: Campaign, *actions: str) -> AuditEntry | None:
    """Return the newest of these deeds that was done to a campaign."""
    row = audit_log.last_event(session, subject_of(campaign), actions)
    return _build_entry(row) if row else None


def _build_entry(row: AuditEvent) -> AuditEntry:
    return AuditEntry(
        row.id or 0, row.at, row.actor, row.action, row.subject, row.origin, row.details
    )
