"""Progress of an import: rows are counted and collected in batches, which are stored meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass

from bot.imports.read_item import DuplicateAnswer, DuplicateRow, OtherRow
from bot.imports.row import InvalidRow, RowWarning
from bot.services.imports.batches import BatchResult
from bot.services.imports.import_batch import ImportBatch

MAX_REPORTED_ROWS = 1_000
"""Rejected rows kept in the result; `ImportCallbacks.on_rejected` gets every one."""


def ignore(*_args: object) -> None:
    """Do nothing: the default callback."""


@dataclass(frozen=True, slots=True)
class ImportCallbacks:
    """Callbacks during an import: for rejected rows, for warnings, and for the line reached."""

    on_rejected: Callable[[InvalidRow], None] = ignore
    on_warning: Callable[[RowWarning], None] = ignore
    on_line: Callable[[int], None] = ignore


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

    @property
    def is_refused(self) -> bool:
        """Return whether the campaign has none of the rows because rows are invalid."""
        has_rows = self.added or self.existing or self.answers
        return self.aborted or bool(self.rejected and not has_rows)


BatchHandler = Callable[[ImportBatch, AbstractSet[bytes]], Future[BatchResult]]
"""Starts to store a batch; the second argument has the digests of items rejected before."""


class ImportProgress:
    """Counts the rows of a file and passes its batches to `handle_batch`.

    While a batch is stored, the next one is read.
    """

    def __init__(self, callbacks: ImportCallbacks, handle_batch: BatchHandler) -> None:
        """Begin an import without rows."""
        self.callbacks = callbacks
        self.handle_batch = handle_batch
        self.stored: Future[BatchResult] | None = None
        self.rejected_digests: set[bytes] = set()
        self.answers = self.existing_answers = self.repeated_answers = 0
        self.errors: list[InvalidRow] = []
        self.warnings: list[RowWarning] = []
        self.warning_count = 0
        self.added = self.existing = self.duplicates = self.rejected = self.conflicts = 0

    def consume(self, batches: Generator[ImportBatch, None, None]) -> None:
        """Count all rows and store their items; if reading fails, what was read before is kept."""
        with closing(batches):
            try:
                for batch in batches:
                    for row in batch.others:
                        self.count(row)
                    if batch.rows:
                        self.store(batch)
                    self.callbacks.on_line(batch.line)
            finally:
                self.count_stored()

    def count(self, row: OtherRow) -> None:
        """Count a row that is not stored, and report what is wrong with it."""
        match row:
            case DuplicateAnswer():
                self.repeated_answers += 1
            case DuplicateRow():
                self.duplicates += 1
            case InvalidRow():
                self.reject(row)
            case RowWarning():
                self.warn(row)

    def reject(self, row: InvalidRow) -> None:
        """Count a row that is not imported, and report it."""
        self.rejected += 1
        self.callbacks.on_rejected(row)
        if len(self.errors) < MAX_REPORTED_ROWS:
            self.errors.append(row)

    def warn(self, warning: RowWarning) -> None:
        """Count a warning, and report it."""
        self.warning_count += 1
        self.callbacks.on_warning(warning)
        if len(self.warnings) < MAX_REPORTED_ROWS:
            self.warnings.append(warning)

    def store(self, batch: ImportBatch) -> None:
        """Start to store a batch when the one before it is stored."""
        self.count_stored()
        self.stored = self.handle_batch(batch, self.rejected_digests)

    def count_stored(self) -> None:
        """Wait until the last batch is stored, and count its result."""
        if self.stored is None:
            return
        stored, self.stored = self.stored.result(), None
        self.rejected_digests |= stored.rejected_digests
        self.answers += stored.answers.added
        self.existing_answers += stored.answers.existing
        self.added += stored.added
        self.existing += stored.existing
        self.conflicts += len(stored.conflicts)
        for conflict in stored.conflicts:
            self.reject(conflict)

    def result(self) -> ImportResult:
        """Return the counts; all batches must be stored."""
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
