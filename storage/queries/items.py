"""Items in bulk: many rows a statement, no objects, nothing overwritten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.audience import audience_of
from storage.tables import CandidateRow, Item, Task

GOLD_OVERLAP = 1_000_000
"""The overlap of a gold task: room for everybody there may ever be."""


class ResponseRow(NamedTuple):
    """One candidate of an item."""

    text: str
    model: str | None
    media: list[dict[str, str]]
    author: str | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item with its candidates in imported order."""

    key: str
    prompt: list[dict[str, str]]
    draft: str | None
    meta: Mapping[str, object]
    candidates: Sequence[ResponseRow]
    media: list[dict[str, str]]
    author: str | None
    domains: list[str]
    language: str | None
    gold: dict[str, Any] | None


_INSERT_ITEMS = {
    "sqlite": sqlite.insert(Item)
    .on_conflict_do_nothing(index_elements=["campaign_id", "key"])
    .returning(col(Item.key), col(Item.id)),
    "postgresql": postgresql.insert(Item)
    .on_conflict_do_nothing(index_elements=["campaign_id", "key"])
    .returning(col(Item.key), col(Item.id)),
}


def add_items(
    session: Session, campaign_id: int, overlap: int, items: Sequence[ItemRow], now: datetime
) -> set[str]:
    """Add items, each with its candidates and a task; return the keys of those that are new.

    An item whose key the campaign has already is passed over, as it is if another process adds it
    at the same moment.
    """
    if not items:
        return set()
    rows = [_item_values(campaign_id, item, now) for item in items]
    connection = session.connection()
    returned = connection.execute(_INSERT_ITEMS[connection.dialect.name], rows)
    added: dict[str, int] = {row.key: row.id for row in returned}
    candidates = [
        row for item in items if item.key in added for row in _candidate_values(item, added)
    ]
    if candidates:
        connection.execute(insert(CandidateRow), candidates)
    tasks = [_task_values(campaign_id, added, item, overlap) for item in items if item.key in added]
    if tasks:
        connection.execute(insert(Task), tasks)
    return set(added)


def _item_values(campaign_id: int, item: ItemRow, now: datetime) -> dict[str, Any]:
    return {
        "campaign_id": campaign_id,
        "key": item.key,
        "prompt": item.prompt,
        "draft": item.draft,
        "meta": item.meta,
        "media": item.media,
        "author": item.author,
        "domains": item.domains,
        "language": item.language,
        "gold": item.gold,
        "created_at": now,
    }


def _candidate_values(item: ItemRow, ids: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"item_id": ids[item.key], "position": place, **response._asdict()}
        for place, response in enumerate(item.candidates)
    ]


def _task_values(
    campaign_id: int, ids: Mapping[str, int], item: ItemRow, overlap: int
) -> dict[str, Any]:
    return {
        "campaign_id": campaign_id,
        "item_id": ids[item.key],
        "overlap": overlap if item.gold is None else GOLD_OVERLAP,
        "slots_taken": 0,
        "audience": audience_of(item.domains, item.language),
        "is_gold": item.gold is not None,
    }


def items_by_key(session: Session, campaign_id: int, keys: Sequence[str]) -> dict[str, ItemRow]:
    """Return those of these items that the campaign has, by key."""
    found = _fetch_items(session, col(Item.campaign_id) == campaign_id, col(Item.key).in_(keys))
    return {row.key: row for row in found.values()}


def items_by_id(session: Session, item_ids: Collection[int]) -> dict[int, ItemRow]:
    """Return items by their ids."""
    return _fetch_items(session, col(Item.id).in_(item_ids))


_ITEM_QUERY = select(  # type: ignore[call-overload, misc]  # SQLModel types up to four columns
    Item.id,
    Item.key,
    Item.prompt,
    Item.draft,
    Item.meta,
    Item.media,
    Item.author,
    Item.domains,
    Item.language,
    Item.gold,
)


def _fetch_items(session: Session, *where: ColumnElement[bool]) -> dict[int, ItemRow]:
    found = session.connection().execute(_ITEM_QUERY.where(*where)).all()
    candidates = _fetch_candidates(session, [row.id for row in found])
    return {
        number: ItemRow(key, prompt, draft, meta, candidates.get(number, []), *rest)
        for number, key, prompt, draft, meta, *rest in found
    }


def _fetch_candidates(session: Session, item_ids: Sequence[int]) -> dict[int, list[ResponseRow]]:
    if not item_ids:
        return {}
    query = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            CandidateRow.item_id,
            CandidateRow.text,
            CandidateRow.model,
            CandidateRow.media,
            CandidateRow.author,
        )
        .where(col(CandidateRow.item_id).in_(item_ids))
        .order_by(col(CandidateRow.item_id), col(CandidateRow.position))
    )
    grouped: dict[int, list[ResponseRow]] = {}
    for item_id, *response in session.connection().execute(query):
        grouped.setdefault(item_id, []).append(ResponseRow(*response))
    return grouped
