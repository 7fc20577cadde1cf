"""Items and imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from bot.client.models.base import ResponseModel


class RowNote(ResponseModel):
    """A row of a push, by its number from 1, and why it was rejected or what to know about it."""

    line: int
    reason: str


class PushResult(ResponseModel):
    """What a push did.

    Attributes:
        added: items new in the campaign.
        existing: items that the campaign had.
        duplicates: rows that show experts the same as an earlier row.
        rejected: rows that were not added, also those of `conflicts`; the others were.
        conflicts: rows whose id the campaign has with other content, which it keeps.
        errors, warnings: the first 1,000 of each.
        answers, existing_answers: answers of the rows that are new, and that the campaign had.
    """

    added: int = 0
    existing: int = 0
    duplicates: int = 0
    rejected: int = 0
    conflicts: int = 0
    errors: list[RowNote] = Field(default_factory=list)
    warnings: list[RowNote] = Field(default_factory=list)
    answers: int = 0
    existing_answers: int = 0


class ItemInfo(ResponseModel):
    """An item in a list. `overlap` is how many answers it needs, None for gold."""

    item: str
    state: str
    answers: int
    overlap: int | None
    on_hold_reason: str | None
    created_at: datetime
    excerpt: str


class FullItemInfo(ResponseModel):
    """An item with its content; `tasks` are its answers and open tasks, by pseudonym."""

    item: str
    state: str
    answers: int
    overlap: int | None
    on_hold_reason: str | None
    created_at: datetime
    deleted_at: datetime | None
    prompt: list[dict[str, Any]]
    candidates: list[dict[str, Any]]
    domains: list[str]
    language: str | None
    meta: dict[str, Any]
    gold: dict[str, Any] | None
    tasks: list[dict[str, Any]]


class DeletionResult(ResponseModel):
    """Ids of deleted items, answers that no longer count, and unassigned tasks."""

    keys: list[str]
    answers: int
    unassigned: int


class ImportInfo(ResponseModel):
    """An import of a campaign; `items` are left of it."""

    id: int
    file: str
    items: int
    imported_by: str
    created_at: datetime
    undone_at: datetime | None


class UndoneImportInfo(ResponseModel):
    """How many items of an import were deleted, and how many tasks were unassigned."""

    file: str
    items: int
    unassigned: int
