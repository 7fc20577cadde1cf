"""Exports that wait: schedules that are due, and runs that one process at a time takes up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from storage.tables import Campaign, CampaignState, ExportRun, ExportSchedule, RunState


def due_schedules(session: Session, now: datetime) -> Sequence[ExportSchedule]:
    """Return the schedules that are due, of campaigns that are not closed, locked."""
    query = (
        select(ExportSchedule)
        .join(Campaign, col(Campaign.id) == col(ExportSchedule.campaign_id))
        .where(col(ExportSchedule.due_at) <= now, Campaign.state != CampaignState.CLOSED)
        .order_by(col(ExportSchedule.due_at), col(ExportSchedule.id))
        .with_for_update(of=ExportSchedule, skip_locked=True)
    )
    return session.exec(query).all()


def schedules_of(session: Session, campaign_id: int) -> Sequence[ExportSchedule]:
    """Return the schedules of a campaign."""
    query = select(ExportSchedule).where(ExportSchedule.campaign_id == campaign_id)
    return session.exec(query.order_by(col(ExportSchedule.id))).all()


def next_run(
    session: Session, now: datetime, *, lease: timedelta, retry_delay: timedelta
) -> ExportRun | None:
    """Return a run to take up, locked: the first that waits or was left behind.

    A run that failed waits for `pause`; one that has been running for `lease` was left behind.
    """
    is_waiting = and_(
        col(ExportRun.state) == RunState.QUEUED,
        or_(col(ExportRun.started_at).is_(None), col(ExportRun.started_at) <= now - retry_delay),
    )
    is_abandoned = and_(
        col(ExportRun.state) == RunState.RUNNING, col(ExportRun.started_at) <= now - lease
    )
    query = (
        select(ExportRun)
        .where(or_(is_waiting, is_abandoned))
        .order_by(col(ExportRun.due_at), col(ExportRun.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.exec(query).first()


def record_outcome(session: Session, run_id: int, attempt: int, **columns: object) -> bool:
    """Write down what became of a run. False: it was left too long and somebody else has it."""
    statement = (
        update(ExportRun)
        .where(
            col(ExportRun.id) == run_id,
            col(ExportRun.state) == RunState.RUNNING,
            col(ExportRun.attempts) == attempt,
        )
        .values(**columns)
    )
    return session.connection().execute(statement).rowcount == 1
