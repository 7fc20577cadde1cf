"""Insertion of items: many per statement, each with its candidates and a task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col

from storage.audience import audience_of
from storage.json_rows import dump_rows, insert_from_json
from storage.queries.items import ItemRow
from storage.tables import CandidateRow, Item, Task

GOLD_OVERLAP = 1_000_000
"""Overlap of a gold task: more than there will ever be experts."""

ITEM_COLUMNS = (
    *("key", "shown_digest", "prompt", "draft", "meta", "media"),
    *("author", "domains", "language", "gold"),
)
ITEM_CONSTANTS = ("campaign_id", "created_at", "import_id")
UNIQUE_COLUMNS = ("campaign_id", "key")

CANDIDATE_COLUMNS = ("item_id", "position", "text", "model", "media", "author", "turns", "extra")

TASK_COLUMNS = ("item_id", "overlap", "has_text", "audience", "is_gold")
TASK_CONSTANTS = ("campaign_id", "slots_taken")


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
    dialect = connection.dialect.name
    insert_items = insert_from_json(dialect, Item, ITEM_COLUMNS, ITEM_CONSTANTS, UNIQUE_COLUMNS)
    constants = {"campaign_id": campaign_id, **origin._asdict()}
    returned = connection.execute(
        insert_items.returning(col(Item.key), col(Item.id)),
        {"rows": dump_rows(list(map(_item_values, items))), **constants},
    )
    ids: dict[str, int] = dict(iter(returned))
    new = [item for item in items if item.key in ids]
    connection.execute(
        insert_from_json(dialect, CandidateRow, CANDIDATE_COLUMNS, ()),
        {"rows": dump_rows([row for item in new for row in _candidate_values(item, ids)])},
    )
    connection.execute(
        insert_from_json(dialect, Task, TASK_COLUMNS, TASK_CONSTANTS),
        {
            "rows": dump_rows([_task_values(item, ids, overlap) for item in new]),
            "campaign_id": campaign_id,
            "slots_taken": 0,
        },
    )
    return set(ids)


def _item_values(item: ItemRow) -> list[object]:
    """Return the values of `ITEM_COLUMNS`."""
    return [
        item.key,
        item.shown_digest,
        item.prompt,
        item.draft,
        item.meta,
        item.media,
        item.author,
        item.domains,
        item.language,
        item.gold,
    ]


def _candidate_values(item: ItemRow, ids: Mapping[str, int]) -> Iterator[list[object]]:
    """Yield the values of `CANDIDATE_COLUMNS` of each candidate."""
    for position, response in enumerate(item.candidates):
        yield [ids[item.key], position, *response]


def _task_values(item: ItemRow, ids: Mapping[str, int], overlap: int) -> list[object]:
    """Return the values of `TASK_COLUMNS`."""
    return [
        ids[item.key],
        _overlap_of(item, overlap),
        item.has_text,
        audience_of(item.domains, item.language),
        item.gold is not None,
    ]


def _overlap_of(item: ItemRow, overlap: int) -> int:
    """Return how many answers a task needs; without text, only those that are imported with it."""
    if not item.has_text:
        return 0
    return overlap if item.gold is None else GOLD_OVERLAP
