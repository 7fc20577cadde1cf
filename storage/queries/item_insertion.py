"""Insertion of items: many per statement, each with its candidates and a task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import orjson
from sqlmodel import Session

from storage.audience import audience_of
from storage.bulk_insert import insert_rows
from storage.queries.items import ItemRow
from storage.tables import CandidateRow, Item, Task

GOLD_OVERLAP = 1_000_000
"""Overlap of a gold task: more than there will ever be experts."""

ITEM_COLUMNS = (
    *("key", "shown_digest", "prompt", "draft", "meta", "media"),
    *("author", "domains", "language", "gold"),
)
CANDIDATE_COLUMNS = ("item_id", "position", "text", "model", "media", "author", "turns", "extra")

TASK_COLUMNS = ("item_id", "overlap", "has_text", "audience", "is_gold")


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
    connection = session.connection()
    returned = insert_rows(
        connection,
        Item,
        ITEM_COLUMNS,
        map(_item_values, items),
        {"campaign_id": campaign_id, **origin._asdict()},
        unique=("campaign_id", "key"),
        returning=("key", "id"),
    )
    ids: dict[str, int] = dict(returned)
    new = [item for item in items if item.key in ids]
    responses = (row for item in new for row in _candidate_values(item, ids[item.key]))
    insert_rows(connection, CandidateRow, CANDIDATE_COLUMNS, responses, {})
    tasks = (_task_values(item, ids[item.key], overlap) for item in new)
    constants = {"campaign_id": campaign_id, "slots_taken": 0}
    insert_rows(connection, Task, TASK_COLUMNS, tasks, constants)
    return set(ids)


def _item_values(item: ItemRow) -> tuple[object, ...]:
    """Return the values of `ITEM_COLUMNS`."""
    return (
        item.key,
        item.shown_digest,
        _dump(item.prompt),
        item.draft,
        _dump(item.meta),
        _dump(item.media),
        item.author,
        _dump(item.domains),
        item.language,
        None if item.gold is None else _dump(item.gold),
    )


def _candidate_values(item: ItemRow, item_id: int) -> Iterator[tuple[object, ...]]:
    """Yield the values of `CANDIDATE_COLUMNS` of each candidate."""
    for position, response in enumerate(item.candidates):
        text, model, media, author, turns, extra = response
        more = None if extra is None else _dump(extra)
        yield item_id, position, text, model, _dump(media), author, _dump(turns), more


def _task_values(item: ItemRow, item_id: int, overlap: int) -> tuple[object, ...]:
    """Return the values of `TASK_COLUMNS`."""
    audience = audience_of(item.domains, item.language)
    return item_id, _overlap_of(item, overlap), item.has_text, audience, item.gold is not None


def _dump(value: object) -> str:
    """Return a value of a JSON column as it is stored."""
    return orjson.dumps(value).decode()


def _overlap_of(item: ItemRow, overlap: int) -> int:
    """Return how many answers a task needs; without text, only those that are imported with it."""
    if not item.has_text:
        return 0
    return overlap if item.gold is None else GOLD_OVERLAP
