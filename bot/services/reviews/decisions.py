"""Deciding about a task: taking over what an expert said, saying otherwise, leaving it as it is."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import FormInput
from bot.services.actors.actor import Actor
from bot.services.answers.submit import settings_of
from bot.services.items.mapping import content_of
from bot.services.reviews.corrections import reopen
from bot.services.reviews.review_queue import NoReviewCaseError
from storage.queries import reviews, tasks
from storage.tables import Assignment, AssignmentState, Campaign, Decision, Task

FINALIZED_BY_REVIEW = "a review"
"""What makes answers final, as in “this answer was made final by a review”."""

KEEP_AS_IS: dict[str, Any] = {}
"""The value of a decision that leaves what experts said as it is."""


class OwnTaskError(BotError):
    """You answered this task yourself, so somebody else has to decide it."""


class AlreadyDecidedError(BotError):
    """This was decided already, by {who}; to decide anew, take that decision back first."""


class IncompleteAnswerError(BotError):
    """Something is missing still; please answer everything that is asked."""


def accept_answer(session: Session, assignment_id: int, actor: Actor) -> Decision:
    """Decide as one expert did.

    Raises:
        NoCaseError: that answer does not stand any more.
        OwnTaskError: the reviewer is one of those who answered.
        DecidedError: another decision stands.
    """
    answer = session.get(Assignment, assignment_id)
    if answer is None or answer.state != AssignmentState.ANSWERED or answer.value is None:
        raise NoReviewCaseError
    task = _require_decidable(session, answer.task_id, actor)
    return _store_decision(session, task, answer.value, answer.candidate_order, "", actor)


def override_answer(
    session: Session, task_id: int, form_input: FormInput, reason: str, actor: Actor
) -> Decision:
    """Decide otherwise: `given` is read as an answer, with the candidates in imported order.

    Raises:
        WrongAnswerError, IncompleteError: that is no whole answer to this task.
        NoCaseError, OwnTaskError, DecidedError: as `adopt`.
    """
    task = _require_decidable(session, task_id, actor)
    campaign = session.get_one(Campaign, task.campaign_id)
    kind = kind_named(campaign.kind)
    order = list(range(len(content_of(tasks.item_of(session, task_id)).candidates)))
    reading = kind.parse_answer(form_input, {}, settings_of(kind, campaign.settings), order)
    if not reading.complete:
        raise IncompleteAnswerError
    return _store_decision(session, task, reading.value, order, reason.strip(), actor)


def keep_as_is(session: Session, task_id: int, actor: Actor) -> Decision:
    """Leave what experts said as it is: the task does not come for review again.

    Raises:
        NoCaseError, OwnTaskError, DecidedError: as `adopt`.
    """
    return _store_decision(
        session, _require_decidable(session, task_id, actor), KEEP_AS_IS, [], "", actor
    )


def undo_decision(session: Session, task_id: int, actor: Actor) -> None:
    """Take a decision back: experts may change their answers again, and the task waits for review.

    Raises:
        NoCaseError: nothing was decided.
    """
    if _current_decision(session, task_id) is None:
        raise NoReviewCaseError
    _insert_decision(session, task_id, None, [], "", actor)
    reviews.set_finalized_by(session, task_id, None)
    actor.record(session, "took back a decision", f"task {task_id}")


def send_back(session: Session, task_id: int, reason: str, actor: Actor) -> int:
    """Ask everybody who answered to look again, with the reason; return how many they are.

    Raises:
        NoCaseError, OwnTaskError, DecidedError: as `adopt`.
    """
    task = _require_decidable(session, task_id, actor)
    current = _current_decision(session, task_id)
    if current:
        raise _already_decided_error(current, actor)
    answers = reviews.answers_to(session, [task.id or 0])
    for answer in answers:
        reopen(session, answer.id or 0, reason, actor)
    _resolve_flags(session, task_id, "sent back", actor)
    return len(answers)


def return_to_queue(session: Session, task_id: int, actor: Actor) -> None:
    """Hand a task out again that was set aside.

    Raises:
        NoCaseError: there is no such task.
    """
    task = session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise NoReviewCaseError
    task.on_hold_since = task.on_hold_reason = None
    session.add(task)
    _resolve_flags(session, task_id, "handed out again", actor)
    actor.record(session, "handed out again", f"task {task_id}")


def _require_decidable(session: Session, task_id: int, actor: Actor) -> Task:
    task = session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise NoReviewCaseError
    if reviews.is_answered_by(session, task_id, actor.name):
        raise OwnTaskError
    return task


def _store_decision(  # noqa: PLR0913, PLR0917 - they are what a decision says
    session: Session, task: Task, value: dict[str, Any], order: list[int], reason: str, actor: Actor
) -> Decision:
    current = _current_decision(session, task.id or 0)
    if current and (current.decided_by, current.value) != (actor.name, value):
        raise _already_decided_error(current, actor)
    if current:  # the same tap, delivered again
        return current
    decision = _insert_decision(session, task.id or 0, value, order, reason, actor)
    reviews.set_finalized_by(session, task.id or 0, FINALIZED_BY_REVIEW if value else None)
    task.on_hold_since = task.on_hold_reason = None
    session.add(task)
    _resolve_flags(session, task.id or 0, "decided" if value else "left as it is", actor)
    action = "decided" if value else "left as it is"
    actor.record(session, action, f"task {task.id}", reason=reason)
    return decision


def _current_decision(session: Session, task_id: int) -> Decision | None:
    """Return the decision about a task (locked by the caller), None if there is none."""
    found = reviews.decision_of(session, task_id)
    return found if found and found.value is not None else None


def _already_decided_error(current: Decision, actor: Actor) -> AlreadyDecidedError:
    return AlreadyDecidedError(who="you" if current.decided_by == actor.name else "somebody else")


def _insert_decision(  # noqa: PLR0913, PLR0917 - they are the columns
    session: Session,
    task_id: int,
    value: dict[str, Any] | None,
    order: list[int],
    reason: str,
    actor: Actor,
) -> Decision:
    decision = Decision(
        task_id=task_id,
        value=value,
        candidate_order=order,
        reason=reason,
        decided_by=actor.name,
        created_at=actor.at,
    )
    session.add(decision)
    session.flush()
    return decision


def _resolve_flags(session: Session, task_id: int, resolution: str, actor: Actor) -> None:
    reviews.resolve_flags(
        session, reviews.open_flags_of(session, task_id), resolution, actor.name, actor.at
    )
