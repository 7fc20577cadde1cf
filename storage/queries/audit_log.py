"""Reads the audit log: of everything, of one campaign, or the last of certain actions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, case, cast, exists, func, or_
from sqlmodel import Session, col, select

from storage.tables import Assignment, AuditEvent, Item

ASSIGNMENT_PREFIX, ITEM_PREFIX = "assignment ", "item "


def events(
    session: Session,
    *,
    campaign: tuple[int, str] | None = None,
    before: int | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> Sequence[AuditEvent]:
    """Return up to `limit` events, newest first: older than event `before`, and from `since` on.

    `campaign` (its id and its audit subject) selects only events about the campaign, its
    assignments and its items.
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
    """Return a condition: the event is about an assignment or an item of the campaign."""
    is_assignment = exists().where(
        col(Assignment.id) == _id_after(ASSIGNMENT_PREFIX),
        col(Assignment.campaign_id) == campaign_id,
    )
    is_item = exists().where(
        col(Item.id) == _id_after(ITEM_PREFIX), col(Item.campaign_id) == campaign_id
    )
    return or_(is_assignment, is_item)


def _id_after(prefix: str) -> ColumnElement[int | None]:
    """Return the id in a subject with this prefix; other subjects cannot be cast."""
    id_text = func.substr(AuditEvent.subject, len(prefix) + 1)
    return case((col(AuditEvent.subject).like(f"{prefix}%"), cast(id_text, Integer)))


def events_about(session: Session, subjects: Collection[str]) -> Sequence[AuditEvent]:
    """Return the events about one of these subjects, oldest first."""
    query = select(AuditEvent).where(col(AuditEvent.subject).in_(subjects))
    return session.exec(query.order_by(col(AuditEvent.id))).all()


def last_event(session: Session, subject: str, actions: Sequence[str]) -> AuditEvent | None:
    """Return the newest event with one of these actions on a subject."""
    query = (
        select(AuditEvent)
        .where(col(AuditEvent.subject) == subject, col(AuditEvent.action).in_(actions))
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    )
    return session.exec(query).first()
