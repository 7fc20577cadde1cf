"""The audit trail, read: of everything, of one campaign, or the last of certain deeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, case, cast, exists, func, or_
from sqlmodel import Session, col, select

from storage.tables import Assignment, AuditEvent

ASSIGNMENT = "assignment "


def events(
    session: Session,
    *,
    campaign: tuple[int, str] | None = None,
    before: int | None = None,
    since: datetime | None = None,
    most: int | None = None,
) -> Sequence[AuditEvent]:
    """Return events, the newest first: those before event `before`, since a moment, `most` of them.

    `campaign` (its id and the subject it goes by) leaves only what was done to it and its tasks.
    """
    chosen = select(AuditEvent).order_by(col(AuditEvent.id).desc())
    if campaign:
        chosen = chosen.where(or_(col(AuditEvent.subject) == campaign[1], _is_of(campaign[0])))
    if before is not None:
        chosen = chosen.where(col(AuditEvent.id) < before)
    if since is not None:
        chosen = chosen.where(col(AuditEvent.at) >= since)
    return session.exec(chosen.limit(most)).all()


def _is_of(campaign_id: int) -> ColumnElement[bool]:
    """Say whether an event is about an assignment of a campaign."""
    is_one = col(AuditEvent.subject).like(f"{ASSIGNMENT}%")
    written = func.substr(AuditEvent.subject, len(ASSIGNMENT) + 1)
    number = case((is_one, cast(written, Integer)))  # never a cast of other subjects
    return exists().where(col(Assignment.id) == number, col(Assignment.campaign_id) == campaign_id)


def last(session: Session, subject: str, deeds: Sequence[str]) -> AuditEvent | None:
    """Return the newest of these deeds that was done to a subject."""
    chosen = (
        select(AuditEvent)
        .where(col(AuditEvent.subject) == subject, col(AuditEvent.deed).in_(deeds))
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    )
    return session.exec(chosen).first()
