"""Bulk access to items: many rows per statement, no ORM objects, nothing overwritten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.audience import audience_of
from storage.row_id import require_id
from storage.tables import CandidateRow, Item, Task

GOLD_OVERLAP = 1_000_000
"""Overlap of a gold task: more than there will ever be experts."""


class ResponseRow(NamedTuple):
    """One candidate of an item."""

    text: str
    model: str | None
    media: list[dict[str, str]]
    author: str | None
    turns: list[dict[str, Any]]
    extra: dict[str, Any] | None


RESPONSE_COLUMNS = (
    *(CandidateRow.text, CandidateRow.model, CandidateRow.media, CandidateRow.author),
    *(CandidateRow.turns, CandidateRow.extra),
)
"""The columns of a `ResponseRow`."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with its candidates in imported order; a deleted one has no content."""

    key: str
    prompt: list[dict[str, Any]]
    draft: str | None
    meta: Mapping[str, object]
    candidates: Sequence[ResponseRow]
    media: list[dict[str, str]]
    author: str | None
    domains: list[str]
    language: str | None
    gold: dict[str, Any] | None
    shown_digest: str | None = None
    is_deleted: bool = False
    has_text: bool = True


_INSERT_ITEMS = {
    "sqlite": sqlite.insert(Item)
    .on_conflict_do_nothing(index_elements=["campaign_id", "key"])
    .returning(col(Item.key), col(Item.id)),
    "postgresql": postgresql.insert(Item)
    .on_conflict_do_nothing(index_elements=["campaign_id", "key"])
    .returning(col(Item.key), col(Item.id)),
}


class ItemOrigin(NamedTuple):
    """When items are added, and by which import."""

    created_at: datetime
    import_id: int | None = None


def add_items(
    session: Session, campaign_id: int, overlap: int, items: Sequence[ItemRow], origin: ItemOrigin
) -> set[str]:
    """Insert items, each with its candidates and a task; return the keys that are new.

    Items whose key the campaign already has are skipped, also if another process inserts them at
    the same time.
    """
    if not items:
        return set()
    rows = [_item_values(campaign_id, item, origin) for item in items]
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


def _item_values(campaign_id: int, item: ItemRow, origin: ItemOrigin) -> dict[str, Any]:
    return {
        "campaign_id": campaign_id,
        "key": item.key,
        "prompt": item.prompt,
        "shown_digest": item.shown_digest,
        "draft": item.draft,
        "meta": item.meta,
        "media": item.media,
        "author": item.author,
        "domains": item.domains,
        "language": item.language,
        "gold": item.gold,
        **origin._asdict(),
    }


def _candidate_values(item: ItemRow, ids: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"item_id": ids[item.key], "position": position, **response._asdict()}
        for position, response in enumerate(item.candidates)
    ]


def _task_values(
    campaign_id: int, ids: Mapping[str, int], item: ItemRow, overlap: int
) -> dict[str, Any]:
    return {
        "campaign_id": campaign_id,
        "item_id": ids[item.key],
        "overlap": _overlap_of(item, overlap),
        "has_text": item.has_text,
        "slots_taken": 0,
        "audience": audience_of(item.domains, item.language),
        "is_gold": item.gold is not None,
    }


def _overlap_of(item: ItemRow, overlap: int) -> int:
    """Return how many answers a task needs; without text, only those that are imported with it."""
    if not item.has_text:
        return 0
    return overlap if item.gold is None else GOLD_OVERLAP


def items_by_key(session: Session, campaign_id: int, keys: Sequence[str]) -> dict[str, ItemRow]:
    """Return the items of a campaign that have one of these keys, by key; also deleted ones."""
    rows = _fetch_items(session, col(Item.campaign_id) == campaign_id, col(Item.key).in_(keys))
    return {row.key: row for row in rows.values()}


def shown_digests(session: Session, campaign_id: int, digests: Sequence[str]) -> set[str]:
    """Return those of these digests of shown content that items of a campaign have."""
    query = select(Item.shown_digest).where(
        Item.campaign_id == campaign_id,
        col(Item.shown_digest).in_(digests),
        col(Item.deleted_at).is_(None),
    )
    return {digest for digest in session.exec(query) if digest}


def items_by_id(session: Session, item_ids: Collection[int]) -> dict[int, ItemRow]:
    """Return items by id."""
    return _fetch_items(session, col(Item.id).in_(item_ids))


def item_id_by_key(session: Session, campaign_id: int, key: str) -> int | None:
    """Return the item of a campaign with this key, None if there is none or it is deleted."""
    query = select(Item.id).where(
        Item.campaign_id == campaign_id, Item.key == key, col(Item.deleted_at).is_(None)
    )
    return session.exec(query).first()


def is_in_campaign(session: Session, item_id: int, campaign_id: int) -> bool:
    """Return whether a campaign has, or had, an item."""
    query = select(Item.id).where(Item.id == item_id, Item.campaign_id == campaign_id)
    return session.exec(query).first() is not None


def task_id_of(session: Session, item_id: int) -> int:
    """Return the task of an item that experts answer, not one that refers to an answer."""
    query = select(Task.id).where(
        Task.item_id == item_id, col(Task.confirms_assignment_id).is_(None)
    )
    return require_id(session.exec(query).one())


def first_task(session: Session, campaign_id: int) -> Task | None:
    """Return the task of the first item of a campaign that has text, None if there is none."""
    query = select(Task).where(
        Task.campaign_id == campaign_id,
        col(Task.confirms_assignment_id).is_(None),
        col(Task.has_text),
        ~col(Task.is_deleted),
    )
    return session.exec(query.order_by(col(Task.id)).limit(1)).first()


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
    Item.shown_digest,
    col(Item.deleted_at).is_not(None),
)


def _fetch_items(session: Session, *where: ColumnElement[bool]) -> dict[int, ItemRow]:
    rows = session.connection().execute(_ITEM_QUERY.where(*where)).all()
    candidates = _fetch_candidates(session, [row.id for row in rows])
    return {
        item_id: ItemRow(key, prompt, draft, meta, candidates.get(item_id, []), *rest)
        for item_id, key, prompt, draft, meta, *rest in rows
    }


def _fetch_candidates(session: Session, item_ids: Sequence[int]) -> dict[int, list[ResponseRow]]:
    if not item_ids:
        return {}
    query = (
        select(CandidateRow.item_id, *RESPONSE_COLUMNS)  # type: ignore[call-overload]  # SQLModel types up to four columns
        .where(col(CandidateRow.item_id).in_(item_ids))
        .order_by(col(CandidateRow.item_id), col(CandidateRow.position))
    )
    candidates: dict[int, list[ResponseRow]] = {}
    for item_id, *response in session.connection().execute(query):
        candidates.setdefault(item_id, []).append(ResponseRow(*response))
    return candidates
