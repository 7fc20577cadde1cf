"""Scheduled work on tasks: deliver tasks to idle experts, withdraw them, expire leases."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.messages.tasks import ExpiredMessage, NewTaskMessage
from bot.services.actors.audit_log import CLOCK, record
from bot.services.assignments import assign, selection
from bot.services.availability import daily_limit
from bot.services.availability.reachability import ContactResult, is_dnd_known, is_reachable
from storage.queries import answer_submission, expert_activity, outbox, tasks
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, Expert


def dispatch_tasks(session: Session, now: datetime) -> ContactResult:
    """Assign the next task to every idle expert who can be messaged now.

    The result also names experts whose Do Not Disturb status must be fetched first, but only those
    for whom there is a task.
    """
    acquire_advisory_lock(session, "dispatch_tasks")
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
    """Return whether an expert may be sent a task unasked, as far as the bot knows."""
    return (
        not expert.welcome_back_due
        and is_reachable(expert, now)
        and not daily_limit.limit_today(session, expert, now)
    )


def _dispatch_to(
    session: Session, expert: Expert, now: datetime, *, is_only_candidate: bool
) -> bool:
    search = selection.build_search(session, id_of(expert), now, locked=True)
    assignment = assign.next_assignment(
        session, search, now, {"is_dispatched": True, "is_only_candidate": is_only_candidate}
    )
    if assignment:
        expert.last_dispatched_at = now
        session.add(expert)
        message = NewTaskMessage(is_dispatched=True)
        outbox.enqueue(session, message, recipient=expert.slack_id, now=now)
    return bool(assignment)


def _has_next_task(session: Session, expert: Expert, now: datetime) -> bool:
    """Return whether a task is waiting for an expert, without assigning it."""
    search = selection.build_search(session, id_of(expert), now)
    return any(selection.count_waiting_by_campaign(session, search, 1).values())


def withdraw_if_unreachable(session: Session, slack_id: str, now: datetime) -> bool:
    """Unassign undelivered dispatched tasks of an expert who has become unreachable.

    A message can be late because Slack was unavailable. Tasks that were assigned manually or
    answered before stay assigned. Return whether the message must not be sent now.
    """
    expert = expert_by_slack_id(session, slack_id)
    if expert is None or is_reachable(expert, now):
        return False
    for assignment in expert_activity.lock_open_assignments(session, id_of(expert)):
        reason = assignment.selection_reason or {}
        is_unanswered_dispatch = reason.get("is_dispatched") and not assignment.version
        if assignment.state == AssignmentState.QUEUED and is_unanswered_dispatch:
            release_assignment(session, assignment, now)
    return True


def release_assignment(session: Session, assignment: Assignment, now: datetime) -> None:
    """Release a task so that others can have it; a partial answer is kept."""
    assignment.state = AssignmentState.RELEASED
    assignment.leased_until, assignment.lease_paused_at = now, None
    session.add(assignment)
    answer_submission.release_slot(session, assignment.task_id)


def expire_leases(session: Session, now: datetime) -> int:
    """Expire overdue leases and return how many.

    Their experts count as away, so they are sent nothing unasked until they act again.
    """
    acquire_advisory_lock(session, "expire_leases")
    overdue = tasks.overdue_assignments(session, now)
    for assignment, _campaign in overdue:
        assignment.state = AssignmentState.EXPIRED
        session.add(assignment)
        answer_submission.release_slot(session, assignment.task_id)
        expert = session.get_one(Expert, assignment.expert_id)
        expert.away_since = expert.away_since or now
        session.add(expert)
        subject = f"assignment {assignment.id}"
        record(
            session, "clock", "unassigned a task after its time limit", subject, now, origin=CLOCK
        )
        message = ExpiredMessage(id_of(assignment))
        outbox.enqueue(session, message, recipient=expert.slack_id, now=now)
    return len(overdue)
