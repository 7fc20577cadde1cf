"""Tables of exports: schedules, runs, and what the runs read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    enum_check,
    json_object_column_with_default,
    nullable_datetime_column,
    server_default,
)
from storage.tables.states import RunState


class ExportSchedule(SQLModel, table=True):
    """A scheduled export of a campaign. `cron` is read in `tz`; `due_at` is the next run.

    Without `cron`, it has no due time. It then runs after every `after_answers` new answers, or, if
    that is None, when its campaign is complete. `counted_answers` is their number at the last run.
    `channel` is the Slack channel that is notified and receives the file, if any. `options` are
    those of the rows, as text by name. `destination` is the address to which exports are delivered
    after they were written to `directory`, if any.
    """

    __tablename__ = "export_schedule"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    format: str
    directory: str
    destination: str | None = None
    cron: str
    tz: str = "UTC"
    channel: str | None = None
    options: dict[str, str] = json_object_column_with_default()
    due_at: datetime | None = nullable_datetime_column(index=True)
    after_answers: int | None = None
    counted_answers: int = Field(default=0, sa_column_kwargs=server_default("0"))
    created_at: datetime = datetime_column()


class ExportRun(SQLModel, table=True):
    """One export. The unique constraint allows only one run for each due time of a schedule.

    If `freezes` is set, the exported answers become final. `worker` is the worker lock of the
    process that took it on last. If `is_interactive` is set, somebody waits for it on the command
    line, so that it is not tried again. `missed_runs` are earlier runs of the schedule that it
    makes up for. `reported_at` is when its outcome was reported to people. `options` are those of
    the rows, as text by name. `snapshot` is the SHA-256 of what a written export read.

    `path` is the written folder, and `manifest_sha256` the checksum of its manifest; the run is not
    done before the folder was delivered to `destination`, if there is one. `location` is where it
    is there. `retry_at` is when a run that failed is tried again.
    """

    __tablename__ = "export_run"

    __table_args__ = (UniqueConstraint("schedule_id", "due_at"), enum_check("state", RunState))

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    schedule_id: int | None = Field(default=None, foreign_key="export_schedule.id")
    format: str
    directory: str
    destination: str | None = None
    requested_by: str | None = None
    channel: str | None = None
    freezes: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    options: dict[str, str] = json_object_column_with_default()
    is_interactive: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    missed_runs: int = Field(default=0, sa_column_kwargs=server_default("0"))
    due_at: datetime = datetime_column()
    state: str = Field(default=RunState.QUEUED, index=True)
    attempts: int = 0
    worker: str | None = None
    started_at: datetime | None = nullable_datetime_column()
    finished_at: datetime | None = nullable_datetime_column()
    rows: int | None = None
    left_out: int | None = None
    path: str | None = None
    manifest_sha256: str | None = None
    location: str | None = None
    retry_at: datetime | None = nullable_datetime_column()
    snapshot: str | None = None
    error: str | None = None
    reported_at: datetime | None = nullable_datetime_column()


class StoredSnapshot(SQLModel, table=True):
    """What exports read, so that they can be replayed: compressed JSON, once for the same state.

    `sha256` is the hash of the JSON, in hex.
    """

    __tablename__ = "export_snapshot"

    sha256: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    created_at: datetime = datetime_column()
