"""Export schedules that are due, and export runs that a process takes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from storage.tables import Campaign, CampaignState, ExportRun, ExportSchedule, RunState


def due_schedules(session: Session, now: datetime) -> Sequence[ExportSchedule]:
    """Return the due schedules of campaigns that are not closed, locked."""
    query = (
        select(ExportSchedule)
        .join(Campaign, col(Campaign.id) == col(ExportSchedule.campaign_id))
        .where(col(ExportSchedule.due_at) <= now, Campaign.state != CampaignState.CLOSED)
        .order_by(col(ExportSchedule.due_at), col(ExportSchedule.id))
        .with_for_update(of=ExportSchedule, skip_locked=True)
    )
    return session.exec(query).all()


def schedules_of(session: Session, campaign_id: int) -> Sequence[ExportSchedule]:
    """Return the export schedules of a campaign."""
    query = select(ExportSchedule).where(ExportSchedule.campaign_id == campaign_id)
    return session.exec(query.order_by(col(ExportSchedule.id))).all()


def next_run(
    session: Session, now: datetime, *, lease: timedelta, retry_delay: timedelta
) -> ExportRun | None:
    """Return the next run to execute, locked: the first that is queued or was abandoned.

    A failed run waits for `retry_delay`; a run that has been running for `lease` was abandoned.
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


def latest_unfinished_run(session: Session, campaign_id: int, format_name: str) -> ExportRun | None:
    """Return the newest run of a campaign in this format that is queued or running, or None."""
    query = select(ExportRun).where(
        ExportRun.campaign_id == campaign_id,
        ExportRun.format == format_name,
        col(ExportRun.state).in_((RunState.QUEUED, RunState.RUNNING)),
    )
    return session.exec(query.order_by(col(ExportRun.id).desc())).first()


def record_outcome(session: Session, run_id: int, attempt: int, **columns: object) -> bool:
    """Record the outcome of a run; return False if its lease expired and another process has it."""
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
