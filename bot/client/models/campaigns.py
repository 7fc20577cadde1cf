"""Campaigns, their progress and their templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.client.models.base import ResponseModel, TaggedModel


class CampaignInfo(TaggedModel):
    """What a campaign is; further fields are those of `labelbot campaign create`."""

    name: str
    title: str
    kind: str
    state: str
    overlap: int
    settings: dict[str, Any]
    guidelines: str
    deadline: datetime | None


class PracticeInfo(CampaignInfo):
    """A campaign after a change of its practice, which needs `missing_gold` more gold items."""

    missing_gold: int


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


class TemplateInfo(ResponseModel):
    """A template of campaigns."""

    name: str
    kind: str
    created_by: str
    created_at: datetime


class OverlapInfo(ResponseModel):
    """Answers per item before and after; `items_above` have more than after, and keep them."""

    before: int
    after: int
    items_above: int
