"""The outbox: what is stored of a message, and which messages merge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, select

from bot.messages.queued_message import QueuedMessage
from bot.messages.tasks import SupersededMessage, TaskPageMessage
from bot.messages.texts import TextMessage
from storage.database import Database
from storage.queries import outbox, outbox_claims
from storage.queries.outbox_claims import ClaimLimits, Lease
from storage.tables import OutboxMessage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def rows_after_claim(database: Database, *messages: QueuedMessage) -> list[OutboxMessage]:
    """Queue messages to one recipient, claim what is due, and return all rows."""

    def queue_and_claim(session: Session) -> None:
        for message in messages:
            outbox.enqueue(session, message, recipient="U0ADA", now=NOW)
        limits = ClaimLimits(messages=10, updates=10)
        outbox_claims.claim(session, NOW, limits, Lease(timedelta(seconds=6)))

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


def test_updates_merge_across_other_messages(database: Database) -> None:
    first, second = SupersededMessage("D1", "1.1"), SupersededMessage("D1", "1.2")
    rows = rows_after_claim(database, first, second, first)
    assert [row.state for row in rows] == ["merged", "waiting", "waiting"]
    assert [row.attempts for row in rows] == [0, 0, 1]


def test_more_urgent_message_is_claimed_first(database: Database) -> None:
    update, news = SupersededMessage("D1", "1.1"), TextMessage("news")
    awaited = TextMessage("awaited", is_reply=True)
    rows = rows_after_claim(database, update, news, awaited, awaited)
    assert [row.attempts for row in rows] == [0, 0, 1, 0]
    assert rows[2].leased_until == NOW + timedelta(seconds=6)


def test_awaited_message_waits_for_news_that_is_being_delivered(database: Database) -> None:
    def claim_again(session: Session, now: datetime) -> int:
        limits = ClaimLimits(messages=10, updates=10)
        return len(outbox_claims.claim(session, now, limits, Lease(timedelta(seconds=6))))

    rows_after_claim(database, TextMessage("news"))
    database.write_now(
        outbox.enqueue, TextMessage("awaited", is_reply=True), recipient="U0ADA", now=NOW
    )
    assert database.write_now(claim_again, NOW) == 0
    assert database.read_now(outbox_claims.next_due_at, NOW) is None
    assert database.write_now(claim_again, NOW + timedelta(seconds=7)) == 1


def test_claim_takes_no_more_updates_than_allowed(database: Database) -> None:
    def queue_and_claim(session: Session) -> list[int]:
        for number in range(6):
            update = SupersededMessage(f"D{number}", "1.1")
            outbox.enqueue(session, update, recipient=f"U{number}", now=NOW)
        outbox.enqueue(session, TextMessage("news"), recipient="U9", now=NOW)
        limits = ClaimLimits(messages=10, updates=2)
        claimed = outbox_claims.claim(session, NOW, limits, Lease(timedelta(seconds=6)))
        return [row.priority for row in claimed]

    assert database.write_now(queue_and_claim) == [1, 2, 2]
