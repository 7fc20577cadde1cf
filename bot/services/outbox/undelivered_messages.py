"""Messages that were not delivered: listed, queued again, or dropped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor
from storage.queries import undelivered_messages
from storage.row_id import id_of
from storage.tables import OutboxState

SUBJECT = "outbox"

MAX_NAMED_IDS = 10
"""Unknown ids that an error names."""


class UnknownMessagesError(BotError):
    """No message {ids} in the states {states}. `labelbot outbox list` shows the ids."""


@dataclass(frozen=True, slots=True)
class QueuedOrFailedMessage:
    """A message of the outbox that was not delivered, without its content."""

    id: int
    state: str
    message_type: str
    recipient: str
    created_at: datetime
    attempts: int
    error: str | None


def list_messages(
    session: Session, states: Sequence[OutboxState], limit: int
) -> list[QueuedOrFailedMessage]:
    """Return the newest messages in these states."""
    return [
        QueuedOrFailedMessage(
            id_of(row),
            row.state,
            row.message_type,
            row.recipient,
            row.created_at,
            row.attempts,
            row.error,
        )
        for row in undelivered_messages.list_messages(session, states, limit)
    ]


def retry(session: Session, ids: Collection[int], actor: Actor) -> list[int]:
    """Queue held, failed or dropped messages again; without ids all held and failed ones.

    Raises:
        UnknownMessagesError: one of the ids is not such a message; nothing is changed.
    """
    changed = undelivered_messages.retry_messages(session, ids or None, actor.at)
    _require_all(ids, changed, undelivered_messages.RETRYABLE_STATES)
    return _record(session, "queued messages again", changed, actor)


def drop(session: Session, ids: Collection[int], actor: Actor) -> list[int]:
    """Drop waiting, held or failed messages; without ids all failed ones.

    Raises:
        UnknownMessagesError: one of the ids is not such a message; nothing is changed.
    """
    changed = undelivered_messages.drop_messages(session, ids or None, actor.at)
    _require_all(ids, changed, undelivered_messages.DROPPABLE_STATES)
    return _record(session, "dropped messages", changed, actor)


def _require_all(
    ids: Collection[int], changed: Collection[int], states: Sequence[OutboxState]
) -> None:
    if missing := sorted(set(ids) - set(changed)):
        named = ", ".join(map(str, missing[:MAX_NAMED_IDS]))
        rest = len(missing) - MAX_NAMED_IDS
        ids_text = f"{named} and {rest:,} more" if rest > 0 else named
        raise UnknownMessagesError(ids=ids_text, states=", ".join(states))


def _record(session: Session, action: str, ids: list[int], actor: Actor) -> list[int]:
    if ids:
        actor.record(session, action, SUBJECT, ids=ids)
    return ids
