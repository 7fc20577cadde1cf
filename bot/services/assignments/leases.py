"""Leases: how long an expert may keep a task, counted in their working hours only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cadence.working_hours import WorkingHours, add_working_time, working_time
from storage.queries import experts
from storage.tables import Assignment, Expert


def working_hours_of(expert: Expert) -> WorkingHours:
    """Return an expert's working hours."""
    return WorkingHours(
        expert.tz, expert.work_starts_minute, expert.work_ends_minute, expert.work_days
    )


def lease_end(session: Session, expert_id: int, minutes: int, now: datetime) -> datetime:
    """Return when a lease that starts now ends; `minutes` are minutes of working time."""
    hours = WorkingHours(*experts.working_hours(session, expert_id))
    return add_working_time(hours, now, timedelta(minutes=minutes))


def pause_lease(session: Session, assignment: Assignment, now: datetime) -> None:
    """Pause the lease of a task while its expert waits for someone else."""
    if assignment.lease_paused_at is None:
        assignment.lease_paused_at = now
        session.add(assignment)


def resume_lease(session: Session, assignment: Assignment, now: datetime) -> None:
    """Resume a paused lease with its remaining working time."""
    if assignment.lease_paused_at is not None:
        hours = working_hours_of(session.get_one(Expert, assignment.expert_id))
        remaining = working_time(hours, assignment.lease_paused_at, assignment.leased_until)
        assignment.leased_until = add_working_time(hours, now, remaining)
        assignment.lease_paused_at = None
        session.add(assignment)
