"""How long somebody may keep a task: a clock that runs in their working hours alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cadence.hours import Hours, add_working_time, working_time
from storage.tables import Assignment, Expert


def hours_of(expert: Expert) -> Hours:
    """Return an expert's working hours."""
    return Hours(expert.tz, expert.day_starts, expert.day_ends, expert.days)


def lease_end(session: Session, expert_id: int, minutes: int, now: datetime) -> datetime:
    """Return when a lease of so many minutes, taken now, ends for an expert."""
    hours = hours_of(session.get_one(Expert, expert_id))
    return add_working_time(hours, now, timedelta(minutes=minutes))


def stop_clock(session: Session, assignment: Assignment, now: datetime) -> None:
    """Stop the lease of a task: its expert waits for somebody else."""
    if assignment.clock_stopped_at is None:
        assignment.clock_stopped_at = now
        session.add(assignment)


def start_clock(session: Session, assignment: Assignment, now: datetime) -> None:
    """Let a stopped lease run on, with what was left of it."""
    if assignment.clock_stopped_at is not None:
        hours = hours_of(session.get_one(Expert, assignment.expert_id))
        left = working_time(hours, assignment.clock_stopped_at, assignment.leased_until)
        assignment.leased_until = add_working_time(hours, now, left)
        assignment.clock_stopped_at = None
        session.add(assignment)
