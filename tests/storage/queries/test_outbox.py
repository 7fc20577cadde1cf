"""The outbox: what is stored of a message, and which messages merge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, select

from bot.messages.queued_message import QueuedMessage
from bot.messages.tasks import SupersededMessage, TaskPageMessage
from bot.messages.texts import TextMessage
from storage.database import Database
from storage.queries import outbox, outbox_claims
from storage.queries.outbox_claims import ClaimLimits
from storage.tables import OutboxMessage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def rows_after_claim(database: Database, *messages: QueuedMessage) -> list[OutboxMessage]:
    """Queue messages to one recipient, claim what is due, and return all rows."""

    def queue_and_claim(session: Session) -> None:
        for message in messages:
            outbox.enqueue(session, message, recipient="U0ADA", now=NOW)
        limits = ClaimLimits(messages=10, updates=10)
        outbox_claims.claim(session, NOW, limits, lease=timedelta(seconds=6))

    database.write_now(queue_and_claim)
    query = select(OutboxMessage).order_by(col(OutboxMessage.id))
    return database.read_now(lambda session: list(session.exec(query)))


def test_message_is_stored_with_its_payload_priority_and_merge_key(database: Database) -> None:
    rows = rows_after_claim(
        database, TaskPageMessage(17, "D1", "1.2"), SupersededMessage("D1", "1.1")
    )
    stored = [(row.message_type, row.payload, row.priority, row.merge_key) for row in rows]
    assert stored == [
        (
            "task_page",
            {"assignment_id": 17, "channel": "D1", "message_ts": "1.2"},
            0,
            "task_page:D1:1.2",
        ),
        ("superseded", {"channel": "D1", "message_ts": "1.1"}, 2, "superseded:D1:1.1"),
    ]


def test_consecutive_messages_with_the_same_merge_key_merge(database: Database) -> None:
    first, second = TaskPageMessage(1, "D1", "1.2"), TaskPageMessage(2, "D1", "1.2")
    other = TaskPageMessage(2, "D1", "1.3")
    rows = rows_after_claim(database, first, first, second, other, second)
    assert [row.state for row in rows] == ["merged", "merged", *["waiting"] * 3]
    assert [row.attempts for row in rows] == [0, 0, 1, 0, 0]
    assert rows[2].payload["assignment_id"] == 2


def test_messages_without_a_merge_key_never_merge(database: Database) -> None:
    rows = rows_after_claim(database, TextMessage("a"), TextMessage("a"))
    assert [(row.state, row.attempts) for row in rows] == [("waiting", 1), ("waiting", 0)]
