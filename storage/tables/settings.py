"""Tables of settings for the whole workspace."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime_column, json_object_column


class WorkspaceSetting(SQLModel, table=True):
    """A setting for the whole workspace, chosen by a coordinator."""

    __tablename__ = "workspace_setting"

    name: str = Field(primary_key=True)
    value: dict[str, Any] = json_object_column()
    changed_by: str
    changed_at: datetime = datetime_column()


class CoordinatorTimeZone(SQLModel, table=True):
    """Time zone of a coordinator in Slack, who may have no row in `expert`."""

    __tablename__ = "coordinator_time_zone"

    slack_id: str = Field(primary_key=True)
    tz: str
    synced_at: datetime = datetime_column()


class DigestSchedule(SQLModel, table=True):
    """When the weekly summary is sent: `cron` in time zone `tz`, next at `due_at`. One row."""

    __tablename__ = "digest_schedule"

    id: int | None = Field(default=None, primary_key=True)
    cron: str
    tz: str = "UTC"
    due_at: datetime = datetime_column(index=True)
