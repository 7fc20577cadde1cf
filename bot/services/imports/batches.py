"""Batches of an import: items are added, or recognized as items that the campaign has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.imports.item_reader import ImportedItem
from bot.imports.keys import shown_digest_of
from bot.imports.row import InvalidRow, quote_name
from bot.services.items.mapping import content_of, row_of
from storage.queries import items
from storage.queries.items import ItemRow
from storage.row_id import id_of
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Result of a batch: items added, items that existed, rows whose id has other content."""

    added: int
    existing: int
    conflicts: tuple[InvalidRow, ...]


def dry_run_items(session: Session, campaign_id: int, batch: Sequence[ImportedItem]) -> BatchResult:
    """Return what `add_items` would do, without changing anything."""
    stored = items.items_by_key(session, campaign_id, [item.key for item in batch])
    return _compare_batch(batch, stored, _find_shown(session, campaign_id, batch, stored))


def add_items(
    session: Session, campaign: Campaign, batch: Sequence[ImportedItem], now: datetime
) -> BatchResult:
    """Add the items of a batch that are not in the campaign yet, each with its task.

    Existing items stay unchanged, even those that another process adds at the same time. An item
    that shows experts the same as one of the campaign is not added, whatever its id.
    """
    campaign_id = id_of(campaign)
    stored = items.items_by_key(session, campaign_id, [item.key for item in batch])
    shown = _find_shown(session, campaign_id, batch, stored)
    new_items = [item for item in batch if item.key not in stored and item.digest not in shown]
    rows = [row_of(item.key, item.content, item.digest.hex()) for item in new_items]
    added = items.add_items(session, campaign_id, campaign.overlap, rows, now)
    concurrently_added = [item.key for item in new_items if item.key not in added]
    if concurrently_added:
        stored |= items.items_by_key(session, campaign_id, concurrently_added)
    return _compare_batch(batch, stored, shown)


def _find_shown(
    session: Session, campaign_id: int, batch: Sequence[ImportedItem], stored: dict[str, ItemRow]
) -> set[bytes]:
    """Return the digests of the batch that items of the campaign with other keys have."""
    digests = [item.digest.hex() for item in batch if item.key not in stored]
    found = items.shown_digests(session, campaign_id, digests) if digests else set()
    return {bytes.fromhex(digest) for digest in found}


def _compare_batch(
    batch: Sequence[ImportedItem], stored: dict[str, ItemRow], shown: set[bytes]
) -> BatchResult:
    existing = [item for item in batch if item.key in stored or item.digest in shown]
    conflicts = tuple(
        InvalidRow(
            item.line,
            f"the campaign has the id {quote_name(item.key)} with other content",
            item.file,
        )
        for item in existing
        if item.key in stored and item.digest != shown_digest_of(content_of(stored[item.key]))
    )
    return BatchResult(len(batch) - len(existing), len(existing) - len(conflicts), conflicts)
