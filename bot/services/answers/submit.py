"""An expert's actions on one assignment: submit an answer, undo, skip, open the full text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import FormInput, ParsedAnswer
from bot.messages.tasks import TaskPageMessage
from bot.services.actors.audit_log import record
from bot.services.actors.interaction import Interaction
from bot.services.answers import adaptive_overlap, confirmation, practice, skip
from bot.services.answers.answer_events import queue_answer_events
from bot.services.answers.campaign_settings import settings_of
from bot.services.answers.confirmation import OPEN_STATES
from bot.services.answers.skip import SkipReason
from bot.services.answers.versions import build_version, next_messages
from bot.services.assignments import leases
from storage.queries import answer_submission, corrections, experts, outbox
from storage.queries.answer_submission import AssignmentSnapshot
from storage.queries.assignments import update_assignment
from storage.tables import AssignmentState, CampaignState


class UnknownTaskError(BotError):
    """This task no longer exists. Use `/label next` to get the next one."""


class DeletedItemError(BotError):
    """A coordinator deleted this item, so nothing was saved. Use `/label next` for another task."""


class NotAssigneeError(BotError):
    """This task is assigned to someone else. Your answer was not saved. Use `/label next`."""


class TaskFullError(BotError):
    """This task already has all the answers it needs. Use `/label next` to get another one."""


class AnswerAfterCloseError(BotError):
    """This campaign is closed, so your answer was not saved. Thank you for your work."""


class FinalAnswerError(BotError):
    """This answer was made final by {finalized_by}. If it is wrong, contact a coordinator."""


class UnknownSkipReasonError(BotError):
    """Unknown reason for skipping; choose one from the list."""


def submit_answer(
    session: Session, assignment_id: int, form_input: FormInput, interaction: Interaction
) -> ParsedAnswer:
    """Store a whole or partial answer as the next version, and queue the message that follows.

    A repeated delivery of the same click is stored once; an unchanged answer adds no version.

    Raises:
        UnknownTaskError, NotAssigneeError, AnswerAfterCloseError, FinalAnswerError, TaskFullError,
        InvalidAnswerError: nothing is stored.
    """
    snapshot = require_changeable(session, assignment_id, interaction)
    parsed = _parse_input(session, snapshot, form_input)
    if parsed is None:
        _repeat_next_message(session, snapshot, interaction)
        return ParsedAnswer(snapshot.value or {}, complete=snapshot.complete)
    is_same = (parsed.value, parsed.complete) == (snapshot.value, snapshot.complete)
    if is_same and snapshot.state in (*OPEN_STATES, AssignmentState.ANSWERED):
        _repeat_next_message(session, snapshot, interaction)
        return parsed
    state = AssignmentState.ANSWERED if parsed.complete else AssignmentState.DELIVERED
    _store_version(
        session, snapshot, interaction, state=state, value=parsed.value, complete=parsed.complete
    )
    return parsed


def _parse_input(
    session: Session, snapshot: AssignmentSnapshot, form_input: FormInput
) -> ParsedAnswer | None:
    """Parse the input; None if it confirms an answer that changed meanwhile."""
    if snapshot.confirms_assignment_id is not None:
        return confirmation.parse_confirmation_input(session, snapshot, form_input)
    kind = kind_named(snapshot.kind)
    settings = settings_of(kind, snapshot.settings)
    return kind.parse_answer(form_input, snapshot.value or {}, settings, snapshot.candidate_order)


def undo(session: Session, assignment_id: int, interaction: Interaction) -> None:
    """Undo an answer or a skip: the task is open again, and all versions stay stored.

    Raises:
        UnknownTaskError, NotAssigneeError, AnswerAfterCloseError, FinalAnswerError, TaskFullError:
            nothing is stored.
    """
    snapshot = require_changeable(session, assignment_id, interaction)
    subject = f"assignment {snapshot.id}"
    if snapshot.state in OPEN_STATES:
        return _queue_next_message(session, snapshot, interaction)
    if snapshot.state == AssignmentState.SKIPPED:
        skip.undo_skip(session, snapshot)
    record(session, interaction.slack_id, "undid an answer", subject, interaction.at)
    return _store_version(
        session, snapshot, interaction, state=AssignmentState.DELIVERED, value=None, complete=False
    )


def skip_task(session: Session, assignment_id: int, reason: str, interaction: Interaction) -> None:
    """Skip a task for a reason. The same expert never gets it again.

    The campaign's skip policy decides whether others get it.

    Raises:
        UnknownSkipReasonError: `reason` is not a `SkipReason`.
        UnknownTaskError, NotAssigneeError, AnswerAfterCloseError, FinalAnswerError: not stored.
    """
    if reason not in set(SkipReason):
        raise UnknownSkipReasonError
    snapshot = require_changeable(session, assignment_id, interaction)
    if snapshot.state in OPEN_STATES:
        answer_submission.release_slot(session, snapshot.task_id)
        update_assignment(session, snapshot.id, state=AssignmentState.SKIPPED, skip_reason=reason)
        if snapshot.practice_attempt is None:
            skip.apply_skip_policy(session, snapshot, SkipReason(reason), interaction.at)
        else:
            practice.finish_question(session, snapshot, interaction.at)
        subject, at = f"assignment {snapshot.id}", interaction.at
        record(session, interaction.slack_id, "skipped a task", subject, at, reason=reason)
    _queue_next_message(session, snapshot, interaction, is_done=True)


def mark_full_text_read(session: Session, assignment_id: int, interaction: Interaction) -> None:
    """Record when the expert first opened the last page of the full text.

    Raises:
        UnknownTaskError, NotAssigneeError: as in `require_assignee`.
    """
    snapshot = require_assignee(session, assignment_id, interaction)
    if snapshot.read_in_full_at is None:
        update_assignment(session, snapshot.id, read_in_full_at=interaction.at)


def require_assignee(
    session: Session, assignment_id: int, interaction: Interaction
) -> AssignmentSnapshot:
    """Return the assignment of the person who clicked, and end their absence.

    Raises:
        UnknownTaskError: there is no such assignment.
        NotAssigneeError: it is someone else's.
        DeletedItemError: its item was deleted.
    """
    snapshot = answer_submission.load_assignment(session, assignment_id)
    if snapshot is None:
        raise UnknownTaskError
    if snapshot.slack_id != interaction.slack_id:
        raise NotAssigneeError
    if snapshot.is_deleted:
        raise DeletedItemError
    if snapshot.away_since is not None:
        experts.end_absence(session, snapshot.expert_id)
    return snapshot


def require_changeable(
    session: Session, assignment_id: int, interaction: Interaction
) -> AssignmentSnapshot:
    """Return the assignment if the person who clicked may answer it or change the answer.

    Raises:
        UnknownTaskError, NotAssigneeError: as in `require_assignee`.
        AnswerAfterCloseError: the campaign is closed.
        FinalAnswerError: the answer can no longer be changed.
    """
    snapshot = require_assignee(session, assignment_id, interaction)
    if snapshot.campaign_state == CampaignState.CLOSED:
        raise AnswerAfterCloseError
    if snapshot.finalized_by is not None:
        raise FinalAnswerError(finalized_by=snapshot.finalized_by)
    return snapshot


def _store_version(  # noqa: PLR0913 - the fields of a version
    session: Session,
    snapshot: AssignmentSnapshot,
    interaction: Interaction,
    *,
    state: AssignmentState,
    value: dict[str, Any] | None,
    complete: bool,
) -> None:
    """Add a version and make it current, unless this interaction has already done so."""
    version = build_version(snapshot, interaction, value, complete=complete)
    if not answer_submission.store_version(session, version):
        return
    state = _reclaim_slot(session, snapshot, state)
    answer_submission.set_current_version(
        session,
        snapshot.id,
        state=state,
        value=value,
        complete=complete,
        version=snapshot.version + 1,
        answered_at=interaction.at if complete else None,
        leased_until=_new_lease_end(session, snapshot, interaction, complete=complete),
    )
    if state == AssignmentState.DELIVERED and snapshot.state != state:
        # Reminders count from the time when the task became open again.
        update_assignment(session, snapshot.id, delivered_at=interaction.at)
    if snapshot.practice_attempt is None:
        confirmation.update_confirmation(
            session, snapshot, value, complete=complete, now=interaction.at
        )
        if complete:
            adaptive_overlap.update_demand(session, snapshot)
        queue_answer_events(session, snapshot, interaction.at, complete=complete)
    elif complete:
        practice.finish_question(session, snapshot, interaction.at)
    _queue_next_message(session, snapshot, interaction, is_done=complete)


def _new_lease_end(
    session: Session, snapshot: AssignmentSnapshot, interaction: Interaction, *, complete: bool
) -> datetime:
    """Return the end of a new lease for a task that is open again; an answered one needs none."""
    if complete:
        return interaction.at
    return leases.lease_end(session, snapshot.expert_id, snapshot.lease_minutes, interaction.at)


def _reclaim_slot(
    session: Session, snapshot: AssignmentSnapshot, state: AssignmentState
) -> AssignmentState:
    """Take a slot again for an expired, released or skipped assignment; return its new state.

    If the expert's answers are excluded, the new one is stored and excluded too.

    Raises:
        TaskFullError: someone else took the slot.
    """
    if snapshot.state in (*OPEN_STATES, AssignmentState.ANSWERED):
        return state
    if corrections.is_excluded(session, snapshot.campaign_id, snapshot.expert_id):
        return AssignmentState.QUARANTINED
    if not answer_submission.take_slot(session, snapshot.task_id):
        raise TaskFullError
    return state


def _repeat_next_message(
    session: Session, snapshot: AssignmentSnapshot, interaction: Interaction
) -> None:
    """Queue the message again after an action that changed nothing: Slack may show an older state.

    A tap that Slack delivered again, or a second tap while the message is waiting, adds none.
    """
    message = TaskPageMessage(snapshot.id, interaction.channel, interaction.message_ts)
    waiting = outbox.waiting_merge_keys(session, snapshot.slack_id, message.urgency)
    if message.merge_key not in waiting and not answer_submission.is_stored(
        session, snapshot.id, interaction.id
    ):
        _queue_next_message(session, snapshot, interaction)


def _queue_next_message(
    session: Session,
    snapshot: AssignmentSnapshot,
    interaction: Interaction,
    *,
    is_done: bool = False,
) -> None:
    for one in next_messages(snapshot, interaction, is_done=is_done):
        outbox.enqueue(
            session,
            one.message,
            recipient=one.recipient,
            now=one.now,
            response_url=one.response_url,
        )
