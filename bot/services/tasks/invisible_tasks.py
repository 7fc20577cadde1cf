"""Tasks that their experts cannot see: they are sent again, or go to other experts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.messages.tasks import NewTaskMessage, TaskPageMessage
from bot.services.actors.audit_log import CLOCK, record
from bot.services.availability.reachability import is_reachable
from bot.services.tasks.scheduled_delivery import release_assignment
from storage.queries import invisible_tasks, on_hold_tasks, outbox
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.queries.invisible_tasks import InvisibleTask
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, Expert

MAX_TASKS = 100
"""Most tasks handled at once."""

MAX_FAILED_MESSAGES = 5
"""Messages with a task that may fail before it goes to another expert."""


@dataclass(frozen=True, slots=True)
class PermanentErrors:
    """Error codes of messages that cannot be sent at all, and of people who get none."""

    message: Collection[str]
    recipient: Collection[str]


def repair_invisible_tasks(session: Session, now: datetime, errors: PermanentErrors) -> int:
    """Send invisible tasks again; return how many were handled.

    A task whose message Slack refuses is put on hold. If its expert can get no messages, it goes to
    another expert, and they count as away until they act again.
    """
    acquire_advisory_lock(session, "repair_invisible_tasks")
    tasks = invisible_tasks.list_invisible_tasks(session, now, MAX_TASKS)
    for task in tasks:
        _repair(session, task, now, errors)
    return len(tasks)


def _repair(session: Session, task: InvisibleTask, now: datetime, errors: PermanentErrors) -> None:
    assignment = session.get_one(Assignment, task.assignment_id, with_for_update=True)
    expert = session.get_one(Expert, task.expert_id)
    if task.last_error in errors.message:
        reason = f"Slack refuses its message: {task.last_error}"
        on_hold_tasks.put_on_hold(session, assignment.task_id, reason, now)
        _release(session, assignment, reason, now)
        outbox.enqueue(session, NewTaskMessage(), recipient=expert.slack_id, now=now)
    elif task.last_error in errors.recipient or task.failed_messages >= MAX_FAILED_MESSAGES:
        _release(session, assignment, f"not delivered: {task.last_error}", now)
        expert.away_since = expert.away_since or now
        session.add(expert)
    else:
        _send_again(session, assignment, expert, now)


def _send_again(session: Session, assignment: Assignment, expert: Expert, now: datetime) -> None:
    """Queue a task again; one that the bot assigned unasked only in working hours."""
    is_dispatched = (assignment.selection_reason or {}).get("is_dispatched", False)
    if is_dispatched and not is_reachable(expert, now):
        _release(session, assignment, "not delivered in working hours", now)
        return
    message: NewTaskMessage | TaskPageMessage = (
        NewTaskMessage(is_dispatched=True)
        if assignment.state == AssignmentState.QUEUED
        else TaskPageMessage(id_of(assignment), None, None)
    )
    outbox.enqueue(session, message, recipient=expert.slack_id, now=now)


def _release(session: Session, assignment: Assignment, reason: str, now: datetime) -> None:
    release_assignment(session, assignment, now)
    subject = f"assignment {assignment.id}"
    record(
        session, "clock", "released an invisible task", subject, now, origin=CLOCK, reason=reason
    )
