"""How long an expert was at a task: noted when they look into it, told when they answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from bot.kinds import kind_named
from bot.timing import Moments, Spent, spent
from storage.queries.holding import Held
from storage.tables import Assignment


def time_at(held: Held, now: datetime, *, is_undone: bool) -> Spent | None:
    """Return the time at a task up to now; taking an answer back is no work at it.

    None: nobody knows.
    """
    before = None if held.seconds is None else Spent(held.seconds, paused=bool(held.paused))
    if is_undone:
        return before
    moments = Moments(held.delivered_at, held.opened_at, held.stored_at)
    longest = timedelta(minutes=kind_named(held.kind).stretch_minutes)
    time = spent(moments, now, longest, held.seconds)
    return Spent(time.seconds, time.paused or bool(held.paused)) if time else before


def note_opened(session: Session, held: Held, at: datetime) -> None:
    """Write down that the expert opened a window of the task, once for each stretch of work."""
    known = [moment for moment in (held.delivered_at, held.stored_at) if moment]
    if held.opened_at is None or any(held.opened_at < moment for moment in known):
        opened = update(Assignment).where(col(Assignment.id) == held.id).values(opened_at=at)
        session.connection().execute(opened)
