"""The audit trail, read: of everything, of one campaign, or the last of certain deeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, case, cast, exists, func, or_
from sqlmodel import Session, col, select

from storage.tables import Assignment, AuditEvent

ASSIGNMENT_PREFIX = "assignment "


def events(
    session: Session,
    *,
    campaign: tuple[int, str] | None = None,
    before: int | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> Sequence[AuditEvent]:
    """Return events, the newest first: those before event `before`, since a moment, `most` of them.

    `campaign` (its id and the subject it goes by) leaves only what was done to it and its tasks.
    """
    query = select(AuditEvent).order_by(col(AuditEvent.id).desc())
    if campaign:
        query = query.where(
            or_(col(AuditEvent.subject) == campaign[1], _is_about_campaign(campaign[0]))
        )
    if before is not None:
        query = query.where(col(AuditEvent.id) < before)
    if since is not None:
        query = query.where(col(AuditEvent.at) >= since)
    return session.exec(query.limit(limit)).all()


def _is_about_campaign(campaign_id: int) -> ColumnElement[bool]:
    """Say whether an event is about an assignment of a campaign."""
    is_one = col(AuditEvent.subject).like(f"{ASSIGNMENT_PREFIX}%")
    id_text = func.substr(AuditEvent.subject, len(ASSIGNMENT_PREFIX) + 1)
    number = case((is_one, cast(id_text, Integer)))  # never a cast of other subjects
    return exists().where(col(Assignment.id) == number, col(Assignment.campaign_id) == campaign_id)


def last_event(session: Session, subject: str, actions: Sequence[str]) -> AuditEvent | None:
    """Return the newest of these deeds that was done to a subject."""
    query = (
        select(AuditEvent)
        .where(col(AuditEvent.subject) == subject, col(AuditEvent.action).in_(actions))
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    )
    return session.exec(query).first()
