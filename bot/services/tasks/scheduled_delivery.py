"""What the clock makes happen to tasks: new work for who is there, and leases that end."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.services.actors.audit_log import CLOCK, record
from bot.services.assignments import assign, selection
from bot.services.availability import daily_limit
from bot.services.availability.reachability import ContactResult, is_dnd_known, is_reachable
from storage.queries import answer_submission, expert_activity, outbox, tasks
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.tables import Assignment, AssignmentState, Expert


def dispatch_tasks(session: Session, now: datetime) -> ContactResult:
    """Give the next task to every idle expert who may be spoken to now.

    Of those whom Slack must be asked about first, only who would get one is named.
    """
    acquire_advisory_lock(session, "dispatch")
    ready = [
        expert for expert in tasks.idle_experts(session) if can_dispatch_to(session, expert, now)
    ]
    messaged, dnd_unknown_ids = 0, []
    for expert in ready:
        if is_dnd_known(expert, now):
            messaged += _dispatch_to(session, expert, now, is_only_candidate=len(ready) == 1)
        elif _has_next_task(session, expert, now):
            dnd_unknown_ids.append(expert.slack_id)
    return ContactResult(messaged, tuple(dnd_unknown_ids))


def can_dispatch_to(session: Session, expert: Expert, now: datetime) -> bool:
    """Say whether work may come to somebody unasked, as far as we know."""
    is_profile_current = (
        expert.profile_synced_at is not None and not expert.welcome_back_due
    )  # that comes first
    return (
        is_profile_current
        and is_reachable(expert, now)
        and not daily_limit.limit_today(session, expert, now)
    )


def _dispatch_to(
    session: Session, expert: Expert, now: datetime, *, is_only_candidate: bool
) -> bool:
    search = selection.build_search(session, expert.id or 0, locked=True)
    assignment = assign.next_assignment(
        session, search, now, {"pushed": True, "alone": is_only_candidate}
    )
    if assignment:
        expert.last_dispatched_at = now
        session.add(expert)
        outbox.enqueue(
            session, "task", recipient=expert.slack_id, payload={"pushed": True}, now=now
        )
    return bool(assignment)


def _has_next_task(session: Session, expert: Expert, now: datetime) -> bool:
    """Try it, and take it back: only so is the answer always the same as when it is done."""
    with session.begin_nested() as trial:
        search = selection.build_search(session, expert.id or 0, locked=True)
        assignment = assign.next_assignment(session, search, now)
        trial.rollback()
    return assignment is not None


def withdraw_if_unreachable(session: Session, slack_id: str, now: datetime) -> bool:
    """Take back what was pushed to somebody if it can only be said when they are not there.

    Slack may have been out of reach since then. What they were named for, or answered before, waits
    for them. Return whether it is not to be said.
    """
    expert = assign.expert_by_slack_id(session, slack_id)
    if expert is None or is_reachable(expert, now):
        return False
    for assignment in expert_activity.lock_open_assignments(session, expert.id or 0):
        is_dispatched = (assignment.selection_reason or {}).get("pushed") and not assignment.version
        if assignment.state == AssignmentState.QUEUED and is_dispatched:
            release_assignment(session, assignment, now)
    return True


def release_assignment(session: Session, assignment: Assignment, now: datetime) -> None:
    """Give a task back for others to take; what was answered of it so far is kept."""
    assignment.state = AssignmentState.RELEASED
    assignment.leased_until, assignment.lease_paused_at = now, None
    session.add(assignment)
    answer_submission.release_slot(session, assignment.task_id)


def expire_leases(session: Session, now: datetime) -> int:
    """Let tasks move on whose lease ran out; their experts get no more until they are back."""
    acquire_advisory_lock(session, "expire")
    overdue = tasks.overdue_assignments(session, now)
    for assignment, _campaign in overdue:
        assignment.state = AssignmentState.EXPIRED
        session.add(assignment)
        answer_submission.release_slot(session, assignment.task_id)
        expert = session.get_one(Expert, assignment.expert_id)
        expert.away_since = expert.away_since or now
        session.add(expert)
        record(session, "clock", "expired", f"assignment {assignment.id}", now, origin=CLOCK)
        payload = {"assignment": assignment.id}
        outbox.enqueue(session, "expired", recipient=expert.slack_id, payload=payload, now=now)
    return len(overdue)
