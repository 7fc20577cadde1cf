"""Thread drafts: messages and text files in a task's thread, joined to one long response."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds.base import ParsedAnswer
from bot.kinds.demonstration import MAX_RESPONSE_CHARS
from bot.kinds.form import TextField
from bot.messages.threads import DraftSavedMessage, DraftStatusMessage
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.tasks import next_task
from storage.queries import outbox, tasks
from storage.queries.response_parts import list_parts
from storage.row_id import id_of
from storage.tables import Assignment, Expert, ResponsePart

PART_SEPARATOR = "\n\n"
"""Joins the parts: each message is a separate paragraph."""


class EmptyDraftError(BotError):
    """There is nothing to save yet. Write in the thread first, or use the button on the task."""


class ResponseTooLongError(BotError):
    """This part was not added: the response would exceed {limit:,} characters."""


@dataclass(frozen=True, slots=True)
class ThreadDraft:
    """Size of a draft."""

    characters: int
    part_count: int


def thread_task(
    session: Session, channel: str, thread_ts: str, slack_id: str
) -> tuple[Assignment, TextField] | None:
    """Return the task of a thread and its long text field, if `slack_id` is the assignee."""
    assignment = tasks.assignment_in_thread(session, channel, thread_ts)
    if assignment is None:
        return None
    if session.get_one(Expert, assignment.expert_id).slack_id != slack_id:
        return None
    long_field = _long_field(session, assignment)
    return (assignment, long_field) if long_field else None


def _long_field(session: Session, assignment: Assignment) -> TextField | None:
    modal_fields = next_task.task_view(session, id_of(assignment)).form.modal_fields
    return next(
        (field for field in modal_fields if isinstance(field, TextField) and field.long), None
    )


def add_part(session: Session, assignment_id: int, ts: str, text: str, now: datetime) -> None:
    """Add a message or file to the draft, ordered by `ts`; the same `ts` replaces the part.

    Raises:
        ResponseTooLongError: the response would be too long; nothing is changed.
    """
    others = [part for part in list_parts(session, assignment_id) if part.ts != ts]
    other_chars = sum(len(part.text) + len(PART_SEPARATOR) for part in others)
    if other_chars + len(text) > MAX_RESPONSE_CHARS:
        raise ResponseTooLongError(limit=MAX_RESPONSE_CHARS)
    part = session.get(ResponsePart, (assignment_id, ts)) or ResponsePart(
        assignment_id=assignment_id, ts=ts, text="", created_at=now
    )
    part.text, part.is_removed = text, False
    session.add(part)
    session.flush()
    assignment = session.get_one(Assignment, assignment_id)
    assignment.has_thread = True
    session.add(assignment)
    _notify_draft_changed(session, assignment, now)


def remove_part(session: Session, assignment_id: int, ts: str, now: datetime) -> None:
    """Remove a deleted message and its files from the draft."""
    parts = [
        part
        for part in list_parts(session, assignment_id)
        if part.ts == ts or part.ts.startswith(f"{ts}.")
    ]
    for part in parts:
        part.is_removed = True
        session.add(part)
    if parts:
        _notify_draft_changed(session, session.get_one(Assignment, assignment_id), now)


def discard_draft(session: Session, assignment_id: int, interaction: Interaction) -> None:
    """Remove all parts from the draft; they stay in the database and in the thread.

    Raises:
        UnknownTaskError, NotAssigneeError: as in `submit.submit_answer`.
    """
    submit.require_assignee(session, assignment_id, interaction)
    for part in list_parts(session, assignment_id):
        part.is_removed = True
        session.add(part)


def submit_draft(session: Session, assignment_id: int, interaction: Interaction) -> ParsedAnswer:
    """Submit the draft as the response.

    Raises:
        EmptyDraftError: the draft is empty.
        BotError: as in `submit.submit_answer`.
    """
    submit.require_assignee(session, assignment_id, interaction)
    text = draft_text(session, assignment_id)
    assignment = session.get_one(Assignment, assignment_id)
    field = _long_field(session, assignment)
    if not text or field is None:
        raise EmptyDraftError
    outbox.enqueue(
        session,
        DraftSavedMessage(len(text), interaction.channel, interaction.message_ts),
        recipient=interaction.slack_id,
        now=interaction.at,
        response_url=interaction.response_url,
    )
    task_interaction = replace(
        interaction,
        response_url=None,
        channel=assignment.channel,
        message_ts=assignment.message_ts,
    )
    return submit.submit_answer(session, assignment_id, {field.key: text}, task_interaction)


def draft_text(session: Session, assignment_id: int) -> str:
    """Return the full text of a draft."""
    return PART_SEPARATOR.join(part.text for part in list_parts(session, assignment_id))


def draft_of(session: Session, assignment_id: int) -> ThreadDraft:
    """Return the size of a draft."""
    return ThreadDraft(
        len(draft_text(session, assignment_id)), len(list_parts(session, assignment_id))
    )


def _notify_draft_changed(session: Session, assignment: Assignment, now: datetime) -> None:
    expert = session.get_one(Expert, assignment.expert_id)
    message = DraftStatusMessage(
        id_of(assignment), assignment.channel or "", assignment.message_ts or ""
    )
    outbox.enqueue(session, message, recipient=expert.slack_id, now=now)
