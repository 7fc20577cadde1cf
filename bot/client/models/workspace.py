"""The workspace: keys, settings, undelivered messages and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.client.models.base import ResponseModel


class KeyInfo(ResponseModel):
    """The key of the client. `campaigns` empty: it is valid for all."""

    name: str
    scope: str
    campaigns: list[str]


class SettingsInfo(ResponseModel):
    """Settings of the workspace."""

    channel: str | None
    reminders_per_day: int
    reminders_per_week: int
    digest: bool


class ScheduleOfDigest(ResponseModel):
    """When the weekly summary is sent."""

    cron: str
    tz: str


class DigestInfo(ResponseModel):
    """The weekly summary: whether, where and when it is sent."""

    is_enabled: bool
    channel: str | None
    schedule: ScheduleOfDigest
    due_at: datetime | None


class UndeliveredMessage(ResponseModel):
    """A message to Slack that was not delivered, without its content."""

    id: int
    state: str
    message_type: str
    recipient: str
    created_at: datetime
    attempts: int
    error: str | None


class AuditInfo(ResponseModel):
    """An entry of the audit log."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    origin: str
    details: dict[str, Any]
