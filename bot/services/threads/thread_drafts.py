"""Long responses in the task's thread: messages and text files become one text, whole, in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.kinds.base import ParsedAnswer
from bot.kinds.demonstration import MAX_RESPONSE_CHARS
from bot.kinds.form import TextField
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.tasks import next_task
from storage.queries import outbox, tasks
from storage.tables import Assignment, Expert, ResponsePart

PART_SEPARATOR = "\n\n"
"""What stands between two pieces: each message is a paragraph of its own."""


class EmptyDraftError(BotError):
    """There is nothing to save yet; write in the thread first, or tap the button on the task."""


class ResponseTooLongError(BotError):
    """With this the response would pass {most:,} characters, so it was left out."""


@dataclass(frozen=True, slots=True)
class ThreadDraft:
    """What stands in the thread so far."""

    characters: int
    part_count: int


def thread_task(
    session: Session, channel: str, thread_ts: str, slack_id: str
) -> tuple[Assignment, TextField] | None:
    """Return the task that this thread is about and its long field, if `person` may write it."""
    assignment = tasks.assignment_in_thread(session, channel, thread_ts)
    if assignment is None:
        return None
    if session.get_one(Expert, assignment.expert_id).slack_id != slack_id:
        return None
    long_field = _long_field(session, assignment)
    return (assignment, long_field) if long_field else None


def _long_field(session: Session, assignment: Assignment) -> TextField | None:
    modal_fields = next_task.task_view(session, assignment).form.modal_fields
    return next(
        (field for field in modal_fields if isinstance(field, TextField) and field.long), None
    )


def add_part(session: Session, assignment_id: int, ts: str, text: str, now: datetime) -> None:
    """Add a message or file to the response, in its place; the same again (or edited) replaces it.

    Raises:
        TooLongError: the response would be too long; nothing is changed.
    """
    others = [piece for piece in _list_parts(session, assignment_id) if piece.ts != ts]
    if (
        sum(len(piece.text) + len(PART_SEPARATOR) for piece in others) + len(text)
        > MAX_RESPONSE_CHARS
    ):
        raise ResponseTooLongError(most=MAX_RESPONSE_CHARS)
    part = session.get(ResponsePart, (assignment_id, ts)) or ResponsePart(
        assignment_id=assignment_id, ts=ts, text="", created_at=now
    )
    part.text, part.is_removed = text, False
    session.add(part)
    session.flush()
    assignment = session.get_one(Assignment, assignment_id)
    assignment.answered_in_thread = True
    session.add(assignment)
    _notify_draft_changed(session, assignment, now)


def remove_part(session: Session, assignment_id: int, ts: str, now: datetime) -> None:
    """Leave out a message that was deleted, and the files that came with it."""
    parts = [
        p for p in _list_parts(session, assignment_id) if p.ts == ts or p.ts.startswith(f"{ts}.")
    ]
    for part in parts:
        part.is_removed = True
        session.add(part)
    if parts:
        _notify_draft_changed(session, session.get_one(Assignment, assignment_id), now)


def discard_draft(session: Session, assignment_id: int, interaction: Interaction) -> None:
    """Leave all pieces out; they stay in the database, and in the thread.

    Raises:
        UnknownTaskError, NotYoursError: as in `answering.answer`.
    """
    submit.require_assignee(session, assignment_id, interaction)
    for part in _list_parts(session, assignment_id):
        part.is_removed = True
        session.add(part)


def submit_draft(session: Session, assignment_id: int, interaction: Interaction) -> ParsedAnswer:
    """Store what stands in the thread as the response.

    Raises:
        NothingWrittenError: the thread is empty.
        BotError: as in `answering.answer`.
    """
    submit.require_assignee(session, assignment_id, interaction)
    text = draft_text(session, assignment_id)
    assignment = session.get_one(Assignment, assignment_id)
    field = _long_field(session, assignment)
    if not text or field is None:
        raise EmptyDraftError
    outbox.enqueue(
        session,
        "saved",
        recipient=interaction.slack_id,
        payload={
            "channel": interaction.channel,
            "message_ts": interaction.message_ts,
            "characters": len(text),
        },
        now=interaction.at,
        response_url=interaction.response_url,
    )
    draft_click = replace(
        interaction,
        response_url=None,
        channel=assignment.channel,
        message_ts=assignment.message_ts,
    )
    return submit.submit_answer(session, assignment_id, {field.key: text}, draft_click)


def draft_text(session: Session, assignment_id: int) -> str:
    """Return the whole text of the thread, in order."""
    return PART_SEPARATOR.join(piece.text for piece in _list_parts(session, assignment_id))


def draft_of(session: Session, assignment_id: int) -> ThreadDraft:
    """Return how much stands in the thread."""
    return ThreadDraft(
        len(draft_text(session, assignment_id)), len(_list_parts(session, assignment_id))
    )


def _list_parts(session: Session, assignment_id: int) -> list[ResponsePart]:
    chosen = select(ResponsePart).where(
        ResponsePart.assignment_id == assignment_id, col(ResponsePart.is_removed).is_(False)
    )
    return list(session.exec(chosen.order_by(col(ResponsePart.ts))))


def _notify_draft_changed(session: Session, assignment: Assignment, now: datetime) -> None:
    expert = session.get_one(Expert, assignment.expert_id)
    payload = {
        "assignment": assignment.id,
        "channel": assignment.channel,
        "message_ts": assignment.message_ts,
    }
    outbox.enqueue(session, "piece", recipient=expert.slack_id, payload=payload, now=now)
