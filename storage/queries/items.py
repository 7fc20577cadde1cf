"""Items in bulk: many rows a statement, no objects, nothing overwritten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import Candidate, Item, Task


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item with its candidates, each a text and the name of who wrote it."""

    key: str
    prompt: list[dict[str, str]]
    draft: str | None
    meta: Mapping[str, object]
    candidates: Sequence[tuple[str, str | None]]


_ADD = {
    "sqlite": sqlite.insert(Item)
    .on_conflict_do_nothing(index_elements=["campaign_id", "key"])
    .returning(col(Item.key), col(Item.id)),
    "postgresql": postgresql.insert(Item)
    .on_conflict_do_nothing(index_elements=["campaign_id", "key"])
    .returning(col(Item.key), col(Item.id)),
}


def add(
    session: Session, campaign_id: int, overlap: int, items: Sequence[ItemRow], now: datetime
) -> set[str]:
    """Add items, each with its candidates and a task; return the keys of those that are new.

    An item whose key the campaign has already is passed over, as it is if another process adds it
    at the same moment.
    """
    if not items:
        return set()
    rows = [_row(campaign_id, item, now) for item in items]
    connection = session.connection()
    returned = connection.execute(_ADD[connection.dialect.name], rows)
    added: dict[str, int] = {row.key: row.id for row in returned}
    candidates = [row for item in items if item.key in added for row in _candidates(item, added)]
    if candidates:
        connection.execute(insert(Candidate), candidates)
    tasks = [_task(campaign_id, added[item.key], overlap) for item in items if item.key in added]
    if tasks:
        connection.execute(insert(Task), tasks)
    return set(added)


def _row(campaign_id: int, item: ItemRow, now: datetime) -> dict[str, Any]:
    return {
        "campaign_id": campaign_id,
        "key": item.key,
        "prompt": item.prompt,
        "draft": item.draft,
        "meta": item.meta,
        "created_at": now,
    }


def _candidates(item: ItemRow, ids: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"item_id": ids[item.key], "place": place, "text": text, "model": model}
        for place, (text, model) in enumerate(item.candidates)
    ]


def _task(campaign_id: int, item_id: int, overlap: int) -> dict[str, Any]:
    return {"campaign_id": campaign_id, "item_id": item_id, "overlap": overlap, "taken": 0}


def kept(session: Session, campaign_id: int, keys: Sequence[str]) -> dict[str, ItemRow]:
    """Return those of these items that the campaign has, by key."""
    found = _rows(session, col(Item.campaign_id) == campaign_id, col(Item.key).in_(keys))
    return {row.key: row for row in found.values()}


def by_id(session: Session, item_ids: Collection[int]) -> dict[int, ItemRow]:
    """Return items by their ids."""
    return _rows(session, col(Item.id).in_(item_ids))


def _rows(session: Session, *where: ColumnElement[bool]) -> dict[int, ItemRow]:
    chosen = select(Item.id, Item.key, Item.prompt, Item.draft, Item.meta).where(*where)  # type: ignore[call-overload]  # SQLModel types up to four columns
    found = session.connection().execute(chosen).all()
    candidates = _kept_candidates(session, [row.id for row in found])
    return {
        row.id: ItemRow(row.key, row.prompt, row.draft, row.meta, candidates.get(row.id, []))
        for row in found
    }


def _kept_candidates(
    session: Session, item_ids: Sequence[int]
) -> dict[int, list[tuple[str, str | None]]]:
    if not item_ids:
        return {}
    chosen = (
        select(Candidate.item_id, Candidate.text, Candidate.model)
        .where(col(Candidate.item_id).in_(item_ids))
        .order_by(col(Candidate.item_id), col(Candidate.place))
    )
    grouped: dict[int, list[tuple[str, str | None]]] = {}
    for item_id, text, model in session.connection().execute(chosen):
        grouped.setdefault(item_id, []).append((text, model))
    return grouped
