"""The outbox: what is to be said, in order, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, literal_column, update
from sqlmodel import Session, col, func, select

from storage.tables import Outbox, OutboxState

_PUT = insert(Outbox)

_WAITS = col(Outbox.state) == literal_column(f"'{OutboxState.WAITING}'")
"""A literal word, not a parameter: only so does SQLite see that its partial index serves."""

_FIRST = select(func.min(Outbox.id)).where(_WAITS).group_by(col(Outbox.lane))
"""The message that each lane must say first."""

REDRAWN = ("turn", "piece")
"""Words that draw the state of now: of several that wait for one message, the last says it all."""

MOST_MERGED = 20


def put(  # noqa: PLR0913 - they are the columns
    session: Session,
    word: str,
    *,
    lane: str,
    facts: dict[str, Any],
    now: datetime,
    response_url: str | None = None,
) -> None:
    """Queue something to be said, in the transaction of the fact that caused it."""
    row = {
        "word": word,
        "lane": lane,
        "facts": facts,
        "response_url": response_url,
        "state": OutboxState.WAITING,
        "attempts": 0,
        "due_at": now,
        "created_at": now,
    }
    session.connection().execute(_PUT, row)


def claim(
    session: Session, now: datetime, most: int, lease: timedelta, in_hand: Collection[int] = ()
) -> list[Outbox]:
    """Take what is due, the oldest of each lane, and hold it for `lease` while it is delivered.

    What is `in_hand` is being delivered by the caller and left out, however long that takes.

    A lane's next message waits for its first, so that nobody reads answers before questions. After
    a crash the lease runs out and the message is delivered by whoever looks next.
    """
    chosen = (
        select(Outbox)
        .where(
            col(Outbox.id).in_(_FIRST),
            _WAITS,
            col(Outbox.due_at) <= now,
            col(Outbox.id).not_in(in_hand),
        )
        .order_by(col(Outbox.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = [_newest(session, row, now) for row in session.exec(chosen)]
    for row in rows:
        row.due_at = now + lease
        row.attempts += 1
        session.add(row)
    return rows


def _newest(session: Session, row: Outbox, now: datetime) -> Outbox:
    """Return the last of the waiting rows that would draw the same message one after the other."""
    if row.word not in REDRAWN:
        return row
    for later in _behind(session, row):
        if later.word != row.word or _place(later) != _place(row):
            break
        row.state, row.sent_at = OutboxState.MERGED, now
        session.add(row)
        row = later
    return row


def _place(row: Outbox) -> tuple[object, object]:
    return row.facts.get("channel"), row.facts.get("message_ts")


def _behind(session: Session, row: Outbox) -> list[Outbox]:
    chosen = select(Outbox).where(_WAITS, Outbox.lane == row.lane, col(Outbox.id) > row.id)
    return list(session.exec(chosen.order_by(col(Outbox.id)).limit(MOST_MERGED)))


def renew(session: Session, in_hand: Collection[int], until: datetime) -> None:
    """Hold what is still being delivered for longer."""
    held = update(Outbox).where(col(Outbox.id).in_(in_hand), _WAITS, col(Outbox.due_at) < until)
    session.connection().execute(held.values(due_at=until))


def release(session: Session, now: datetime) -> None:
    """Let everything be tried at once that a process held or postponed before it stopped."""
    held = update(Outbox).where(_WAITS, col(Outbox.due_at) > now).values(due_at=now)
    session.connection().execute(held)


def settle(
    session: Session, row_id: int, state: OutboxState, now: datetime, error: str | None = None
) -> None:
    """Write down what became of a message."""
    settled = (
        update(Outbox).where(col(Outbox.id) == row_id).values(state=state, sent_at=now, error=error)
    )
    session.connection().execute(settled)


def postpone(session: Session, row_id: int, until: datetime, error: str) -> None:
    """Let a message wait until `until`."""
    later = update(Outbox).where(col(Outbox.id) == row_id).values(due_at=until, error=error)
    session.connection().execute(later)


def next_due(session: Session) -> datetime | None:
    """Return when the next message is due, None if nothing waits.

    Those behind the first of their lane do not count: they are due only after it.
    """
    waiting = select(func.min(Outbox.due_at)).where(col(Outbox.id).in_(_FIRST))
    return session.exec(waiting).one()


def waiting(session: Session) -> int:
    """Return how many messages wait."""
    counted = select(func.count()).where(_WAITS)
    return session.exec(counted).one()
