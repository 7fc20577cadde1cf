"""Tables of webhooks and of the events that are delivered to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    enum_check,
    json_list_column_with_default,
    json_object_column,
    nullable_datetime_column,
    partial_index,
    server_default,
)
from storage.tables.states import WebhookDeliveryState


class Webhook(SQLModel, table=True):
    """An address that gets events, signed with `secret`. `events`, `campaign_ids` empty: all.

    `failures` counts the attempts that have failed since the last success, `failing_since` is when
    the first of them failed, and there is no attempt before `retry_at`. `reported_at` is when
    coordinators were notified of these failures. With `disabled_at`, it gets nothing. Until
    `old_secret_until`, `old_secret` signs beside `secret`.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    url: str
    secret: str
    events: list[str] = json_list_column_with_default()
    campaign_ids: list[int] = json_list_column_with_default()
    created_by: str
    created_at: datetime = datetime_column()
    failures: int = Field(default=0, sa_column_kwargs=server_default("0"))
    failing_since: datetime | None = nullable_datetime_column()
    retry_at: datetime | None = nullable_datetime_column()
    reported_at: datetime | None = nullable_datetime_column()
    disabled_at: datetime | None = nullable_datetime_column()
    disabled_reason: str | None = None
    old_secret: str | None = None
    old_secret_until: datetime | None = nullable_datetime_column()


class WebhookDelivery(SQLModel, table=True):
    """An event for one webhook, stored as a type and what it is about, and read when it is sent.

    `event_id` is the same for all webhooks that get the event, and in all attempts. While a bot
    sends it, `leased_until` is set and `due_at` is the same time; `worker` is as in the outbox.
    `queued_at` is when it was last queued: a replay queues it again. `status` is that of the last
    response, None if there was none.
    """

    __tablename__ = "webhook_delivery"

    __table_args__ = (
        enum_check("state", WebhookDeliveryState),
        partial_index(
            "webhook_delivery_waiting", "webhook_id", "due_at", "id", where="state = 'waiting'"
        ),
        partial_index("webhook_delivery_failed", "finished_at", where="state = 'failed'"),
        Index("webhook_delivery_log", "webhook_id", "id"),
        Index("webhook_delivery_finished", "finished_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id")
    event_id: str
    event_type: str
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    subject: dict[str, Any] = json_object_column()
    correlation_id: str | None = None
    state: str = WebhookDeliveryState.WAITING
    attempts: int = 0
    happened_at: datetime = datetime_column()
    queued_at: datetime = datetime_column()
    due_at: datetime = datetime_column()
    leased_until: datetime | None = nullable_datetime_column()
    worker: str | None = None
    finished_at: datetime | None = nullable_datetime_column()
    status: int | None = None
    error: str | None = None
