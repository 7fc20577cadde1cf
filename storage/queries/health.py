"""What health reports of the stored data, and a write that shows whether anything can be stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex

from sqlalchemy import ColumnElement, delete, literal_column
from sqlmodel import Session, col, func, select

from storage.queries.tasks import WAITING_STATE
from storage.tables import OutboxMessage, OutboxState, WorkspaceSetting


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """Messages that wait, since when the oldest one waits, and recent failures."""

    waiting: int
    oldest_at: datetime | None
    failed: int


FAILED_STATE: ColumnElement[str] = literal_column(f"'{OutboxState.FAILED}'")
"""A literal, not a parameter: otherwise SQLite would not use its partial index."""

PROBE_BYTES = 32_768
"""Size of the row: it needs space, as a long answer does, even if a few pages are free."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def probe_write(session: Session) -> None:
    """Add a row and remove it: the commit has to write to the disk, as for an answer."""
    name = f"write test {token_hex(8)}"
    value = {"text": "x" * PROBE_BYTES}
    row = WorkspaceSetting(name=name, value=value, changed_by="labelbot", changed_at=LONG_AGO)
    session.add(row)
    session.flush()
    session.connection().execute(delete(WorkspaceSetting).where(col(WorkspaceSetting.name) == name))
    session.expunge_all()


def outbox_figures(session: Session, failed_since: datetime) -> OutboxFigures:
    """Return the figures of the outbox; failed messages count from `failed_since`."""
    waiting, oldest_at = session.exec(
        select(func.count(), func.min(OutboxMessage.created_at)).where(
            col(OutboxMessage.state) == WAITING_STATE
        )
    ).one()
    failed = session.exec(
        select(func.count()).where(
            col(OutboxMessage.state) == FAILED_STATE, col(OutboxMessage.sent_at) >= failed_since
        )
    ).one()
    return OutboxFigures(waiting, oldest_at, failed)
