"""Import the items of a file into a campaign: in batches, idempotent, never overwriting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError
from bot.garbage_collection import collect_rarely
from bot.imports.file_digest import digest_of_path
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import DETECT_ALL, ImportOptions
from bot.imports.read_item import ReadItem
from bot.services.actors.actor import Actor
from bot.services.campaigns.campaigns import ClosedCampaignError, campaign_by_id, campaign_by_name
from bot.services.imports.batch_reader import Batches, ReadRequest, open_batches
from bot.services.imports.batches import BatchResult, add_batch, dry_run_batch
from bot.services.imports.import_batch import BATCH_SIZE, ImportBatch, batches_of
from bot.services.imports.import_progress import (
    BatchHandler,
    ImportCallbacks,
    ImportProgress,
    ImportResult,
    ignore,
)
from bot.services.imports.import_record import ImportedFile, finish_import, start_import
from storage.database import Database
from storage.queries.item_insertion import ItemOrigin
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState


class ChangedFileError(BotError):
    """“{name}” changed while it was being imported; import it again."""


@dataclass(frozen=True, slots=True)
class ImportSource:
    """The file to import and the name of its campaign.

    `columns` maps columns to parts of an item; unlisted parts are detected. With `strict`, nothing
    is imported if any row is invalid. `name` is what people call the file, if not by its path.
    `max_items` is the most items of a transaction.
    """

    campaign: str
    path: Path
    columns: ColumnMapping = field(default_factory=ColumnMapping)
    strict: bool = False
    options: ImportOptions = DETECT_ALL
    name: str = ""
    max_items: int = BATCH_SIZE

    @property
    def file_name(self) -> str:
        """Return what people call the file."""
        return self.name or self.path.name


def import_file(
    database: Database, source: ImportSource, actor: Actor, callbacks: ImportCallbacks | None = None
) -> ImportResult:
    """Import a file; importing it twice adds nothing.

    An interrupted import keeps the items it added; importing the file again continues it.

    Raises:
        NotFoundError: there is no such campaign, or the file type is not supported.
        ClosedCampaignError: the campaign is closed, or is closed during the import.
        ChangedFileError: the file changed during the import.
        UnreadableFileError, EmptyFileError, MissingColumnError, ColumnsNotDetectedError: the file
            as a whole is rejected.
    """
    campaign = database.read_now(importable_campaign, source.campaign)
    callbacks = callbacks or ImportCallbacks()
    before = _file_fingerprint(source.path)
    if source.strict:
        handler = _build_dry_run(database, campaign)
        with open_batches(_request_of(source, campaign)) as batches:
            dry_run = _process_batches(batches, callbacks, handler)
        if dry_run.rejected:
            return replace(dry_run, added=0, answers=0, aborted=True)
        callbacks = replace(callbacks, on_rejected=ignore, on_warning=ignore)
    if _file_fingerprint(source.path) != before:
        raise ChangedFileError(name=source.file_name)
    has_answers = bool(source.options.answers)
    with open_batches(_request_of(source, campaign)) as batches:
        file = ImportedFile(source.file_name, digest_of_path(source.path))
        process = partial(_process_batches, batches, callbacks)
        return _store_rows(database, campaign, file, actor, process, has_answers=has_answers)


@dataclass(frozen=True, slots=True)
class ItemSource:
    """Items that were made from a file, and their campaign."""

    campaign: Campaign
    file: ImportedFile
    items: Iterable[ReadItem]


def import_items(
    database: Database, source: ItemSource, actor: Actor, callbacks: ImportCallbacks | None = None
) -> ImportResult:
    """Import items that were made from a file, as `import_file` does with its rows."""

    def process(handle_batch: BatchHandler) -> ImportResult:
        batches = batches_of(source.items)
        return _process_batches(batches, callbacks or ImportCallbacks(), handle_batch)

    return _store_rows(database, source.campaign, source.file, actor, process)


def _store_rows(  # noqa: PLR0913 - what both kinds of import have in common
    database: Database,
    campaign: Campaign,
    file: ImportedFile,
    actor: Actor,
    process: Callable[[BatchHandler], ImportResult],
    *,
    has_answers: bool = False,
) -> ImportResult:
    """Store what `process` passes to its handler, and record the import before and after."""
    import_id = database.write_now(start_import, campaign, file, actor)
    origin = ItemOrigin(actor.at, import_id)
    with collect_rarely():
        result = process(_build_insert(database, campaign, origin))
    counts = {"added": result.added, "existing": result.existing, "rejected": result.rejected}
    counts |= {"answers": result.answers} if has_answers else {}
    database.write_now(finish_import, import_id, counts, actor)
    return result


def _file_fingerprint(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None  # the reader reports the problem
    return status.st_mtime_ns, status.st_size


def importable_campaign(session: Session, name: str) -> Campaign:
    """Return the campaign to import into.

    Raises:
        NotFoundError: there is no such campaign.
        ClosedCampaignError: the campaign is closed.
    """
    return _require_open(campaign_by_name(session, name))


def _require_open(campaign: Campaign) -> Campaign:
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=campaign.name)
    return campaign


def _build_dry_run(database: Database, campaign: Campaign) -> BatchHandler:
    return lambda batch, rejected: database.start_read(
        dry_run_batch, campaign, batch.rows, rejected
    )


def _build_insert(database: Database, campaign: Campaign, origin: ItemOrigin) -> BatchHandler:
    def add_while_open(
        session: Session, batch: ImportBatch, rejected: AbstractSet[bytes]
    ) -> BatchResult:
        _require_open(campaign_by_id(session, id_of(campaign)))  # it may have been closed since
        return add_batch(session, campaign, batch, rejected, origin)

    return lambda batch, rejected: database.start_write(add_while_open, batch, rejected)


def _request_of(source: ImportSource, campaign: Campaign) -> ReadRequest:
    return ReadRequest(
        source.path,
        source.columns,
        campaign.kind,
        campaign.settings,
        source.options,
        source.max_items,
    )


def _process_batches(
    batches: Batches, callbacks: ImportCallbacks, handle_batch: BatchHandler
) -> ImportResult:
    progress = ImportProgress(callbacks, handle_batch)
    progress.consume(batches)
    return progress.result()
