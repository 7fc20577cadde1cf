"""How long an expert was at a task: noted when they look into it, told when they answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from bot.active_time import ActiveTime, TaskTimestamps, measure_active_time
from bot.kinds import kind_named
from storage.queries.answer_submission import AssignmentSnapshot
from storage.tables import Assignment


def time_spent_on(held: AssignmentSnapshot, now: datetime, *, is_undone: bool) -> ActiveTime | None:
    """Return the time at a task up to now; taking an answer back is no work at it.

    None: nobody knows.
    """
    before = None if held.seconds is None else ActiveTime(held.seconds, has_pause=bool(held.paused))
    if is_undone:
        return before
    moments = TaskTimestamps(held.delivered_at, held.opened_at, held.version_stored_at)
    max_active = timedelta(minutes=kind_named(held.kind).max_active_minutes)
    measured = measure_active_time(moments, now, max_active, held.seconds)
    return (
        ActiveTime(measured.seconds, measured.has_pause or bool(held.paused))
        if measured
        else before
    )


def record_opened(session: Session, held: AssignmentSnapshot, at: datetime) -> None:
    """Write down that the expert opened a window of the task, once for each stretch of work."""
    known = [moment for moment in (held.delivered_at, held.version_stored_at) if moment]
    if held.opened_at is None or any(held.opened_at < moment for moment in known):
        statement = update(Assignment).where(col(Assignment.id) == held.id).values(opened_at=at)
        session.connection().execute(statement)
