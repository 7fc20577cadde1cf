"""Import runs that a process can take on, and uploads that nobody chose a campaign for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from storage.queries.workers import was_abandoned
from storage.tables import ImportRun, RunState


def next_run(session: Session) -> ImportRun | None:
    """Return the next run to execute, locked: the first that is queued or was abandoned.

    A run was abandoned if its process has ended.
    """
    query = (
        select(ImportRun)
        .where(
            col(ImportRun.campaign_id).is_not(None),
            or_(col(ImportRun.state) == RunState.QUEUED, was_abandoned(session, ImportRun)),
        )
        .order_by(col(ImportRun.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.exec(query).first()


def abandoned_uploads(session: Session, created_before: datetime) -> Sequence[ImportRun]:
    """Return the files uploaded before `created_before` that have no campaign yet."""
    query = select(ImportRun).where(
        col(ImportRun.campaign_id).is_(None),
        ImportRun.state == RunState.QUEUED,
        col(ImportRun.created_at) < created_before,
    )
    return session.exec(query).all()
