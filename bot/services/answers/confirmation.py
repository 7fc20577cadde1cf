"""The second level: an answer is confirmed by another expert, or sent back to who gave it.

A complete answer of a campaign with two levels makes a task of its own, which goes to anybody but
who answered. Confirmed, the answer is final. Sent back, it is open again for its expert, to whom it
is brought when they are at work, and whatever they answer then must be confirmed anew. An answer
that is undone takes its task back.
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
from bot.services.assignments import leases
from storage.queries import confirmation
from storage.queries.answer_submission import AssignmentSnapshot
from storage.tables import Assignment, AssignmentState, Task

FINALIZED_BY_CONFIRMATION = "a colleague confirmed it"
"""What makes a confirmed answer final, to be read after “since”."""

OPEN_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED)


def parse_second_answer(
    session: Session, held: AssignmentSnapshot, form_input: FormInput
) -> ParsedAnswer | None:
    """Read what a second expert says; None where it is about an answer that changed meanwhile.

    Raises:
        WrongAnswerError: it is neither a confirmation nor a reason to send the answer back.
    """
    first = confirmation.answer_to_confirm(session, held.confirms_assignment_id or 0)
    before = held.value or {}
    seen = reviewed_version({**before, **form_input})
    if seen is not None and seen != first.version:
        return None
    return parse_confirmation(form_input, before, first.version)


def update_confirmation(
    session: Session,
    held: AssignmentSnapshot,
    value: Mapping[str, Any] | None,
    *,
    complete: bool,
    now: datetime,
) -> None:
    """See to what a new version of an answer means for the other level; undone, it is None."""
    if held.confirms_assignment_id is not None:
        first = confirmation.answer_to_confirm(session, held.confirms_assignment_id)
        _revert_confirmation(first, held.value or {}, now)
        if complete and value is not None:
            _apply_confirmation(session, held, first, value, now)
        session.add(first)
        session.flush()
    elif held.settings.get("levels") == 2:  # noqa: PLR2004 - there are two
        _request_confirmation(session, held, complete=complete)


def form_for(
    session: Session, assignment: Assignment, form: Form, kind: Kind[Any], settings: KindSettings
) -> Form:
    """Return the form that an assignment shows: its kind's own, or a look at a colleague's answer.

    An answer that was sent back begins with the reason.
    """
    if assignment.sent_back_reason:
        reason = Passage(
            "sent_back", "Sent back, because", assignment.sent_back_reason, markdown=False
        )
        return replace(form, passages=(reason, *form.passages))
    task = session.get_one(Task, assignment.task_id)
    if task.confirms_assignment_id is None:
        return form
    first = session.get_one(Assignment, task.confirms_assignment_id)
    summary = kind.summarize(first.value, settings) if first.value else "It was taken back."
    return confirmation_form(form, first.value or {}, first.version, summary)


def _request_confirmation(session: Session, held: AssignmentSnapshot, *, complete: bool) -> None:
    """Want a complete answer to be confirmed, and no other; who had it on the screen is let go."""
    task = confirmation.confirmation_task_of(session, held.id)
    if task is None and complete:
        task = _build_confirmation_task(session, held)
    if task is None:
        return
    if complete:
        confirmation.answer_to_confirm(session, held.id).sent_back_reason = None
    confirmation_task = confirmation.confirmation_assignment(session, task.id) if task.id else None
    if confirmation_task is not None:
        confirmation_task.state, confirmation_task.value, confirmation_task.complete = (
            AssignmentState.RELEASED,
            None,
            False,
        )
        session.add(confirmation_task)
    task.slots_taken, task.overlap, task.needs_rescan = 0, int(complete), True
    session.add(task)
    session.flush()


def _build_confirmation_task(session: Session, held: AssignmentSnapshot) -> Task | None:
    """Return a task that looks at an answer, for whom the answer's own suits; gold needs none."""
    original = session.get_one(Task, held.task_id)
    if original.is_gold:
        return None
    return Task(
        campaign_id=held.campaign_id,
        item_id=original.item_id,
        overlap=1,
        confirms_assignment_id=held.id,
        audience=original.audience,
    )


def _apply_confirmation(
    session: Session,
    held: AssignmentSnapshot,
    first: Assignment,
    value: Mapping[str, Any],
    now: datetime,
) -> None:
    if is_confirmed(value):
        first.finalized_by, first.sent_back_reason = FINALIZED_BY_CONFIRMATION, None
        return
    first.state, first.complete = AssignmentState.QUEUED, False
    first.sent_back_reason = str(value[SENT_BACK_REASON])
    first.leased_until = leases.lease_end(session, first.expert_id, held.lease_minutes, now)
    record(session, held.slack_id, "sent back", f"assignment {first.id}", now)


def _revert_confirmation(first: Assignment, previous: Mapping[str, Any], now: datetime) -> None:
    """Undo what a second expert said before: the answer stands as it did, and waits for a look.

    One that was sent back and has been touched since stays with its expert.
    """
    if first.finalized_by == FINALIZED_BY_CONFIRMATION:
        first.finalized_by = None
    was_sent_back = (
        first.sent_back_reason is not None
        and first.state in OPEN_STATES
        and SENT_BACK_REASON in previous
    )
    if was_sent_back and reviewed_version(previous) == first.version:
        first.state, first.complete = AssignmentState.ANSWERED, True
        first.answered_at, first.sent_back_reason = now, None
