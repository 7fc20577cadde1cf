"""Warnings about campaigns that coordinators were notified of or have dismissed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.queries.upsert import upsert_row
from storage.tables import WarningNotice


def dismissed_keys(session: Session) -> Mapping[int, AbstractSet[str]]:
    """Return the keys of dismissed warnings by campaign."""
    return _keys(session, is_dismissed=True)


def reported_keys(session: Session) -> Mapping[int, AbstractSet[str]]:
    """Return the keys of warnings that coordinators were notified of by campaign."""
    return _keys(session, is_dismissed=False)


def _keys(session: Session, *, is_dismissed: bool) -> Mapping[int, AbstractSet[str]]:
    column = WarningNotice.dismissed_at if is_dismissed else WarningNotice.reported_at
    query = select(WarningNotice.campaign_id, WarningNotice.key).where(col(column).is_not(None))
    keys = defaultdict[int, set[str]](set)
    for campaign_id, key in session.exec(query):
        keys[campaign_id].add(key)
    return keys


def record_notice(session: Session, campaign_id: int, key: str, at: datetime) -> None:
    """Record that coordinators were notified of a warning."""
    upsert_row(session, WarningNotice(campaign_id=campaign_id, key=key, reported_at=at))


def record_dismissal(
    session: Session, campaign_id: int, key: str, dismissed_by: str, at: datetime
) -> None:
    """Record that a coordinator dismissed a warning."""
    row = WarningNotice(
        campaign_id=campaign_id, key=key, dismissed_at=at, dismissed_by=dismissed_by
    )
    upsert_row(session, row)


def forget_notice(session: Session, campaign_id: int, key: str) -> None:
    """Forget that coordinators were notified of a warning, because it no longer applies."""
    statement = delete(WarningNotice).where(
        col(WarningNotice.campaign_id) == campaign_id, col(WarningNotice.key) == key
    )
    session.connection().execute(statement)
