"""Long responses in the task's thread: messages and text files become one text, whole, in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.kinds.base import Reading
from bot.kinds.demonstration import LONGEST
from bot.kinds.form import Text
from bot.services import answering, serving
from bot.services.acting import Click
from storage.queries import tasks, telling
from storage.tables import Assignment, Expert, Part

BETWEEN = "\n\n"
"""What stands between two pieces: each message is a paragraph of its own."""


class NothingWrittenError(BotError):
    """There is nothing to save yet; write in the thread first, or tap the button on the task."""


class TooLongError(BotError):
    """With this the response would pass {most:,} characters, so it was left out."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the thread so far."""

    characters: int
    pieces: int


def thread_task(
    session: Session, channel: str, thread_ts: str, person: str
) -> tuple[Assignment, Text] | None:
    """Return the task that this thread is about and its long field, if `person` may write it."""
    assignment = tasks.in_thread(session, channel, thread_ts)
    if assignment is None:
        return None
    if session.get_one(Expert, assignment.expert_id).slack_id != person:
        return None
    long = _long_field(session, assignment)
    return (assignment, long) if long else None


def _long_field(session: Session, assignment: Assignment) -> Text | None:
    sheet = serving.task_view(session, assignment).form.sheet
    return next((field for field in sheet if isinstance(field, Text) and field.long), None)


def add_piece(session: Session, assignment_id: int, ts: str, text: str, now: datetime) -> None:
    """Add a message or file to the response, in its place; the same again (or edited) replaces it.

    Raises:
        TooLongError: the response would be too long; nothing is changed.
    """
    others = [piece for piece in _pieces(session, assignment_id) if piece.ts != ts]
    if sum(len(piece.text) + len(BETWEEN) for piece in others) + len(text) > LONGEST:
        raise TooLongError(most=LONGEST)
    piece = session.get(Part, (assignment_id, ts)) or Part(
        assignment_id=assignment_id, ts=ts, text="", created_at=now
    )
    piece.text, piece.dropped = text, False
    session.add(piece)
    session.flush()
    assignment = session.get_one(Assignment, assignment_id)
    assignment.in_thread = True
    session.add(assignment)
    _tell_piece(session, assignment, now)


def drop_piece(session: Session, assignment_id: int, ts: str, now: datetime) -> None:
    """Leave out a message that was deleted, and the files that came with it."""
    pieces = [p for p in _pieces(session, assignment_id) if p.ts == ts or p.ts.startswith(f"{ts}.")]
    for piece in pieces:
        piece.dropped = True
        session.add(piece)
    if pieces:
        _tell_piece(session, session.get_one(Assignment, assignment_id), now)


def start_over(session: Session, assignment_id: int, click: Click) -> None:
    """Leave all pieces out; they stay in the database, and in the thread.

    Raises:
        UnknownTaskError, NotYoursError: as in `answering.answer`.
    """
    answering.check_holder(session, assignment_id, click)
    for piece in _pieces(session, assignment_id):
        piece.dropped = True
        session.add(piece)


def save(session: Session, assignment_id: int, click: Click) -> Reading:
    """Store what stands in the thread as the response.

    Raises:
        NothingWrittenError: the thread is empty.
        BotError: as in `answering.answer`.
    """
    answering.check_holder(session, assignment_id, click)
    text = written(session, assignment_id)
    assignment = session.get_one(Assignment, assignment_id)
    field = _long_field(session, assignment)
    if not text or field is None:
        raise NothingWrittenError
    telling.put(
        session,
        "saved",
        lane=click.person,
        facts={"channel": click.channel, "message_ts": click.message_ts, "characters": len(text)},
        now=click.at,
        response_url=click.response_url,
    )
    task = replace(
        click,
        response_url=None,
        channel=assignment.channel,
        message_ts=assignment.message_ts,
    )
    return answering.answer(session, assignment_id, {field.key: text}, task)


def written(session: Session, assignment_id: int) -> str:
    """Return the whole text of the thread, in order."""
    return BETWEEN.join(piece.text for piece in _pieces(session, assignment_id))


def draft_of(session: Session, assignment_id: int) -> Draft:
    """Return how much stands in the thread."""
    return Draft(len(written(session, assignment_id)), len(_pieces(session, assignment_id)))


def _pieces(session: Session, assignment_id: int) -> list[Part]:
    chosen = select(Part).where(Part.assignment_id == assignment_id, col(Part.dropped).is_(False))
    return list(session.exec(chosen.order_by(col(Part.ts))))


def _tell_piece(session: Session, assignment: Assignment, now: datetime) -> None:
    expert = session.get_one(Expert, assignment.expert_id)
    facts = {
        "assignment": assignment.id,
        "channel": assignment.channel,
        "message_ts": assignment.message_ts,
    }
    telling.put(session, "piece", lane=expert.slack_id, facts=facts, now=now)
