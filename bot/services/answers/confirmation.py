"""Confirmation by a second expert, for campaigns with two levels.

Each complete answer creates a confirmation task, which goes to anyone but the answer's author. A
confirmed answer is final. An answer that is sent back is open again for its author, is delivered
in their working hours, and must be confirmed again once it is complete. Undoing an answer withdraws
its confirmation task. An imported answer has no author who could correct it: if it is sent back, it
no longer counts, and a member of the campaign answers the item instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.kinds.base import FormInput, Kind, ParsedAnswer
from bot.kinds.confirmation import (
    SENT_BACK_REASON,
    confirmation_form,
    is_confirmed,
    parse_confirmation,
    reviewed_version,
)
from bot.kinds.form import Form, Passage
from bot.kinds.settings import KindSettings
from bot.services.actors.audit_log import record
from bot.services.answers.campaign_settings import needs_confirmation
from bot.services.assignments import leases
from storage.queries import answer_submission, confirmation, corrections
from storage.queries.answer_submission import AssignmentSnapshot
from storage.queries.shown_tasks import ShownAssignment
from storage.row_id import require_id
from storage.tables import Assignment, AssignmentState, Expert, Task

FINALIZED_BY_CONFIRMATION = "another expert's confirmation"
"""Value of `finalized_by`: shown as “made final by another expert's confirmation”."""

OPEN_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED)


def parse_confirmation_input(
    session: Session, snapshot: AssignmentSnapshot, form_input: FormInput
) -> ParsedAnswer | None:
    """Parse a second expert's input; None if the answer changed since they saw it.

    Raises:
        InvalidAnswerError: it neither confirms the answer nor gives a reason to send it back.
    """
    original = confirmation.answer_to_confirm(session, require_id(snapshot.confirms_assignment_id))
    previous = snapshot.value or {}
    seen_version = reviewed_version({**previous, **form_input})
    if seen_version is not None and seen_version != original.version:
        return None
    return parse_confirmation(form_input, previous, original.version)


def update_confirmation(
    session: Session,
    snapshot: AssignmentSnapshot,
    value: Mapping[str, Any] | None,
    *,
    complete: bool,
    now: datetime,
) -> None:
    """Apply a new version (None: undone) of an answer or a confirmation to the other level."""
    if snapshot.confirms_assignment_id is not None:
        original = confirmation.answer_to_confirm(session, snapshot.confirms_assignment_id)
        _revert_confirmation(session, original, snapshot.value or {}, now)
        if complete and value is not None:
            _apply_confirmation(session, snapshot, original, value, now)
        session.add(original)
        session.flush()
    elif needs_confirmation(snapshot.settings):
        _request_confirmation(session, snapshot, complete=complete)


def form_for(
    session: Session,
    assignment: ShownAssignment,
    form: Form,
    kind: Kind[Any],
    settings: KindSettings,
) -> Form:
    """Return the form of an assignment: its kind's form, or the form to confirm an answer.

    The form of an answer that was sent back begins with the reason.
    """
    if assignment.sent_back_reason:
        reason = Passage(
            "sent_back_reason", "Sent back because", assignment.sent_back_reason, markdown=False
        )
        return replace(form, passages=(reason, *form.passages))
    task = session.get_one(Task, assignment.task_id)
    if task.confirms_assignment_id is None or task.practice_attempt is not None:
        return form
    original = session.get_one(Assignment, task.confirms_assignment_id)
    value = original.value or {}
    summary = kind.summarize(value, settings) if value else "The answer was undone."
    return confirmation_form(form, value, original.version, summary)


def _request_confirmation(
    session: Session, snapshot: AssignmentSnapshot, *, complete: bool
) -> None:
    """Open the confirmation task of a complete answer, or withdraw it if the answer is partial.

    An assignment of the confirmation task is released: its expert saw an earlier version.
    """
    task = confirmation.confirmation_task_of(session, snapshot.id)
    if task is None and complete:
        task = _build_confirmation_task(session, snapshot)
    if task is None:
        return
    if complete:
        confirmation.answer_to_confirm(session, snapshot.id).sent_back_reason = None
    assignment = confirmation.confirmation_assignment(session, task.id) if task.id else None
    if assignment is not None:
        assignment.state, assignment.value = AssignmentState.RELEASED, None
        assignment.complete = False
        session.add(assignment)
    task.slots_taken, task.overlap, task.needs_rescan = 0, int(complete), True
    session.add(task)
    session.flush()


def _build_confirmation_task(session: Session, snapshot: AssignmentSnapshot) -> Task | None:
    """Return a task to confirm an answer, for the same audience; None for a gold task."""
    original = session.get_one(Task, snapshot.task_id)
    if original.is_gold:
        return None
    return Task(
        campaign_id=snapshot.campaign_id,
        item_id=original.item_id,
        overlap=1,
        confirms_assignment_id=snapshot.id,
        audience=original.audience,
    )


def _apply_confirmation(
    session: Session,
    snapshot: AssignmentSnapshot,
    original: Assignment,
    value: Mapping[str, Any],
    now: datetime,
) -> None:
    if is_confirmed(value):
        original.finalized_by, original.sent_back_reason = FINALIZED_BY_CONFIRMATION, None
        return
    subject = f"assignment {original.id}"
    original.sent_back_reason = str(value[SENT_BACK_REASON])
    if _is_imported(session, original):
        original.state, original.complete = AssignmentState.RELEASED, False
        answer_submission.release_slot(session, original.task_id)
        record(session, snapshot.slack_id, "rejected an imported answer", subject, now)
        return
    original.state, original.complete = AssignmentState.QUEUED, False
    original.leased_until = leases.lease_end(
        session, original.expert_id, snapshot.lease_minutes, now
    )
    record(session, snapshot.slack_id, "sent back an answer", subject, now)


def _is_imported(session: Session, original: Assignment) -> bool:
    return session.get_one(Expert, original.expert_id).is_external


def _revert_confirmation(
    session: Session, original: Assignment, previous: Mapping[str, Any], now: datetime
) -> None:
    """Undo a second expert's previous decision, so that the answer needs confirmation again.

    An answer that its author has changed since it was sent back stays with its author.
    """
    if original.finalized_by == FINALIZED_BY_CONFIRMATION:
        original.finalized_by = None
    was_sent_back = (
        original.sent_back_reason is not None
        and original.state in (*OPEN_STATES, AssignmentState.RELEASED)
        and SENT_BACK_REASON in previous
    )
    if was_sent_back and reviewed_version(previous) == original.version:
        if original.state == AssignmentState.RELEASED:
            corrections.force_take_slot(session, original.task_id)
        original.state, original.complete = AssignmentState.ANSWERED, True
        original.answered_at, original.sent_back_reason = now, None
