"""Running an export: stream stored answers into a dataset folder and record the outcome."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bot.clock import Clock
from bot.destinations.upload_files import manifest_sha256
from bot.errors import BotError
from bot.exports.export_folder import ExportResult
from bot.exports.temporary_folder import remove_abandoned_folders
from bot.services.exports import claims, snapshots
from bot.services.exports.claims import ClaimedExportRun, WrittenExport
from bot.services.exports.dataset import WrittenDataset, write_dataset
from bot.services.exports.delivery import PAUSES_SECONDS, deliver_export
from bot.services.exports.failures import record_failure
from bot.services.exports.folder_name import finalizer_name
from storage.database import Database
from storage.queries import export_runs, final_answers
from storage.worker_lock import WorkerLock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """Number of exports that were written, and that failed."""

    written: int
    failed: int


def run_pending_exports(database: Database, clock: Clock) -> ExportCounts:
    """Run every waiting export, one after the other.

    A failure is logged and recorded with its run; the next export runs all the same. What killed
    processes left in the export folders is removed first.
    """
    counts = Counter[bool]()
    for directory in database.read_now(export_runs.abandoned_directories):
        with suppress(OSError):  # the folder may be gone or unreadable
            remove_abandoned_folders(Path(directory))
    with closing(WorkerLock(database.engine)) as worker:
        while run := database.write_now(claims.claim_run, clock.now(), worker.id):
            counts[_try_run(database, run, clock)] += 1
    return ExportCounts(written=counts[True], failed=counts[False])


def _try_run(database: Database, run: ClaimedExportRun, clock: Clock) -> bool:
    try:
        if run.written and is_intact(run.written):
            deliver_run(database, run, run.written, clock)
        else:
            run_export(database, run, clock)
    except BotError as error:
        log.warning("Export %s: %s", run.id, error)
        return False
    except Exception:
        log.exception("Export %s failed", run.id)
        return False
    return True


def run_export(database: Database, run: ClaimedExportRun, clock: Clock) -> ExportResult:
    """Run a claimed export, deliver it to its destination, if any, and record its outcome.

    An export that freezes makes the answers final first and contains only final answers, so that
    none changes after it was read. If the export cannot be written, the answers can change again.

    Raises:
        BotError: the request cannot be fulfilled; the run fails permanently.
        DiskError: writing failed; the run is tried again later.
        UndeliveredExportError: it was written and not delivered; `is_permanent` says whether only
            the delivery is tried again later.
        Exception: a bug; the run is tried again later.
    """
    with record_failure(database, run, clock):
        dataset = _export_frozen(database, run) if run.freezes else write_dataset(database, run)
        result = dataset.result
        written = WrittenExport(
            result.directory,
            result.row_count,
            sum(result.left_out.values()),
            manifest_sha256(result.directory),
            database.write_now(snapshots.store_snapshot, dataset.snapshot, clock.now()),
        )
    return replace(result, location=deliver_run(database, run, written, clock))


def is_intact(written: WrittenExport) -> bool:
    """Return whether the folder that an earlier attempt wrote still has its manifest."""
    try:
        return manifest_sha256(written.path) == written.manifest_sha256
    except OSError:
        return False


def deliver_run(
    database: Database, run: ClaimedExportRun, written: WrittenExport, clock: Clock
) -> str | None:
    """Deliver a written export to its destination and finish its run; return where it is.

    A run without a destination is finished at once, and None is returned.

    Raises:
        UndeliveredExportError, OSError: as `run_export`.
    """
    location, destination = None, run.destination
    if destination:
        database.write_now(claims.record_written, run, written)
        run = replace(run, written=written)
        with record_failure(database, run, clock):
            pauses = PAUSES_SECONDS if run.is_interactive else ()
            location = deliver_export(written.path, destination, pauses)
    database.write_now(claims.finish_run, run, written, clock.now(), location)
    return location


def _export_frozen(database: Database, run: ClaimedExportRun) -> WrittenDataset:
    name = finalizer_name(run.folder_name)
    database.write_now(final_answers.freeze_answers, run.campaign_id, name)
    try:
        return write_dataset(database, run)
    except BaseException:
        database.write_now(final_answers.unfreeze_answers, run.campaign_id, name)
        raise
