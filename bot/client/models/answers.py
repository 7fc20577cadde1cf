"""Answers of experts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from bot.client.models.base import ResponseModel


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


class ExclusionInfo(ResponseModel):
    """An expert whose answers since a time are excluded, with the reason and their number."""

    slack_id: str
    since: datetime
    reason: str
    answer_count: int


class DecisionInfo(ResponseModel):
    """A decision of a review: the item, what was decided, by whom, when and why."""

    task_id: int
    item_key: str
    summary: str
    decided_by: str
    decided_at: datetime
    reason: str
