"""Review decisions: accept an answer, enter another, keep as is, undo, send back."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import FormInput
from bot.services.actors.actor import Actor
from bot.services.answers.campaign_settings import settings_of
from bot.services.answers.imported import require_not_imported
from bot.services.items.mapping import content_of
from bot.services.reviews.corrections import reopen
from bot.services.reviews.review_case import NoReviewCaseError
from storage.queries import reviews, tasks
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, Campaign, Decision, Task

FINALIZED_BY_REVIEW = "a review"
"""Value of `finalized_by`: shown as “made final by a review”."""

KEEP_AS_IS: dict[str, Any] = {}
"""Value of a decision that keeps the experts' answers as they are."""


class OwnTaskError(BotError):
    """You answered this task yourself. Another reviewer has to decide it."""


class AlreadyDecidedError(BotError):
    """This task was already decided by {who}. Undo that decision before you make another."""


class IncompleteAnswerError(BotError):
    """The answer is incomplete. Fill in every required field."""


def accept_answer(session: Session, assignment_id: int, actor: Actor) -> Decision:
    """Accept one expert's answer as the decision.

    Raises:
        NoReviewCaseError: the answer no longer counts.
        OwnTaskError: the reviewer answered this task.
        AlreadyDecidedError: there is another decision.
    """
    answer = session.get(Assignment, assignment_id)
    if answer is None or answer.state != AssignmentState.ANSWERED or answer.value is None:
        raise NoReviewCaseError
    task = _require_decidable(session, answer.task_id, actor)
    return _store_decision(session, task, answer.value, answer.candidate_order, "", actor)


def override_answer(
    session: Session, task_id: int, form_input: FormInput, reason: str, actor: Actor
) -> Decision:
    """Enter another answer as the decision.

    `form_input` is parsed as an answer with the candidates in imported order.

    Raises:
        InvalidAnswerError, IncompleteAnswerError: the input is no complete answer.
        NoReviewCaseError, OwnTaskError, AlreadyDecidedError: as `accept_answer`.
    """
    task = _require_decidable(session, task_id, actor)
    campaign = session.get_one(Campaign, task.campaign_id)
    kind = kind_named(campaign.kind)
    order = list(range(len(content_of(tasks.item_of(session, task_id)).candidates)))
    answer = kind.parse_answer(form_input, {}, settings_of(kind, campaign.settings), order)
    if not answer.complete:
        raise IncompleteAnswerError
    return _store_decision(session, task, answer.value, order, reason.strip(), actor)


def keep_as_is(session: Session, task_id: int, actor: Actor) -> Decision:
    """Keep the answers as they are and remove the task from the review queue.

    Raises:
        NoReviewCaseError, OwnTaskError, AlreadyDecidedError: as `accept_answer`.
    """
    task = _require_decidable(session, task_id, actor)
    return _store_decision(session, task, KEEP_AS_IS, [], "", actor)


def undo_decision(session: Session, task_id: int, actor: Actor) -> None:
    """Undo a decision: answers can be changed again, and the task returns to the review queue.

    Raises:
        NoReviewCaseError: there is no decision.
    """
    if _current_decision(session, task_id) is None:
        raise NoReviewCaseError
    _insert_decision(session, task_id, None, [], "", actor)
    reviews.set_finalized_by(session, task_id, None)
    actor.record(session, "undid a decision", f"task {task_id}")


def send_back(session: Session, task_id: int, reason: str, actor: Actor) -> int:
    """Reopen all answers to a task with a reason, except imported ones; return how many.

    Raises:
        NoReviewCaseError, OwnTaskError, AlreadyDecidedError: as `accept_answer`.
        ImportedAnswerError: all answers were imported.
    """
    task = _require_decidable(session, task_id, actor)
    current = _current_decision(session, task_id)
    if current:
        raise _already_decided_error(current, actor)
    answers = require_not_imported(session, reviews.answers_to(session, [id_of(task)]))
    for answer in answers:
        reopen(session, id_of(answer), reason, actor)
    _resolve_flags(session, task_id, "sent back", actor)
    return len(answers)


def return_to_queue(session: Session, task_id: int, actor: Actor) -> None:
    """Return a task that is on hold to the queue.

    Raises:
        NoReviewCaseError: there is no such task.
    """
    task = session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise NoReviewCaseError
    task.on_hold_since = task.on_hold_reason = None
    session.add(task)
    _resolve_flags(session, task_id, "returned to queue", actor)
    actor.record(session, "returned a task to the queue", f"task {task_id}")


def _require_decidable(session: Session, task_id: int, actor: Actor) -> Task:
    task = session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise NoReviewCaseError
    if reviews.is_answered_by(session, task_id, actor.name):
        raise OwnTaskError
    return task


def _store_decision(  # noqa: PLR0913, PLR0917 - the fields of a decision
    session: Session, task: Task, value: dict[str, Any], order: list[int], reason: str, actor: Actor
) -> Decision:
    current = _current_decision(session, id_of(task))
    if current and (current.decided_by, current.value) != (actor.name, value):
        raise _already_decided_error(current, actor)
    if current:  # Slack delivered the same interaction twice
        return current
    decision = _insert_decision(session, id_of(task), value, order, reason, actor)
    reviews.set_finalized_by(session, id_of(task), FINALIZED_BY_REVIEW if value else None)
    task.on_hold_since = task.on_hold_reason = None
    session.add(task)
    _resolve_flags(session, id_of(task), "decided" if value else "kept as is", actor)
    action = "made a decision" if value else "kept a task as is"
    actor.record(session, action, f"task {task.id}", reason=reason)
    return decision


def _current_decision(session: Session, task_id: int) -> Decision | None:
    """Return the current decision about a task, or None; the caller has locked the task."""
    decision = reviews.decision_of(session, task_id)
    return decision if decision and decision.value is not None else None


def _already_decided_error(current: Decision, actor: Actor) -> AlreadyDecidedError:
    is_own = current.decided_by == actor.name
    return AlreadyDecidedError(who="you" if is_own else "another reviewer")


def _insert_decision(  # noqa: PLR0913, PLR0917 - the columns
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
