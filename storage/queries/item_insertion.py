"""Insertion of items: many per statement, each with its candidates and a task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from storage.bulk_insert import NewRows, insert_missing_rows, insert_rows
from storage.item_values import CANDIDATE_VALUES, ITEM_VALUES, NewItem
from storage.tables import CandidateRow, Item, Task

GOLD_OVERLAP = 1_000_000
"""Overlap of a gold task: more than there will ever be experts."""


ITEM_COLUMNS = ("key", *ITEM_VALUES)
CANDIDATE_COLUMNS = ("item_id", "position", *CANDIDATE_VALUES)
TASK_COLUMNS = ("item_id", "overlap", "has_text", "audience", "is_gold")


class ItemOrigin(NamedTuple):
    """When items are added, and by which import."""

    created_at: datetime
    import_id: int | None = None


def add_items(
    session: Session,
    campaign_id: int,
    overlap: int,
    items: Mapping[str, NewItem],
    origin: ItemOrigin,
) -> set[str]:
    """Insert items by key, each with its candidates and a task; return the keys that are new.

    Items whose key the campaign already has are skipped, also if another process inserts them at
    the same time.
    """
    if not items:
        return set()
    connection = session.connection()
    new_items = NewRows(
        Item,
        ITEM_COLUMNS,
        [(key, *item.values) for key, item in items.items()],
        {"campaign_id": campaign_id, **origin._asdict()},
    )
    ids: dict[str, int] = insert_missing_rows(connection, new_items, ("campaign_id", "key"))
    new = [(ids[key], item) for key, item in items.items() if key in ids]
    candidates = [
        (item_id, position, *values)
        for item_id, item in new
        for position, values in enumerate(item.candidates)
    ]
    insert_rows(connection, NewRows(CandidateRow, CANDIDATE_COLUMNS, candidates))
    tasks = [_task_values(item_id, item, overlap) for item_id, item in new]
    constants = {"campaign_id": campaign_id, "slots_taken": 0}
    insert_rows(connection, NewRows(Task, TASK_COLUMNS, tasks, constants))
    return set(ids)


def _task_values(item_id: int, item: NewItem, overlap: int) -> tuple[object, ...]:
    """Return the values of `TASK_COLUMNS`.

    Without text, a task takes only the answers that are imported with it.
    """
    own_overlap = GOLD_OVERLAP if item.is_gold else overlap
    return item_id, own_overlap if item.has_text else 0, item.has_text, item.audience, item.is_gold
