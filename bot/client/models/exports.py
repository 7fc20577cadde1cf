"""Exports, their files and their schedules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.client.models.base import ResponseModel


class FormatInfo(ResponseModel):
    """A format of exports."""

    name: str
    description: str


class ExportInfo(ResponseModel):
    """An export; `state` is queued, running, done or failed, with its `error`."""

    id: int
    campaign: str
    format: str
    state: str
    rows: int | None
    left_out: int | None
    error: str | None

    @property
    def is_finished(self) -> bool:
        """Return whether it is done or has failed."""
        return self.state in ("done", "failed")


class FileInfo(ResponseModel):
    """A file of an export, with its size in bytes."""

    name: str
    size: int


class DeviationInfo(ResponseModel):
    """A file that differs from the manifest of its export."""

    file: str
    problem: str


class VerificationInfo(ResponseModel):
    """How many files and rows an export has; `deviations` is empty if all are right."""

    name: str
    files: int
    rows: int
    deviations: list[DeviationInfo]


class ReplayInfo(ResponseModel):
    """A folder on the API's machine with files that equal those of an export."""

    directory: str
    files: list[str]
    row_count: int


class DifferenceInfo(ResponseModel):
    """A row that two exports do not share, with the reasons."""

    change: str
    config: str
    item: str
    expert: str
    columns: list[str]
    reasons: list[str]


class ScheduleInfo(ResponseModel):
    """An export schedule: its format, when it runs, and its last run."""

    id: int
    format: str
    cron: str
    tz: str
    after_answers: int | None
    due_at: datetime | None
    channel: str | None
    destination: str | None
    last_run: dict[str, Any] | None
