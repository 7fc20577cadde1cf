"""Insertion of items: many per statement, each with its candidates and a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from storage.bulk_insert import NewRows, insert_missing_rows, insert_rows
from storage.item_values import Columns, NewItems
from storage.tables import CandidateRow, Item, Task

GOLD_OVERLAP = 1_000_000
"""Overlap of a gold task: more than there will ever be experts."""


class ItemOrigin(NamedTuple):
    """When items are added, and by which import."""

    created_at: datetime
    import_id: int | None = None


def add_items(  # noqa: PLR0913, PLR0917 - what all items have in common, and what each has
    session: Session,
    campaign_id: int,
    overlap: int,
    keys: Sequence[str],
    items: NewItems,
    origin: ItemOrigin,
) -> set[str]:
    """Insert items with these keys, each with its candidates and a task; return the new keys.

    Items whose key the campaign already has are skipped, also if another process inserts them at
    the same time.
    """
    if not keys:
        return set()
    connection = session.connection()
    constants = {"campaign_id": campaign_id, **origin._asdict()}
    new_rows = NewRows.from_columns(Item, {"key": keys, **items.items}, constants)
    ids: dict[str, int] = insert_missing_rows(connection, new_rows, ("campaign_id", "key"))
    added = items.take([number for number, key in enumerate(keys) if key in ids])
    item_ids = [ids[key] for key in keys if key in ids]
    insert_rows(connection, _candidate_rows(item_ids, added))
    insert_rows(connection, _task_rows(campaign_id, item_ids, added.tasks, overlap))
    return set(ids)


def _candidate_rows(item_ids: Sequence[int], items: NewItems) -> NewRows:
    counts = items.candidate_counts
    keys = {
        "item_id": [
            number for number, count in zip(item_ids, counts, strict=True) for _ in range(count)
        ],
        "position": [position for count in counts for position in range(count)],
    }
    return NewRows.from_columns(CandidateRow, {**keys, **items.candidates})


def _task_rows(campaign_id: int, item_ids: Sequence[int], tasks: Columns, overlap: int) -> NewRows:
    """Return a task for each item. Without text, it takes only the answers imported with it."""
    columns: dict[str, Sequence[object]] = {"item_id": item_ids, **tasks}
    constants: dict[str, object] = {"campaign_id": campaign_id, "slots_taken": 0}
    if "is_gold" in tasks or "has_text" in tasks:
        nothing_special = [None] * len(item_ids)
        columns["overlap"] = [
            (GOLD_OVERLAP if is_gold else overlap) if has_text is not False else 0
            for is_gold, has_text in zip(
                tasks.get("is_gold", nothing_special),
                tasks.get("has_text", nothing_special),
                strict=True,
            )
        ]
    else:
        constants["overlap"] = overlap
    return NewRows.from_columns(Task, columns, constants)
