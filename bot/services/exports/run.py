"""Running an export: stream stored answers into a dataset folder and record the outcome."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from bot.clock import Clock
from bot.errors import BotError
from bot.exports.destination import check_destination
from bot.exports.export_folder import ExportResult, write_export
from bot.exports.formats.annotations import ANNOTATIONS
from bot.exports.temporary_folder import remove_abandoned_folders
from bot.services.answers.labels import iter_labels
from bot.services.exports import claims
from bot.services.exports.claims import (
    ClaimedExportRun,
    ExportOutcome,
    export_folder_name,
    finalizer_name,
)
from bot.services.exports.supported_formats import supported_format
from bot.services.reports.campaign_status import status_of
from bot.services.reports.leaderboard_document import (
    LEADERBOARD_FILE,
    dump_leaderboard,
    leaderboard_document,
)
from storage.database import Database
from storage.queries import export_runs, final_answers
from storage.tables import Campaign
from storage.worker_lock import WorkerLock

log = logging.getLogger(__name__)

INTERRUPTED_REASON = "it was interrupted"


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """Number of exports that were written, and that failed."""

    written: int
    failed: int


class DiskError(BotError):
    """The export could not be written: {reason}. Check the folder and its free space; try again."""


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
        run_export(database, run, clock)
    except BotError as error:
        log.warning("Export %s: %s", run.id, error)
        return False
    except Exception:
        log.exception("Export %s failed", run.id)
        return False
    return True


def run_export(database: Database, run: ClaimedExportRun, clock: Clock) -> ExportResult:
    """Run a claimed export and record its outcome.

    An export that freezes makes the answers final first and contains only final answers, so that
    none changes after it was read. If the export fails, the answers can change again.

    Raises:
        BotError: the request cannot be fulfilled; the run fails permanently.
        DiskError: writing failed; the run is tried again later.
        Exception: a bug; the run is tried again later.
    """
    try:
        written = _export_frozen(database, run) if run.freezes else _export(database, run)
    except OSError as error:
        reason = f"{error.strerror or error} ({run.directory})"
        database.write_now(claims.fail_run, run, reason, clock.now())
        raise DiskError(reason=reason) from error
    except BotError as error:
        database.write_now(claims.fail_run, run, str(error), clock.now(), permanent=True)
        raise
    except KeyboardInterrupt:
        database.write_now(claims.fail_run, run, INTERRUPTED_REASON, clock.now(), permanent=True)
        raise
    except Exception as error:
        database.write_now(claims.fail_run, run, type(error).__name__, clock.now())
        raise
    outcome = ExportOutcome(written.directory, written.row_count, sum(written.left_out.values()))
    database.write_now(claims.finish_run, run, outcome, clock.now())
    return written


def _export(database: Database, run: ClaimedExportRun) -> ExportResult:
    return database.read_now(_write_campaign, run)


def _export_frozen(database: Database, run: ClaimedExportRun) -> ExportResult:
    name = database.read_now(_finalizer_name, run)
    database.write_now(final_answers.freeze_answers, run.campaign_id, name)
    try:
        return _export(database, run)
    except BaseException:
        database.write_now(final_answers.unfreeze_answers, run.campaign_id, name)
        raise


def _finalizer_name(session: Session, run: ClaimedExportRun) -> str:
    campaign = session.get_one(Campaign, run.campaign_id)
    return finalizer_name(campaign.name, run)


def _write_campaign(session: Session, run: ClaimedExportRun) -> ExportResult:
    check_destination(run.directory)  # an older version accepted any
    campaign = session.get_one(Campaign, run.campaign_id)
    with_gold = run.format == ANNOTATIONS.name
    labels = iter_labels(session, campaign, with_gold=with_gold, only_final=run.freezes)
    with closing(labels):
        return write_export(
            labels,
            format=supported_format(campaign, run.format),
            directory=run.directory,
            name=export_folder_name(campaign.name, run),
            metadata=_build_metadata(session, campaign, run),
            documents=_build_documents(session, campaign),
        )


def _build_documents(session: Session, campaign: Campaign) -> dict[str, bytes]:
    leaderboard = leaderboard_document(session, campaign)
    return {} if leaderboard is None else {LEADERBOARD_FILE: dump_leaderboard(leaderboard)}


def _build_metadata(
    session: Session, campaign: Campaign, run: ClaimedExportRun
) -> dict[str, object]:
    status = status_of(session, campaign)
    return {
        "campaign": campaign.name,
        "title": campaign.title,
        "kind": campaign.kind,
        "settings": campaign.settings,
        "guidelines": campaign.guidelines,
        "guidelines_version": campaign.guidelines_version,
        "overlap": campaign.overlap,
        "items": status.items,
        "annotations": status.answered,
        "skipped_by_experts": status.skipped,
        "experts": status.experts,
        "read_at": run.started_at,
    }
