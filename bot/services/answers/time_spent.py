"""Active time of an expert on a task, from when they see or open it to when they answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.active_time import ActiveTime, TaskTimestamps, measure_active_time
from bot.kinds import kind_named
from storage.queries.answer_submission import AssignmentSnapshot, load_assignment
from storage.queries.assignments import HeldTask, mark_delivered, update_assignment
from storage.tables import AssignmentState


def time_spent_on(
    snapshot: AssignmentSnapshot, now: datetime, *, is_undone: bool
) -> ActiveTime | None:
    """Return the active time on a task up to now, None if it is unknown.

    An undo is not work, so it adds no time.
    """
    previous = (
        None
        if snapshot.seconds is None
        else ActiveTime(snapshot.seconds, has_pause=bool(snapshot.paused))
    )
    if is_undone:
        return previous
    timestamps = TaskTimestamps(
        snapshot.delivered_at, snapshot.opened_at, snapshot.version_stored_at
    )
    max_active = timedelta(minutes=kind_named(snapshot.kind).max_active_minutes)
    measured = measure_active_time(timestamps, now, max_active, snapshot.seconds)
    return (
        ActiveTime(measured.seconds, measured.has_pause or bool(snapshot.paused))
        if measured
        else previous
    )


def record_opened(session: Session, snapshot: AssignmentSnapshot, at: datetime) -> None:
    """Record that the expert opened the task or a dialog of it, first after each message."""
    earlier = [time for time in (snapshot.delivered_at, snapshot.version_stored_at) if time]
    if snapshot.opened_at is None or any(snapshot.opened_at < time for time in earlier):
        update_assignment(session, snapshot.id, opened_at=at)


def record_shown(session: Session, task: HeldTask, now: datetime, *, is_requested: bool) -> None:
    """Record that a task is shown: for the first time, or because the expert starts it now."""
    if task.state == AssignmentState.QUEUED:
        mark_delivered(session, task.id, now)
    elif is_requested and (snapshot := load_assignment(session, task.id)):
        record_opened(session, snapshot, now)
