"""What the client returns. Fields that a newer server adds are kept and do no harm."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ResponseModel(BaseModel):
    """A value of a response."""

    model_config = ConfigDict(extra="allow", frozen=True)


class CampaignInfo(ResponseModel):
    """What a campaign is."""

    name: str
    title: str
    kind: str
    state: str
    overlap: int
    settings: dict[str, Any]
    guidelines: str
    deadline: datetime | None


class ProgressInfo(ResponseModel):
    """How far a campaign is: `answered` of `wanted` answers, `complete` of `tasks` items."""

    name: str
    state: str
    items: int
    tasks: int
    wanted: int
    answered: int
    complete: int

    @property
    def is_complete(self) -> bool:
        """Return whether every item has its answers; a campaign without items is not complete."""
        return 0 < self.tasks <= self.complete


class ExpertInfo(ResponseModel):
    """An expert of the workspace."""

    slack_id: str
    name: str
    domains: list[str]
    languages: list[str]
    campaigns: list[str]


class RejectedRow(ResponseModel):
    """A row that was not added, by its number from 1, and why."""

    line: int
    reason: str


class PushResult(ResponseModel):
    """What a push did. `errors` are the first 1,000 of the rejected rows."""

    added: int = 0
    existing: int = 0
    duplicates: int = 0
    rejected: int = 0
    errors: list[RejectedRow] = Field(default_factory=list)


class AnswerInfo(ResponseModel):
    """One version of an answer; a later version replaces it. `label` is None if it was undone."""

    id: int
    answer: int
    version: int
    is_current: bool
    counts: bool
    item: str
    task: str
    expert: str
    answered_at: datetime
    is_gold: bool
    value: dict[str, Any] | None
    label: dict[str, Any] | None


class AnswerBatch(ResponseModel):
    """Versions of answers, and the cursor with which to continue, now or later."""

    answers: list[AnswerInfo] = Field(validation_alias="data")
    cursor: str = Field(validation_alias="next_cursor")
    has_more: bool


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
