"""Bulk access to items: many rows per statement, no ORM objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from storage.listed_values import bind_values, is_listed
from storage.row_id import require_id
from storage.tables import CandidateRow, Item, Task


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


ITEM_COLUMNS: tuple[Any, ...] = (
    *(Item.key, Item.prompt, Item.draft, Item.meta, Item.media, Item.author, Item.domains),
    *(Item.language, Item.gold, col(Item.deleted_at).is_not(None)),
)
"""The columns of an `ItemRow` without its digest."""


def build_item(columns: Sequence[Any], candidates: Sequence[ResponseRow]) -> ItemRow:
    """Return the item of a row with `ITEM_COLUMNS`."""
    key, prompt, draft, meta, media, author, domains, language, gold, is_deleted = columns
    shown = (media, author, domains, language, gold)
    return ItemRow(key, prompt, draft, meta, candidates, *shown, is_deleted=is_deleted)


def items_by_key(session: Session, campaign_id: int, keys: Sequence[str]) -> dict[str, ItemRow]:
    """Return the items of a campaign that have one of these keys, by key; also deleted ones."""
    query = _ITEM_QUERY.where(col(Item.campaign_id) == campaign_id, is_listed(session, Item.key))
    rows = _fetch_items(session, query, **bind_values(session, keys))
    return {row.key: row for row in rows.values()}


def has_some(
    session: Session, campaign_id: int, keys: Sequence[str], digests: Sequence[str]
) -> bool:
    """Return whether a campaign has an item, or had one, with one of these keys or digests."""
    of_campaign = select(Item.id).where(Item.campaign_id == campaign_id).limit(1)
    conditions = ((Item.key, keys), (Item.shown_digest, digests))
    return any(
        session.exec(
            of_campaign.where(is_listed(session, column)), params=bind_values(session, values)
        ).first()
        for column, values in conditions
    )


def shown_digests(session: Session, campaign_id: int, digests: Sequence[str]) -> set[str]:
    """Return those of these digests of shown content that items of a campaign have."""
    query = select(Item.shown_digest).where(
        Item.campaign_id == campaign_id,
        is_listed(session, Item.shown_digest),
        col(Item.deleted_at).is_(None),
    )
    found = session.exec(query, params=bind_values(session, digests))
    return {digest for digest in found if digest}


def items_by_id(session: Session, item_ids: Collection[int]) -> dict[int, ItemRow]:
    """Return items by id."""
    return _fetch_items(session, _ITEM_QUERY.where(col(Item.id).in_(item_ids)))


def keys_in_campaign(
    session: Session, campaign_id: int, item_ids: Collection[int]
) -> dict[int, str]:
    """Return the keys of these items by id; of deleted ones and those of other campaigns none."""
    query = select(Item.id, Item.key).where(
        Item.campaign_id == campaign_id,
        col(Item.id).in_(item_ids),
        col(Item.deleted_at).is_(None),
    )
    return {row[0]: row[1] for row in session.connection().execute(query)}


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


def _fetch_items(session: Session, query: Any, **parameters: object) -> dict[int, ItemRow]:  # noqa: ANN401 - as _ITEM_QUERY
    rows = session.connection().execute(query, parameters).all()
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
