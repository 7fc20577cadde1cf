"""Reads the audit log: of everything, of one campaign, or the last of certain actions."""

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
    """Return up to `limit` events, newest first: older than event `before`, and from `since` on.

    `campaign` (its id and its audit subject) selects only events about the campaign and its
    assignments.
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
    """Return a condition: the event is about an assignment of the campaign."""
    is_assignment = col(AuditEvent.subject).like(f"{ASSIGNMENT_PREFIX}%")
    id_text = func.substr(AuditEvent.subject, len(ASSIGNMENT_PREFIX) + 1)
    assignment_id = case((is_assignment, cast(id_text, Integer)))  # other subjects cannot be cast
    return exists().where(
        col(Assignment.id) == assignment_id, col(Assignment.campaign_id) == campaign_id
    )


def last_event(session: Session, subject: str, actions: Sequence[str]) -> AuditEvent | None:
    """Return the newest event with one of these actions on a subject."""
    query = (
        select(AuditEvent)
        .where(col(AuditEvent.subject) == subject, col(AuditEvent.action).in_(actions))
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    )
    return session.exec(query).first()
