"""Deciding about a task: taking over what an expert said, saying otherwise, leaving it as it is."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import Given
from bot.services.answering import settings_of
from bot.services.correcting import reopen
from bot.services.directing import By
from bot.services.keeping import content_of
from bot.services.reviewing import NoCaseError
from storage.queries import reviewing, tasks
from storage.tables import Assignment, AssignmentState, Campaign, Decision, Task

BY_REVIEW = "a review"
"""What makes answers final, as in “this answer was made final by a review”."""

LEFT: dict[str, Any] = {}
"""The value of a decision that leaves what experts said as it is."""


class OwnTaskError(BotError):
    """You answered this task yourself, so somebody else has to decide it."""


class DecidedError(BotError):
    """This was decided already, by {who}; to decide anew, take that decision back first."""


class IncompleteError(BotError):
    """Something is missing still; please answer everything that is asked."""


def adopt(session: Session, assignment_id: int, by: By) -> Decision:
    """Decide as one expert did.

    Raises:
        NoCaseError: that answer does not stand any more.
        OwnTaskError: the reviewer is one of those who answered.
        DecidedError: another decision stands.
    """
    answer = session.get(Assignment, assignment_id)
    if answer is None or answer.state != AssignmentState.ANSWERED or answer.value is None:
        raise NoCaseError
    task = _task(session, answer.task_id, by)
    return _decided(session, task, answer.value, answer.candidate_order, "", by)


def settle(session: Session, task_id: int, given: Given, reason: str, by: By) -> Decision:
    """Decide otherwise: `given` is read as an answer, with the candidates in imported order.

    Raises:
        WrongAnswerError, IncompleteError: that is no whole answer to this task.
        NoCaseError, OwnTaskError, DecidedError: as `adopt`.
    """
    task = _task(session, task_id, by)
    campaign = session.get_one(Campaign, task.campaign_id)
    kind = kind_named(campaign.kind)
    order = list(range(len(content_of(tasks.item_of(session, task_id)).candidates)))
    reading = kind.read(given, {}, settings_of(kind, campaign.settings), order)
    if not reading.complete:
        raise IncompleteError
    return _decided(session, task, reading.value, order, reason.strip(), by)


def leave(session: Session, task_id: int, by: By) -> Decision:
    """Leave what experts said as it is: the task does not come for review again.

    Raises:
        NoCaseError, OwnTaskError, DecidedError: as `adopt`.
    """
    return _decided(session, _task(session, task_id, by), LEFT, [], "", by)


def take_back(session: Session, task_id: int, by: By) -> None:
    """Take a decision back: experts may change their answers again, and the task waits for review.

    Raises:
        NoCaseError: nothing was decided.
    """
    if _standing(session, task_id) is None:
        raise NoCaseError
    _add(session, task_id, None, [], "", by)
    reviewing.lock(session, task_id, None)
    by.record(session, "took back a decision", f"task {task_id}")


def send_back(session: Session, task_id: int, reason: str, by: By) -> int:
    """Ask everybody who answered to look again, with the reason; return how many they are.

    Raises:
        NoCaseError, OwnTaskError, DecidedError: as `adopt`.
    """
    task = _task(session, task_id, by)
    standing = _standing(session, task_id)
    if standing:
        raise _already(standing, by)
    answers = reviewing.answers(session, [task.id or 0])
    for answer in answers:
        reopen(session, answer.id or 0, reason, by)
    _resolve(session, task_id, "sent back", by)
    return len(answers)


def put_back(session: Session, task_id: int, by: By) -> None:
    """Hand a task out again that was set aside.

    Raises:
        NoCaseError: there is no such task.
    """
    task = session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise NoCaseError
    task.set_aside_at = task.set_aside_reason = None
    session.add(task)
    _resolve(session, task_id, "handed out again", by)
    by.record(session, "handed out again", f"task {task_id}")


def _task(session: Session, task_id: int, by: By) -> Task:
    task = session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise NoCaseError
    if reviewing.is_answered_by(session, task_id, by.actor):
        raise OwnTaskError
    return task


def _decided(  # noqa: PLR0913, PLR0917 - they are what a decision says
    session: Session, task: Task, value: dict[str, Any], order: list[int], reason: str, by: By
) -> Decision:
    standing = _standing(session, task.id or 0)
    if standing and (standing.decided_by, standing.value) != (by.actor, value):
        raise _already(standing, by)
    if standing:  # the same tap, delivered again
        return standing
    decision = _add(session, task.id or 0, value, order, reason, by)
    reviewing.lock(session, task.id or 0, BY_REVIEW if value else None)
    task.set_aside_at = task.set_aside_reason = None
    session.add(task)
    _resolve(session, task.id or 0, "decided" if value else "left as it is", by)
    deed = "decided" if value else "left as it is"
    by.record(session, deed, f"task {task.id}", reason=reason)
    return decision


def _standing(session: Session, task_id: int) -> Decision | None:
    """Return the decision about a task (locked by the caller), None if there is none."""
    found = reviewing.decision_of(session, task_id)
    return found if found and found.value is not None else None


def _already(standing: Decision, by: By) -> DecidedError:
    return DecidedError(who="you" if standing.decided_by == by.actor else "somebody else")


def _add(  # noqa: PLR0913, PLR0917 - they are the columns
    session: Session,
    task_id: int,
    value: dict[str, Any] | None,
    order: list[int],
    reason: str,
    by: By,
) -> Decision:
    decision = Decision(
        task_id=task_id,
        value=value,
        candidate_order=order,
        reason=reason,
        decided_by=by.actor,
        created_at=by.at,
    )
    session.add(decision)
    session.flush()
    return decision


def _resolve(session: Session, task_id: int, how: str, by: By) -> None:
    reviewing.resolve_flags(session, reviewing.flags_of(session, task_id), how, by.actor, by.at)
