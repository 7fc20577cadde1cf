"""Import the items of a file into a campaign: in batches, idempotent, never overwriting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError
from bot.imports.file_digest import digest_of_path
from bot.imports.item_reader import (
    AnsweredRow,
    DuplicateAnswer,
    DuplicateRow,
    ImportedItem,
    ReadItem,
    read_items,
)
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import DETECT_ALL, ImportOptions
from bot.imports.row import InvalidRow, RowWarning
from bot.kinds import kind_named
from bot.kinds.content import Content
from bot.services.actors.actor import Actor
from bot.services.answers.campaign_settings import settings_of
from bot.services.campaigns.campaigns import ClosedCampaignError, campaign_by_name
from bot.services.imports.batches import BatchResult, add_batch, dry_run_batch
from bot.services.imports.import_record import ImportedFile, finish_import, start_import
from bot.services.imports.imported_answers import BatchRow
from storage.database import Database
from storage.queries.items import ItemOrigin
from storage.tables import Campaign, CampaignState

BATCH_SIZE = 500
"""Items per transaction: a few milliseconds, so that interactions are stored in between."""

MAX_BATCH_MEDIA_BYTES = 16_000_000
"""Bytes of images after which a transaction ends earlier."""

MAX_REPORTED_ROWS = 1_000
"""Rejected rows kept in the result; `ImportCallbacks.on_rejected` gets every one."""


class ChangedFileError(BotError):
    """“{name}” changed while it was being imported; import it again."""


@dataclass(frozen=True, slots=True)
class ImportSource:
    """The file to import and the name of its campaign.

    `columns` maps columns to parts of an item; unlisted parts are detected. With `strict`, nothing
    is imported if any row is invalid. `name` is what people call the file, if not by its path.
    """

    campaign: str
    path: Path
    columns: ColumnMapping = field(default_factory=ColumnMapping)
    strict: bool = False
    options: ImportOptions = DETECT_ALL
    name: str = ""

    @property
    def file_name(self) -> str:
        """Return what people call the file."""
        return self.name or self.path.name


def _ignore(*_args: object) -> None:
    """Do nothing: the default callback."""


@dataclass(frozen=True, slots=True)
class ImportCallbacks:
    """Callbacks during an import: for rejected rows, for warnings, and for the line reached."""

    on_rejected: Callable[[InvalidRow], None] = _ignore
    on_warning: Callable[[RowWarning], None] = _ignore
    on_line: Callable[[int], None] = _ignore


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Result of importing a file.

    Attributes:
        added: items new in the campaign.
        existing: items already in the campaign.
        duplicates: rows that show experts the same as an earlier row of the file.
        rejected: rows not imported, conflicts included.
        conflicts: rows whose id is in the campaign with other content, which is kept.
        errors: the first MAX_REPORTED_ROWS rejected rows.
        aborted: nothing was imported, because the import was strict and a row is invalid.
        warnings: the first MAX_REPORTED_ROWS things to know about imported rows.
        warning_count: how many there are.
        answers: answers of the file that are new in the campaign.
        existing_answers: answers that the campaign has.
        repeated_answers: answers that an earlier row of the file has, too.
    """

    added: int = 0
    existing: int = 0
    duplicates: int = 0
    rejected: int = 0
    conflicts: int = 0
    errors: tuple[InvalidRow, ...] = ()
    aborted: bool = False
    warnings: tuple[RowWarning, ...] = ()
    warning_count: int = 0
    answers: int = 0
    existing_answers: int = 0
    repeated_answers: int = 0


def import_file(
    database: Database, source: ImportSource, actor: Actor, callbacks: ImportCallbacks | None = None
) -> ImportResult:
    """Import a file; importing it twice adds nothing.

    An interrupted import keeps the items it added; importing the file again continues it.

    Raises:
        NotFoundError: there is no such campaign, or the file type is not supported.
        ClosedCampaignError: the campaign is closed.
        ChangedFileError: the file changed during the import.
        UnreadableFileError, EmptyFileError, MissingColumnError, ColumnsNotDetectedError: the file
            as a whole is rejected.
    """
    campaign = database.read_now(importable_campaign, source.campaign)
    callbacks = callbacks or ImportCallbacks()
    before = _file_fingerprint(source.path)
    if source.strict:
        handler = _build_dry_run(database, campaign)
        dry_run = _process_file(source, campaign, callbacks, handler)
        if dry_run.rejected:
            return replace(dry_run, added=0, answers=0, aborted=True)
        callbacks = replace(callbacks, on_rejected=_ignore, on_warning=_ignore)
    if _file_fingerprint(source.path) != before:
        raise ChangedFileError(name=source.file_name)
    file = ImportedFile(source.file_name, digest_of_path(source.path))
    import_id = database.write_now(start_import, campaign, file, actor)
    origin = ItemOrigin(actor.at, import_id)
    result = _process_file(source, campaign, callbacks, _build_insert(database, campaign, origin))
    counts = {"added": result.added, "existing": result.existing, "rejected": result.rejected}
    counts |= {"answers": result.answers} if source.options.answers else {}
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
    campaign = campaign_by_name(session, name)
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=name)
    return campaign


BatchHandler = Callable[[Sequence[BatchRow], AbstractSet[bytes]], BatchResult]


def _build_dry_run(database: Database, campaign: Campaign) -> BatchHandler:
    return lambda batch, rejected: database.read_now(dry_run_batch, campaign, batch, rejected)


def _build_insert(database: Database, campaign: Campaign, origin: ItemOrigin) -> BatchHandler:
    return lambda batch, rejected: database.write_now(add_batch, campaign, batch, rejected, origin)


def _process_file(
    source: ImportSource, campaign: Campaign, callbacks: ImportCallbacks, handle_batch: BatchHandler
) -> ImportResult:
    kind = kind_named(campaign.kind)
    settings = settings_of(kind, campaign.settings)
    progress = _ImportProgress(callbacks, handle_batch)
    progress.consume(read_items(source.path, source.columns, kind, settings, source.options))
    return progress.result()


def _media_size(content: Content) -> int:
    groups = (content.media, *(candidate.media for candidate in content.candidates))
    return sum(len(media.content) for group in groups for media in group)


class _ImportProgress:
    """Counts the rows of a file and passes its items to `handle_batch` in batches."""

    def __init__(self, callbacks: ImportCallbacks, handle_batch: BatchHandler) -> None:
        self.callbacks = callbacks
        self.handle_batch = handle_batch
        self.batch: list[BatchRow] = []
        self.rejected_digests: set[bytes] = set()
        self.answers = self.existing_answers = self.repeated_answers = 0
        self.errors: list[InvalidRow] = []
        self.warnings: list[RowWarning] = []
        self.warning_count = self.media_bytes = 0
        self.added = self.existing = self.duplicates = self.rejected = self.conflicts = 0

    def consume(self, rows: Iterable[ReadItem]) -> None:
        for row in rows:
            match row:
                case ImportedItem() | AnsweredRow():
                    self.batch.append(row)
                case DuplicateAnswer():
                    self.repeated_answers += 1
                case DuplicateRow():
                    self.duplicates += 1
                case InvalidRow():
                    self.reject(row)
                case RowWarning():
                    self.warn(row)
            if isinstance(row, ImportedItem):
                self.media_bytes += _media_size(row.content)
            if len(self.batch) == BATCH_SIZE or self.media_bytes > MAX_BATCH_MEDIA_BYTES:
                self.flush()
                self.callbacks.on_line(row.line)
        self.flush()

    def reject(self, row: InvalidRow) -> None:
        self.rejected += 1
        self.callbacks.on_rejected(row)
        if len(self.errors) < MAX_REPORTED_ROWS:
            self.errors.append(row)

    def warn(self, warning: RowWarning) -> None:
        self.warning_count += 1
        self.callbacks.on_warning(warning)
        if len(self.warnings) < MAX_REPORTED_ROWS:
            self.warnings.append(warning)

    def flush(self) -> None:
        if not self.batch:
            return
        batch_result = self.handle_batch(self.batch, self.rejected_digests)
        self.rejected_digests |= batch_result.rejected_digests
        self.answers += batch_result.answers.added
        self.existing_answers += batch_result.answers.existing
        self.added += batch_result.added
        self.existing += batch_result.existing
        self.conflicts += len(batch_result.conflicts)
        for conflict in batch_result.conflicts:
            self.reject(conflict)
        self.batch, self.media_bytes = [], 0

    def result(self) -> ImportResult:
        return ImportResult(
            added=self.added,
            existing=self.existing,
            duplicates=self.duplicates,
            rejected=self.rejected,
            conflicts=self.conflicts,
            errors=tuple(self.errors),
            warnings=tuple(self.warnings),
            warning_count=self.warning_count,
            answers=self.answers,
            existing_answers=self.existing_answers,
            repeated_answers=self.repeated_answers,
        )
