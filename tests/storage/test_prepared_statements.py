"""Prepared statements take part in the savepoints of their session."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session

from bot.messages.texts import TextMessage
from storage.database import Database
from storage.queries import outbox

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOTICE = TextMessage("Hello")


def test_rolled_back_savepoint_undoes_prepared_statements(database: Database) -> None:
    def queue_three(session: Session) -> int:
        outbox.enqueue(session, NOTICE, recipient="U01", now=NOW)
        with session.begin_nested() as savepoint:
            outbox.enqueue(session, NOTICE, recipient="U02", now=NOW)
            savepoint.rollback()
        outbox.enqueue(session, NOTICE, recipient="U03", now=NOW)
        return outbox.count_waiting(session)

    assert database.write_now(queue_three) == 2
