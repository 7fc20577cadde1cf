"""Batches of an import: items are added, or recognized as items that the campaign has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from sqlmodel import Session

from bot.imports.keys import shown_digest_of
from bot.imports.read_item import AnsweredRow, BatchRow, ImportedItem
from bot.imports.row import InvalidRow, quote_name
from bot.services.imports.import_batch import ImportBatch
from bot.services.imports.imported_answers import (
    NO_ANSWERS,
    AnswersResult,
    add_answers,
    dry_run_answers,
)
from bot.services.items.mapping import content_of
from storage.item_values import NewItems
from storage.queries import item_deletion, item_insertion, items, media_files
from storage.queries.item_insertion import ItemOrigin
from storage.queries.items import ItemRow
from storage.row_id import id_of
from storage.tables import Campaign

MISSING_MEDIA = "one of its images is only a reference, and this database does not have the image"

REJECTED_ITEM = "its item was rejected: the campaign has its id with other content"


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Result of a batch: items added, items that existed, rows whose id has other content.

    `rejected_digests` are those of the items in `conflicts`: answers to them are rejected, too.
    """

    added: int
    existing: int
    conflicts: tuple[InvalidRow, ...]
    rejected_digests: frozenset[bytes] = frozenset()
    answers: AnswersResult = NO_ANSWERS


def dry_run_batch(
    session: Session,
    campaign: Campaign,
    batch: Sequence[BatchRow],
    rejected_digests: AbstractSet[bytes],
) -> BatchResult:
    """Return what `add_batch` would do, without changing anything."""
    usable, missing = _split_by_media(session, _items_in(batch))
    items_result = dry_run_items(session, id_of(campaign), usable)
    items_result = _with_missing_media(items_result, missing)
    result, answered = _reject_answers(items_result, batch, rejected_digests)
    return _with_answers(result, dry_run_answers(session, campaign, answered))


def add_batch(
    session: Session,
    campaign: Campaign,
    batch: ImportBatch,
    rejected_digests: AbstractSet[bytes],
    origin: ItemOrigin,
) -> BatchResult:
    """Add the items of a batch and then the answers to them.

    `rejected_digests` are those of earlier batches: their items are not in the campaign.
    """
    if not batch.full_rows and not _has_some(session, campaign, batch):
        return _add_new_items(session, campaign, batch, origin)
    usable, missing = _split_by_media(session, _items_in(batch.rows))
    items_result = add_items(session, campaign, usable, batch, origin)
    items_result = _with_missing_media(items_result, missing)
    result, answered = _reject_answers(items_result, batch.rows, rejected_digests)
    return _with_answers(result, add_answers(session, campaign, answered, origin.created_at))


def _has_some(session: Session, campaign: Campaign, batch: ImportBatch) -> bool:
    """Return whether the campaign has some item of a batch, or one that shows the same."""
    return items.has_some(session, id_of(campaign), batch.keys, batch.digests)


def _add_new_items(
    session: Session, campaign: Campaign, batch: ImportBatch, origin: ItemOrigin
) -> BatchResult:
    """Add the items of a batch, of which the campaign had none before: the usual case."""
    stored = _insert(session, campaign, batch.keys, batch.new_items, origin)
    return (
        _compare_batch(_items_in(batch.rows), stored, set())
        if stored
        else BatchResult(len(batch.keys), 0, ())
    )


def _items_in(batch: Sequence[BatchRow]) -> list[ImportedItem]:
    return [row for row in batch if isinstance(row, ImportedItem)]


def _contents_of(batch: Iterable[ImportedItem]) -> dict[str, bytes]:
    """Return the bytes of the files of a batch by their URL."""
    return {
        media.url: media.content
        for item in batch
        for media in item.content.all_media()
        if media.content
    }


def _split_by_media(
    session: Session, batch: Sequence[ImportedItem]
) -> tuple[list[ImportedItem], list[ImportedItem]]:
    """Return the items whose stored files exist or come with them, and the others.

    A file that this bot exported names stored files without their bytes.
    """
    named = {
        media.url
        for item in batch
        for media in item.content.all_media()
        if media.is_stored and not media.content
    }
    lost = named - media_files.stored_urls(session, named) if named else set()
    lost -= _contents_of(batch).keys()
    if not lost:
        return list(batch), []
    usable = [item for item in batch if lost.isdisjoint(m.url for m in item.content.all_media())]
    missing = [item for item in batch if lost.intersection(m.url for m in item.content.all_media())]
    return usable, missing


def _with_missing_media(result: BatchResult, missing: Sequence[ImportedItem]) -> BatchResult:
    rejected = tuple(InvalidRow(item.line, MISSING_MEDIA, item.file) for item in missing)
    return replace(
        result,
        conflicts=(*result.conflicts, *rejected),
        rejected_digests=result.rejected_digests | {item.digest for item in missing},
    )


def _reject_answers(
    result: BatchResult, batch: Sequence[BatchRow], rejected_digests: AbstractSet[bytes]
) -> tuple[BatchResult, list[BatchRow]]:
    """Return the result with the rows whose item was rejected, and the rows with answers to add."""
    rejected = rejected_digests | result.rejected_digests
    lost = tuple(
        InvalidRow(row.line, REJECTED_ITEM, row.file)
        for row in batch
        if isinstance(row, AnsweredRow) and row.digest in rejected
    )
    answered = [row for row in batch if row.answers and row.digest not in rejected]
    return replace(result, conflicts=(*result.conflicts, *lost)), answered


def _with_answers(result: BatchResult, answers: AnswersResult) -> BatchResult:
    return replace(result, conflicts=(*result.conflicts, *answers.conflicts), answers=answers)


def dry_run_items(session: Session, campaign_id: int, batch: Sequence[ImportedItem]) -> BatchResult:
    """Return what `add_items` would do, without changing anything."""
    batch, stored = _load_stored(session, campaign_id, batch)
    for key in _corrected_keys(batch, stored):
        stored.pop(key, None)
    return _compare_batch(batch, stored, _find_shown(session, campaign_id, batch, stored))


def _load_stored(
    session: Session, campaign_id: int, batch: Sequence[ImportedItem]
) -> tuple[Sequence[ImportedItem], dict[str, ItemRow]]:
    """Return the batch and the items of the campaign with its keys.

    An item whose key another item of the campaign has gets its spare key.
    """
    stored = items.items_by_key(session, campaign_id, [item.key for item in batch])
    renamed = [
        replace(item, key=item.spare_key)
        if item.spare_key and (row := stored.get(item.key)) and _is_other_item(item, row)
        else item
        for item in batch
    ]
    if renamed != list(batch):
        stored = items.items_by_key(session, campaign_id, [item.key for item in renamed])
    return renamed, stored


def _is_other_item(item: ImportedItem, stored: ItemRow) -> bool:
    return not stored.is_deleted and not _shows_the_same(item, stored)


def _corrected_keys(batch: Sequence[ImportedItem], stored: dict[str, ItemRow]) -> list[str]:
    """Return the keys of deleted items that the batch has with other content."""
    return [
        item.key
        for item in batch
        if (row := stored.get(item.key))
        and row.is_deleted
        and row.shown_digest != item.digest.hex()
    ]


def add_items(
    session: Session,
    campaign: Campaign,
    rows: Sequence[ImportedItem],
    batch: ImportBatch,
    origin: ItemOrigin,
) -> BatchResult:
    """Add the items of some rows of a batch that are not in the campaign yet, each with its task.

    Existing items stay unchanged, even those that another process adds at the same time. An item
    that shows experts the same as one of the campaign is not added, whatever its id. A deleted item
    stays deleted, but its id is free for other content.
    """
    campaign_id = id_of(campaign)
    rows, stored = _load_stored(session, campaign_id, rows)
    if corrected := _corrected_keys(rows, stored):
        item_deletion.free_keys(session, campaign_id, corrected)
        stored = {key: row for key, row in stored.items() if key not in corrected}
    shown = _find_shown(session, campaign_id, rows, stored)
    unknown = {
        item.key: item for item in rows if item.key not in stored and item.digest not in shown
    }
    numbers = {digest: number for number, digest in enumerate(batch.digests)}
    new_items = batch.new_items.take([numbers[item.digest.hex()] for item in unknown.values()])
    media_files.add_files(session, _contents_of(unknown.values()), origin.created_at)
    stored |= _insert(session, campaign, list(unknown), new_items, origin)
    return _compare_batch(rows, stored, shown)


def _insert(
    session: Session,
    campaign: Campaign,
    keys: Sequence[str],
    new_items: NewItems,
    origin: ItemOrigin,
) -> dict[str, ItemRow]:
    """Insert items; return those that another process has added at the same time, by key."""
    campaign_id = id_of(campaign)
    added = item_insertion.add_items(
        session, campaign_id, campaign.overlap, keys, new_items, origin
    )
    if len(added) == len(keys):
        return {}
    return items.items_by_key(session, campaign_id, [key for key in keys if key not in added])


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
    rejected = [
        item
        for item in existing
        if item.key in stored and not _shows_the_same(item, stored[item.key])
    ]
    conflicts = tuple(
        InvalidRow(item.line, _conflict(item, stored[item.key]), item.file) for item in rejected
    )
    return BatchResult(
        len(batch) - len(existing),
        len(existing) - len(conflicts),
        conflicts,
        frozenset(item.digest for item in rejected),
    )


def _conflict(item: ImportedItem, stored: ItemRow) -> str:
    if stored.is_deleted:
        return (
            f"the item {quote_name(item.key)} was deleted from the campaign; to import it again, "
            "give it another id"
        )
    return f"the campaign has the id {quote_name(item.key)} with other content"


def _shows_the_same(item: ImportedItem, stored: ItemRow) -> bool:
    if stored.is_deleted:
        return False
    if not item.has_text:
        return item.digest.hex() == stored.shown_digest
    return item.digest == shown_digest_of(content_of(stored))
