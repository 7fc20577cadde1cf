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

from bot.kinds.base import Given, Kind, Reading
from bot.kinds.confirmation import (
    WHY,
    confirmation_form,
    is_confirmed,
    read_confirmation,
    seen_version,
)
from bot.kinds.form import Form, Passage
from bot.kinds.settings import KindSettings
from bot.services import leasing
from bot.services.auditing import record
from storage.queries import confirming
from storage.queries.holding import Held
from storage.tables import Assignment, AssignmentState, Task

CONFIRMED = "a colleague confirmed it"
"""What makes a confirmed answer final, to be read after “since”."""

OPEN = (AssignmentState.QUEUED, AssignmentState.DELIVERED)


def read(session: Session, held: Held, given: Given) -> Reading | None:
    """Read what a second expert says; None where it is about an answer that changed meanwhile.

    Raises:
        WrongAnswerError: it is neither a confirmation nor a reason to send the answer back.
    """
    first = confirming.answer_looked_at(session, held.confirms or 0)
    before = held.value or {}
    seen = seen_version({**before, **given})
    if seen is not None and seen != first.version:
        return None
    return read_confirmation(given, before, first.version)


def follow(
    session: Session,
    held: Held,
    value: Mapping[str, Any] | None,
    *,
    complete: bool,
    now: datetime,
) -> None:
    """See to what a new version of an answer means for the other level; undone, it is None."""
    if held.confirms is not None:
        first = confirming.answer_looked_at(session, held.confirms)
        _take_decision_back(first, held.value or {}, now)
        if complete and value is not None:
            _decide(session, held, first, value, now)
        session.add(first)
        session.flush()
    elif held.settings.get("levels") == 2:  # noqa: PLR2004 - there are two
        _ask(session, held, complete=complete)


def form_for(
    session: Session, assignment: Assignment, form: Form, kind: Kind[Any], settings: KindSettings
) -> Form:
    """Return the form that an assignment shows: its kind's own, or a look at a colleague's answer.

    An answer that was sent back begins with the reason.
    """
    if assignment.sent_back:
        why = Passage("sent_back", "Sent back, because", assignment.sent_back, markdown=False)
        return replace(form, passages=(why, *form.passages))
    task = session.get_one(Task, assignment.task_id)
    if task.confirms is None:
        return form
    first = session.get_one(Assignment, task.confirms)
    words = kind.receipt(first.value, settings) if first.value else "It was taken back."
    return confirmation_form(form, first.value or {}, first.version, words)


def _ask(session: Session, held: Held, *, complete: bool) -> None:
    """Want a complete answer to be confirmed, and no other; who had it on the screen is let go."""
    task = confirming.task_for(session, held.id)
    if task is None and complete:
        task = _task(session, held)
    if task is None:
        return
    if complete:
        confirming.answer_looked_at(session, held.id).sent_back = None
    looking = confirming.look_at(session, task.id) if task.id else None
    if looking is not None:
        looking.state, looking.value, looking.complete = AssignmentState.RELEASED, None, False
        session.add(looking)
    task.taken, task.overlap, task.reopened = 0, int(complete), True
    session.add(task)
    session.flush()


def _task(session: Session, held: Held) -> Task | None:
    """Return a task that looks at an answer, for whom the answer's own suits; gold needs none."""
    asked = session.get_one(Task, held.task_id)
    if asked.is_gold:
        return None
    return Task(
        campaign_id=held.campaign_id,
        item_id=asked.item_id,
        overlap=1,
        confirms=held.id,
        audience=asked.audience,
    )


def _decide(
    session: Session, held: Held, first: Assignment, value: Mapping[str, Any], now: datetime
) -> None:
    if is_confirmed(value):
        first.locked_by, first.sent_back = CONFIRMED, None
        return
    first.state, first.complete = AssignmentState.QUEUED, False
    first.sent_back = str(value[WHY])
    first.leased_until = leasing.lease_end(session, first.expert_id, held.lease_minutes, now)
    record(session, held.slack_id, "sent back", f"assignment {first.id}", now)


def _take_decision_back(first: Assignment, said: Mapping[str, Any], now: datetime) -> None:
    """Undo what a second expert said before: the answer stands as it did, and waits for a look.

    One that was sent back and has been touched since stays with its expert.
    """
    if first.locked_by == CONFIRMED:
        first.locked_by = None
    was_sent_back = first.sent_back is not None and first.state in OPEN and WHY in said
    if was_sent_back and seen_version(said) == first.version:
        first.state, first.complete = AssignmentState.ANSWERED, True
        first.answered_at, first.sent_back = now, None
