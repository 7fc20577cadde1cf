"""The audit log: every change of state, with its actor, subject and origin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.queries import audit_log
from storage.row_id import id_of
from storage.tables import AuditEvent, Campaign, CampaignState

SLACK, COMMAND_LINE, CLOCK, API = "slack", "command line", "clock", "api"

CREATED_ACTION = "created a campaign"

STATE_ACTIONS = {
    CampaignState.OPEN: "resumed a campaign",
    CampaignState.PAUSED: "paused a campaign",
    CampaignState.CLOSED: "closed a campaign",
}
"""Actions by the state that a campaign changes into."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change of state. `actor` is a Slack id if `origin` is Slack, else a name.

    If `origin` is the API, the name is that of the key.
    """

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    origin: str
    details: dict[str, Any]


def record(  # noqa: PLR0913 - one parameter for each column of an event
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
    """Return the audit log's subject for a campaign."""
    return f"campaign {campaign.name}"


def audit_entries(
    session: Session,
    campaign: Campaign | None = None,
    *,
    before: int | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> list[AuditEntry]:
    """Return audit log entries, newest first; with `campaign`, only those of it and its tasks.

    `before` is the id of an event (for paging), `since` a timezone-aware time.
    """
    campaign_filter = (id_of(campaign), subject_of(campaign)) if campaign else None
    events = audit_log.events(
        session, campaign=campaign_filter, before=before, since=since, limit=limit
    )
    return [_build_entry(row) for row in events]


def latest_entry(session: Session, campaign: Campaign, *actions: str) -> AuditEntry | None:
    """Return the newest entry about a campaign with one of these actions, None if there is none."""
    row = audit_log.last_event(session, subject_of(campaign), actions)
    return _build_entry(row) if row else None


def _build_entry(row: AuditEvent) -> AuditEntry:
    return AuditEntry(
        id_of(row), row.at, row.actor, row.action, row.subject, row.origin, row.details
    )
