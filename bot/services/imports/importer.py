"""Bringing the items of a file into a campaign: a batch at a time, once, overwriting nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError
from bot.imports.column_mapping import ColumnMapping
from bot.imports.item_key import digest_of
from bot.imports.item_reader import DuplicateRow, ImportedItem, read_items
from bot.imports.row import InvalidRow, quote_name
from bot.kinds import kind_named
from bot.services.actors.actor import Actor, subject_of
from bot.services.answers.submit import settings_of
from bot.services.campaigns.campaigns import ClosedCampaignError, campaign_by_name
from bot.services.items.mapping import content_of, row_of
from storage.database import Database
from storage.queries import items
from storage.queries.items import ItemRow
from storage.tables import Campaign, CampaignState

BATCH_SIZE = 500
"""Items a transaction: some milliseconds, so that clicks are stored in between."""

MAX_REPORTED_ROWS = 1_000
"""Bad rows that a report carries. Every one is told to whoever watches."""


class ChangedFileError(BotError):
    """“{name}” changed while it was being imported; import it again."""


@dataclass(frozen=True, slots=True)
class ImportSource:
    """What to import, and into which campaign.

    `columns` says which columns make an item, as far as they cannot be guessed. With `strict`
    nothing is imported if one row is bad.
    """

    campaign: str
    path: Path
    columns: ColumnMapping = field(default_factory=ColumnMapping)
    strict: bool = False


def _ignore(*_args: object) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class ImportCallbacks:
    """Who is told while an import goes on: of each bad row, and of the line it has come to."""

    on_rejected: Callable[[InvalidRow], None] = _ignore
    on_line: Callable[[int], None] = _ignore


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of some items: new ones, ones that were there, ones there with other content."""

    added: int
    existing: int
    conflicts: tuple[InvalidRow, ...]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file.

    Attributes:
        added: items that are new in the campaign.
        there: items that were there before, word for word.
        repeated: rows that say again what an earlier one said.
        bad: rows left out, conflicts included.
        conflicts: rows whose id is in the campaign with other content, which stays as it is.
        told: the first MOST_TOLD of the bad rows.
        refused: nothing was imported, because a row is bad and the import was strict.
    """

    added: int = 0
    existing: int = 0
    duplicates: int = 0
    rejected: int = 0
    conflicts: int = 0
    reported_rows: tuple[InvalidRow, ...] = ()
    aborted: bool = False


def import_file(
    database: Database, source: ImportSource, actor: Actor, callbacks: ImportCallbacks | None = None
) -> ImportResult:
    """Import a file; the same file twice adds nothing.

    An import that is broken off keeps what it added; the same command goes on where it ended.

    Raises:
        NotFoundError: there is no such campaign, or nothing reads such files.
        ClosedCampaignError: the campaign is over.
        ChangedFileError: the file was written to meanwhile.
        UnreadableFileError, EmptyFileError, MissingColumnError, NoGuessError: the file is refused
            as a whole.
    """
    campaign = database.read_now(_importable_campaign, source.campaign)
    callbacks = callbacks or ImportCallbacks()
    before = _file_fingerprint(source.path)
    if source.strict:
        dry_run = _process_file(source, campaign, callbacks, _build_dry_run(database, campaign))
        if dry_run.rejected:
            return replace(dry_run, added=0, aborted=True)
        callbacks = replace(callbacks, on_rejected=_ignore)
    if _file_fingerprint(source.path) != before:
        raise ChangedFileError(name=source.path.name)
    result = _process_file(source, campaign, callbacks, _build_insert(database, campaign, actor.at))
    database.write_now(_record_import, campaign, source, result, actor)
    return result


def _file_fingerprint(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None  # the reader says what is wrong with it
    return found.st_mtime_ns, found.st_size


def _importable_campaign(session: Session, name: str) -> Campaign:
    campaign = campaign_by_name(session, name)
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=name)
    return campaign


def _record_import(
    session: Session, campaign: Campaign, source: ImportSource, result: ImportResult, actor: Actor
) -> None:
    actor.record(
        session,
        "imported",
        subject_of(campaign),
        file=source.path.name,
        added=result.added,
        there=result.existing,
        bad=result.rejected,
    )


BatchHandler = Callable[[Sequence[ImportedItem]], BatchResult]


def _build_dry_run(database: Database, campaign: Campaign) -> BatchHandler:
    return lambda batch: database.read_now(dry_run_items, campaign.id or 0, batch)


def _build_insert(database: Database, campaign: Campaign, now: datetime) -> BatchHandler:
    return lambda batch: database.write_now(add_items, campaign, batch, now)


def _process_file(
    source: ImportSource, campaign: Campaign, callbacks: ImportCallbacks, handle_batch: BatchHandler
) -> ImportResult:
    kind = kind_named(campaign.kind)
    settings = settings_of(kind, campaign.settings)
    tally = _ImportProgress(callbacks, handle_batch)
    tally.consume(read_items(source.path, source.columns, kind, settings))
    return tally.result()


class _ImportProgress:
    """Counts what comes out of a file, and settles its items batch by batch."""

    def __init__(self, callbacks: ImportCallbacks, handle_batch: BatchHandler) -> None:
        self.callbacks = callbacks
        self.handle_batch = handle_batch
        self.batch: list[ImportedItem] = []
        self.reported_rows: list[InvalidRow] = []
        self.added = self.existing = self.duplicates = self.rejected = self.conflicts = 0

    def consume(self, found: Iterable[ImportedItem | DuplicateRow | InvalidRow]) -> None:
        for one in found:
            match one:
                case ImportedItem():
                    self.batch.append(one)
                case DuplicateRow():
                    self.duplicates += 1
                case InvalidRow():
                    self.reject(one)
            if len(self.batch) == BATCH_SIZE:
                self.flush()
                self.callbacks.on_line(one.line)
        self.flush()

    def reject(self, row: InvalidRow) -> None:
        self.rejected += 1
        self.callbacks.on_rejected(row)
        if len(self.reported_rows) < MAX_REPORTED_ROWS:
            self.reported_rows.append(row)

    def flush(self) -> None:
        if not self.batch:
            return
        batch_result = self.handle_batch(self.batch)
        self.added += batch_result.added
        self.existing += batch_result.existing
        self.conflicts += len(batch_result.conflicts)
        for conflict in batch_result.conflicts:
            self.reject(conflict)
        self.batch = []

    def result(self) -> ImportResult:
        return ImportResult(
            added=self.added,
            existing=self.existing,
            duplicates=self.duplicates,
            rejected=self.rejected,
            conflicts=self.conflicts,
            reported_rows=tuple(self.reported_rows),
        )


def dry_run_items(session: Session, campaign_id: int, batch: Sequence[ImportedItem]) -> BatchResult:
    """Say what `add_items` would do, and do nothing."""
    stored = items.items_by_key(session, campaign_id, [one.key for one in batch])
    return _compare_batch(batch, stored)


def add_items(
    session: Session, campaign: Campaign, batch: Sequence[ImportedItem], now: datetime
) -> BatchResult:
    """Add the items of a batch that the campaign does not have, each with its task.

    What it has stays as it is, and so does what another process adds at this very moment.
    """
    campaign_id = campaign.id or 0
    stored = items.items_by_key(session, campaign_id, [one.key for one in batch])
    new = [one for one in batch if one.key not in stored]
    rows = [row_of(one.key, one.content) for one in new]
    added = items.add_items(session, campaign_id, campaign.overlap, rows, now)
    raced_keys = [one.key for one in new if one.key not in added]
    if raced_keys:
        stored |= items.items_by_key(session, campaign_id, raced_keys)
    return _compare_batch(batch, stored)


def _compare_batch(batch: Sequence[ImportedItem], stored: dict[str, ItemRow]) -> BatchResult:
    existing = [one for one in batch if one.key in stored]
    conflicts = tuple(
        InvalidRow(one.line, f"its id {quote_name(one.key)} is in the campaign with other content")
        for one in existing
        if digest_of(one.content) != digest_of(content_of(stored[one.key]))
    )
    return BatchResult(len(batch) - len(existing), len(existing) - len(conflicts), conflicts)
