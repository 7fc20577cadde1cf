"""What the clock makes happen: new work, reminders, leases. Each asks the database what is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cadence import Hours, is_working, reminders_due
from bot.services import assigning
from bot.services.auditing import CLOCK, record
from storage.queries import holding, tasks, telling
from storage.queries.turns import one_at_a_time
from storage.tables import Assignment, AssignmentState, Expert, Reminder


def hours_of(expert: Expert) -> Hours:
    """Return an expert's working hours."""
    return Hours(expert.tz, expert.day_starts, expert.day_ends, expert.days)


def dispatch(session: Session, now: datetime) -> int:
    """Give the next task to every idle expert who is at work; return how many were given one."""
    one_at_a_time(session, "dispatch")
    at_work = [e for e in tasks.idle_experts(session) if is_working(hours_of(e), now)]
    free = [expert for expert in at_work if expert.profile_at]
    return sum(_pushed(session, expert, now, alone=len(free) == 1) for expert in free)


def _pushed(session: Session, expert: Expert, now: datetime, *, alone: bool) -> bool:
    given = assigning.next_for(session, expert.id or 0, now, {"pushed": True, "alone": alone})
    if given:
        expert.pushed_at = now
        session.add(expert)
        telling.put(session, "task", lane=expert.slack_id, facts={}, now=now)
    return bool(given)


def remind(session: Session, now: datetime) -> int:
    """Remind experts at work of what they hold, one message each; return how many."""
    one_at_a_time(session, "remind")
    due: dict[str, list[int]] = {}
    for assignment, campaign, expert, sent in tasks.to_remind_of(session, _earliest(session, now)):
        wanted = reminders_due(assignment.delivered_at or now, campaign.reminder_minutes, now)
        if wanted > sent and is_working(hours_of(expert), now):
            _count(session, assignment, wanted, now)
            due.setdefault(expert.slack_id, []).append(assignment.id or 0)
    for slack_id, assignments in due.items():
        telling.put(session, "reminder", lane=slack_id, facts={"assignments": assignments}, now=now)
    return len(due)


def _earliest(session: Session, now: datetime) -> datetime:
    """Return when something was delivered, at the latest, that may be reminded of now."""
    plans = tasks.reminder_plans(session)
    return now - timedelta(minutes=min((min(plan) for plan in plans if plan), default=0))


def _count(session: Session, assignment: Assignment, number: int, now: datetime) -> None:
    session.add(Reminder(assignment_id=assignment.id or 0, number=number, created_at=now))
    session.flush()


def expire(session: Session, now: datetime) -> int:
    """Let tasks move on whose lease ran out; their experts get no more until they are back."""
    one_at_a_time(session, "expire")
    overdue = tasks.overdue(session, now)
    for assignment, _campaign in overdue:
        assignment.state = AssignmentState.EXPIRED
        session.add(assignment)
        holding.give_back(session, assignment.task_id)
        expert = session.get_one(Expert, assignment.expert_id)
        expert.away_since = expert.away_since or now
        session.add(expert)
        record(session, "clock", "expired", f"assignment {assignment.id}", now, through=CLOCK)
        facts = {"assignment": assignment.id}
        telling.put(session, "expired", lane=expert.slack_id, facts=facts, now=now)
    return len(overdue)
