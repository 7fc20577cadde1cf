"""The outbox: what is to be said, in order, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, insert, literal_column, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from storage.prepared import Prepared, every_column
from storage.tables import Outbox, OutboxState

REDRAWN = ("turn", "piece")
"""Words that draw the state of now: of several that wait for one message, the last says it all."""

MOST_MERGED = 20

_PUT = Prepared(insert(Outbox).values(every_column(Outbox, but=("id", "sent_at", "error"))))

_WAITING: ColumnElement[str] = literal_column(f"'{OutboxState.WAITING}'")
"""A literal word, not a parameter: only so does SQLite see that its partial index serves."""

_WAITS = col(Outbox.state) == _WAITING

_earlier = aliased(Outbox)

_IS_FIRST = ~exists().where(
    col(_earlier.state) == _WAITING,
    col(_earlier.lane) == col(Outbox.lane),
    col(_earlier.id) < col(Outbox.id),
)
"""Nothing that waits in its lane is older: each lane is said in order."""

_DUE = (
    select(Outbox)
    .where(
        _WAITS,
        col(Outbox.due_at) <= bindparam("now"),
        _IS_FIRST,
        col(Outbox.id).not_in(bindparam("in_hand", expanding=True)),
    )
    .order_by(col(Outbox.due_at), col(Outbox.id))
    .limit(bindparam("most"))
    .with_for_update(of=Outbox, skip_locked=True)
)

_BEHIND = Prepared(
    select(Outbox.id)
    .where(_WAITS, col(Outbox.lane) == bindparam("lane"), col(Outbox.id) > bindparam("row"))
    .order_by(col(Outbox.id))
    .limit(MOST_MERGED)
)

_NEXT = Prepared(
    select(Outbox.due_at).where(_WAITS, _IS_FIRST).order_by(col(Outbox.due_at)).limit(1)
)

_THIS = col(Outbox.id) == bindparam("row")

_SETTLE = Prepared(
    update(Outbox)
    .where(_THIS)
    .values(state=bindparam("to"), sent_at=bindparam("at"), error=bindparam("why"))
)

_POSTPONE = Prepared(
    update(Outbox).where(_THIS).values(due_at=bindparam("until"), error=bindparam("why"))
)


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
    _PUT.run(
        session,
        word=word,
        lane=lane,
        facts=facts,
        response_url=response_url,
        state=OutboxState.WAITING,
        attempts=0,
        due_at=now,
        created_at=now,
    )


def claim(
    session: Session, now: datetime, most: int, lease: timedelta, in_hand: Collection[int] = ()
) -> list[Outbox]:
    """Take what is due, the oldest of each lane, and hold it for `lease` while it is delivered.

    What is `in_hand` is being delivered by the caller and left out, however long that takes.

    A lane's next message waits for its first, so that nobody reads answers before questions. After
    a crash the lease runs out and the message is delivered by whoever looks next.
    """
    wanted = {"now": now, "in_hand": list(in_hand), "most": most}
    rows = [_newest(session, row, now) for row in session.exec(_DUE, params=wanted)]
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
    later = _BEHIND.rows(session, lane=row.lane, row=row.id)
    return [session.get_one(Outbox, row_id) for (row_id,) in later]


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
    _SETTLE.run(session, row=row_id, to=state, at=now, why=error)


def postpone(session: Session, row_id: int, until: datetime, error: str) -> None:
    """Let a message wait until `until`."""
    _POSTPONE.run(session, row=row_id, until=until, why=error)


def next_due(session: Session) -> datetime | None:
    """Return when the next message is due, None if nothing waits.

    Those behind the first of their lane do not count: they are due only after it.
    """
    row = _NEXT.first(session)
    return row[0] if row else None


def waiting(session: Session) -> int:
    """Return how many messages wait."""
    counted = select(func.count()).where(_WAITS)
    return session.exec(counted).one()
