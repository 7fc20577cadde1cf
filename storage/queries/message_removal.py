"""Which of the bot's messages in Slack are to be removed, and which replies their threads have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, and_, cast, delete, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.queries.outbox import WAITING_STATE
from storage.queries.tasks import OPEN_STATES
from storage.row_id import require_id
from storage.tables import (
    Assignment,
    Campaign,
    CandidateRow,
    FormulaImage,
    Item,
    OutboxMessage,
    Task,
    ThreadReply,
)

_other = aliased(Assignment)


def due_messages(session: Session, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return channel and `ts` of messages whose tasks were all answered long enough ago."""
    found: list[tuple[str, str]] = []
    for campaign_id, before in _cutoffs(session, now):
        query = (
            select(Assignment.channel, Assignment.message_ts)
            .where(Assignment.campaign_id == campaign_id, *_is_due(before))
            .distinct()
            .limit(limit - len(found))
        )
        found += [(channel or "", ts or "") for channel, ts in session.exec(query)]
        if len(found) >= limit:
            break
    return found


def is_due(session: Session, channel: str, ts: str, now: datetime) -> bool:
    """Return whether the message at this place is one of the `due_messages`."""
    return any(
        session.exec(
            select(Assignment.id)
            .where(
                Assignment.campaign_id == campaign_id,
                Assignment.channel == channel,
                Assignment.message_ts == ts,
                *_is_due(before),
            )
            .limit(1)
        ).first()
        for campaign_id, before in _cutoffs(session, now)
    )


def _cutoffs(session: Session, now: datetime) -> list[tuple[int, datetime]]:
    """Return each campaign that removes messages, and the latest answer whose message it does."""
    query = select(Campaign.id, Campaign.removal_days).where(Campaign.removal_days > 0)
    return [
        (require_id(row_id), now - timedelta(days=days)) for row_id, days in session.exec(query)
    ]


def _is_due(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return conditions for an assignment: answered, and its message shows nothing newer."""
    return (
        col(Assignment.message_ts).is_not(None),
        col(Assignment.channel).is_not(None),
        col(Assignment.answered_at) <= before,
        ~exists().where(
            col(_other.message_ts) == col(Assignment.message_ts),
            col(_other.channel) == col(Assignment.channel),
            or_(col(_other.state).in_(OPEN_STATES), col(_other.answered_at) > before),
        ),
    )


def replies_to(session: Session, channel: str, ts: str) -> list[str]:
    """Return the `ts` of what the bot posted in threads of the tasks that a message showed."""
    query = (
        select(ThreadReply.ts)
        .join(Assignment, col(Assignment.id) == col(ThreadReply.assignment_id))
        .where(
            Assignment.channel == channel,
            Assignment.message_ts == ts,
            ThreadReply.channel == channel,
        )
        .order_by(col(ThreadReply.ts))
    )
    return list(session.exec(query))


def record_replies(session: Session, replies: Iterable[tuple[str, str, str]]) -> None:
    """Store messages posted in threads of tasks: channel, `ts` and `thread_ts` of each."""
    for channel, ts, thread_ts in replies:
        shown = select(Assignment.id).where(
            Assignment.channel == channel, Assignment.message_ts == thread_ts
        )
        assignment_id = session.exec(shown.order_by(col(Assignment.id).desc())).first()
        if assignment_id is not None:
            session.add(ThreadReply(channel=channel, ts=ts, assignment_id=assignment_id))


def forget_reply(session: Session, channel: str, ts: str) -> None:
    """Forget a reply that Slack no longer has."""
    statement = delete(ThreadReply).where(
        col(ThreadReply.channel) == channel, col(ThreadReply.ts) == ts
    )
    session.connection().execute(statement)


def forget_message(session: Session, channel: str, ts: str) -> list[int]:
    """Record that Slack no longer has a message; return the ids of the tasks that it showed."""
    is_shown = (col(Assignment.channel) == channel, col(Assignment.message_ts) == ts)
    task_ids = list(session.exec(select(Assignment.task_id).where(*is_shown)))
    statement = update(Assignment).where(*is_shown).values(message_ts=None)
    session.connection().execute(statement)
    return task_ids


def has_waiting(session: Session, message_type: str) -> bool:
    """Return whether messages of a type wait in the outbox."""
    query = select(OutboxMessage.id).where(
        col(OutboxMessage.state) == WAITING_STATE, OutboxMessage.message_type == message_type
    )
    return session.exec(query.limit(1)).first() is not None


def is_shown(session: Session, file_name: str) -> bool:
    """Return whether a message in Slack shows an item with a stored file, or soon may.

    `file_name` is the URL of the file without its prefix.
    """
    pattern = f"%{file_name}%"
    has_file = or_(
        cast(col(Item.media), Text).like(pattern),
        exists().where(
            col(CandidateRow.item_id) == col(Item.id),
            cast(col(CandidateRow.media), Text).like(pattern),
        ),
        exists().where(
            col(FormulaImage.item_id) == col(Item.id), col(FormulaImage.media_url).like(pattern)
        ),
    )
    query = (
        select(Assignment.id)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Item, col(Item.id) == col(Task.item_id))
        .where(
            or_(
                and_(col(Assignment.message_ts).is_not(None), col(Assignment.version) > 0),
                col(Assignment.state).in_(OPEN_STATES),
            ),
            has_file,
        )
        .limit(1)
    )
    return session.exec(query).first() is not None
