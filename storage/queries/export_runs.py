"""Export schedules that are due, and export runs that a process takes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, update
from sqlmodel import Session, col, select

from storage.queries.workers import was_abandoned
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


def all_schedules(session: Session) -> Sequence[ExportSchedule]:
    """Return the schedules with due times, of all campaigns that are not closed, locked."""
    query = (
        select(ExportSchedule)
        .join(Campaign, col(Campaign.id) == col(ExportSchedule.campaign_id))
        .where(Campaign.state != CampaignState.CLOSED, col(ExportSchedule.due_at).is_not(None))
        .order_by(col(ExportSchedule.id))
        .with_for_update(of=ExportSchedule, skip_locked=True)
    )
    return session.exec(query).all()


def answer_schedules(session: Session, *, locked: bool = False) -> Sequence[ExportSchedule]:
    """Return the schedules without due times, of all campaigns that are not closed."""
    query = (
        select(ExportSchedule)
        .join(Campaign, col(Campaign.id) == col(ExportSchedule.campaign_id))
        .where(Campaign.state != CampaignState.CLOSED, col(ExportSchedule.due_at).is_(None))
        .order_by(col(ExportSchedule.id))
    )
    if locked:
        query = query.with_for_update(of=ExportSchedule, skip_locked=True)
    return session.exec(query).all()


def has_run(session: Session, schedule_id: int | None) -> bool:
    """Return whether a schedule has had a run."""
    query = select(ExportRun.id).where(ExportRun.schedule_id == schedule_id).limit(1)
    return session.exec(query).first() is not None


def run_of(session: Session, schedule_id: int | None, due_at: datetime) -> ExportRun | None:
    """Return the run of a schedule for a due time, None if there is none yet."""
    query = select(ExportRun).where(
        ExportRun.schedule_id == schedule_id, col(ExportRun.due_at) == due_at
    )
    return session.exec(query).first()


def detach_runs(session: Session, schedule_id: int) -> None:
    """Keep the runs of a schedule that is about to be removed."""
    statement = update(ExportRun).where(col(ExportRun.schedule_id) == schedule_id)
    session.connection().execute(statement.values(schedule_id=None))


def latest_outcomes(session: Session) -> dict[int, ExportRun]:
    """Return the last finished run of each schedule, by schedule."""
    newest = (
        select(func.max(ExportRun.id))
        .where(col(ExportRun.schedule_id).is_not(None), col(ExportRun.finished_at).is_not(None))
        .group_by(col(ExportRun.schedule_id))
    )
    runs = session.exec(select(ExportRun).where(col(ExportRun.id).in_(newest)))
    return {run.schedule_id: run for run in runs if run.schedule_id is not None}


def next_run(session: Session, now: datetime, *, max_delay: timedelta) -> ExportRun | None:
    """Return the next run to execute, locked: the first that is queued or was abandoned.

    A run that failed waits until `retry_at`, which is at most `max_delay` ahead unless the clock
    was set back. A run was abandoned if its process has ended. Runs that only have to be delivered
    are last, because a destination can be slow.
    """
    retry_at = col(ExportRun.retry_at)
    is_waiting = and_(
        col(ExportRun.state) == RunState.QUEUED,
        or_(retry_at.is_(None), retry_at <= now, retry_at > now + max_delay),
    )
    query = (
        select(ExportRun)
        .where(or_(is_waiting, was_abandoned(session, ExportRun)))
        .order_by(col(ExportRun.path).is_not(None), col(ExportRun.due_at), col(ExportRun.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.exec(query).first()


def newest_runs(
    session: Session, campaign_id: int | None, limit: int, *, before: int | None = None
) -> Sequence[tuple[ExportRun, Campaign]]:
    """Return the newest runs of a campaign, or of all, with their campaigns, newest first.

    `before`: only runs with a smaller id.
    """
    query = select(ExportRun, Campaign).join(
        Campaign, col(Campaign.id) == col(ExportRun.campaign_id)
    )
    if campaign_id is not None:
        query = query.where(ExportRun.campaign_id == campaign_id)
    if before is not None:
        query = query.where(col(ExportRun.id) < before)
    return session.exec(query.order_by(col(ExportRun.id).desc()).limit(limit)).all()


def locked_run(session: Session, run_id: int) -> ExportRun | None:
    """Return a run, locked until the transaction ends, None if there is none."""
    return session.get(ExportRun, run_id, with_for_update=True)


def abandoned_directories(session: Session) -> Sequence[str]:
    """Return the folders of the runs whose process has ended before it finished them."""
    query = select(ExportRun.directory).where(was_abandoned(session, ExportRun)).distinct()
    return session.exec(query).all()


def unreported_runs(session: Session) -> Sequence[ExportRun]:
    """Return the finished runs that people must hear of and have not, locked, oldest first.

    They are those that failed, and those that make up for missed ones.
    """
    query = (
        select(ExportRun)
        .where(
            col(ExportRun.reported_at).is_(None),
            or_(
                col(ExportRun.state) == RunState.FAILED,
                and_(col(ExportRun.state) == RunState.DONE, col(ExportRun.missed_runs) > 0),
            ),
        )
        .order_by(col(ExportRun.id))
        .with_for_update(skip_locked=True)
    )
    return session.exec(query).all()


def earlier_runs_of_second(session: Session, run: ExportRun) -> Sequence[ExportRun]:
    """Return the runs of a campaign in the same format, folder and second that came before."""
    second = run.due_at.replace(microsecond=0)
    query = select(ExportRun).where(
        ExportRun.campaign_id == run.campaign_id,
        ExportRun.format == run.format,
        ExportRun.directory == run.directory,
        col(ExportRun.id) < run.id,
        col(ExportRun.due_at) >= second,
        col(ExportRun.due_at) < second + timedelta(seconds=1),
    )
    return session.exec(query).all()


def unfinished_runs(session: Session, campaign_id: int, format_name: str) -> Sequence[ExportRun]:
    """Return the runs of a campaign in this format that are queued or running, newest first."""
    query = select(ExportRun).where(
        ExportRun.campaign_id == campaign_id,
        ExportRun.format == format_name,
        col(ExportRun.state).in_((RunState.QUEUED, RunState.RUNNING)),
    )
    return session.exec(query.order_by(col(ExportRun.id).desc())).all()


def last_read_run(
    session: Session, campaign_id: int, format_name: str, schedule_id: int | None
) -> ExportRun | None:
    """Return the last successful export of a campaign in a format whose snapshot is known.

    With a schedule, only its own exports count.
    """
    query = select(ExportRun).where(
        ExportRun.campaign_id == campaign_id,
        ExportRun.format == format_name,
        ExportRun.state == RunState.DONE,
        col(ExportRun.snapshot).is_not(None),
    )
    if schedule_id is not None:
        query = query.where(ExportRun.schedule_id == schedule_id)
    newest_first = (col(ExportRun.started_at).desc(), col(ExportRun.id).desc())
    return session.exec(query.order_by(*newest_first).limit(1)).first()


def schedule_of(session: Session, run_id: int) -> int | None:
    """Return the schedule of a run, None if it has none."""
    return session.exec(select(ExportRun.schedule_id).where(ExportRun.id == run_id)).first()


def record_outcome(session: Session, run_id: int, attempt: int, **columns: object) -> bool:
    """Record the outcome of a run; return False if another process has taken it on since."""
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
