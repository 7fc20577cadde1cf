"""Webhooks and their deliveries."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from bot.client.models.base import ResponseModel


class WebhookInfo(ResponseModel):
    """A webhook without its secret. `events`, `campaigns` empty: all."""

    name: str
    url: str
    events: list[str]
    campaigns: list[str]
    created_by: str
    created_at: datetime
    waiting: int
    delivered: int
    failed: int
    dropped: int
    failures: int
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None
    old_secret_until: datetime | None


class SecretInfo(ResponseModel):
    """The secret that verifies the events of a webhook; it is shown once."""

    name: str
    secret: str = Field(repr=False)


class ChangedSecretInfo(ResponseModel):
    """A new secret, shown once; the old one also signs until `old_until`, None: not at all."""

    name: str
    secret: str = Field(repr=False)
    old_until: datetime | None


class DeliveryInfo(ResponseModel):
    """An event for a webhook with its outcome; `error` is None if the receiver accepted it."""

    id: int
    event: str
    type: str
    state: str
    attempts: int
    happened_at: datetime
    next_attempt_at: datetime | None
    finished_at: datetime | None
    status: int | None
    error: str | None
