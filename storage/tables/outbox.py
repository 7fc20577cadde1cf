"""The table of messages that the bot sends to Slack."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    enum_check,
    json_object_column,
    nullable_datetime_column,
    partial_index,
    server_default,
)
from storage.tables.states import OutboxState


class OutboxMessage(SQLModel, table=True):
    """A message to Slack, stored as a type and its data and rendered on delivery.

    `recipient` is a person or channel. Each recipient's messages are delivered by priority, then in
    order; recipients are served in parallel. `priority` is a `Priority` of `bot/messages`. Of
    several messages with the same `merge_key`, only the last is sent. `leased_until` is set while a
    process delivers the message; `due_at` is then the same time. `worker` is the id of the lock of
    the process that claimed it last, on PostgreSQL.
    `correlation_id` is that of the request or job that queued it. `posted_at` is when its delivery
    posted a new message or file, None if it only updated a message, or had nothing to send.
    """

    __tablename__ = "outbox"

    __table_args__ = (
        enum_check("state", OutboxState),
        partial_index("outbox_waiting", "recipient", "priority", "id", where="state = 'waiting'"),
        partial_index(
            "outbox_undelivered", "recipient", "id", where="state IN ('held', 'failed', 'dropped')"
        ),
        partial_index("outbox_due", "due_at", "id", where="state = 'waiting'"),
        partial_index("outbox_failed", "sent_at", where="state = 'failed'"),
        partial_index("outbox_posted", "recipient", "posted_at", where="posted_at IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_type: str
    recipient: str
    payload: dict[str, Any] = json_object_column()
    priority: int = Field(default=1, sa_column_kwargs=server_default("1"))
    merge_key: str | None = None
    response_url: str | None = None
    correlation_id: str | None = None
    state: str = OutboxState.WAITING
    attempts: int = 0
    due_at: datetime = datetime_column()
    leased_until: datetime | None = nullable_datetime_column()
    worker: str | None = None
    created_at: datetime = datetime_column()
    sent_at: datetime | None = nullable_datetime_column()
    posted_at: datetime | None = nullable_datetime_column()
    error: str | None = None
