"""Running an export: stream stored answers into a dataset folder and record the outcome."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import Session

from bot.clock import Clock
from bot.destinations.local_folder import check_folder
from bot.destinations.upload_files import manifest_sha256
from bot.errors import BotError
from bot.exports.dataset_details import DatasetDetails
from bot.exports.export_folder import ExportResult, FolderContent, write_export
from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.row_options import Aggregate, RowOptions
from bot.exports.table_labels import needs_rating_pairs, select_table
from bot.exports.tables import ExportTable
from bot.exports.temporary_folder import remove_abandoned_folders
from bot.kinds import kind_named
from bot.services.answers.labels import iter_items
from bot.services.exports import claims
from bot.services.exports.claims import (
    ClaimedExportRun,
    WrittenExport,
    export_folder_name,
    finalizer_name,
)
from bot.services.exports.delivery import PAUSES_SECONDS, deliver_export
from bot.services.exports.failures import record_failure
from bot.services.exports.share_rules import FittedRule, fit_rule
from bot.services.exports.supported_formats import tables_of
from bot.services.reports.campaign_status import status_of
from bot.services.reports.leaderboard_document import (
    LEADERBOARD_FILE,
    dump_leaderboard,
    leaderboard_document,
)
from storage.database import Database
from storage.queries import export_runs, final_answers, labels
from storage.queries.labels import UncountedAnswer
from storage.snapshot import read_one_snapshot
from storage.tables import Campaign
from storage.worker_lock import WorkerLock

log = logging.getLogger(__name__)

UNCOUNTED_REASONS = {
    UncountedAnswer.REPEAT: "pair repeated with its sides exchanged",
    UncountedAnswer.PRACTICE: "practice question",
    UncountedAnswer.CONFIRMATION: "confirmation of another answer",
    UncountedAnswer.SKIPPED: "skipped by the expert",
    UncountedAnswer.EXCLUDED: "excluded by a coordinator",
    UncountedAnswer.INCOMPLETE: "not complete",
    UncountedAnswer.GOLD: "gold question",
    UncountedAnswer.NOT_FINAL: "can still be changed",
}


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
        result = _export_frozen(database, run) if run.freezes else _export(database, run)
        written = WrittenExport(
            result.directory,
            result.row_count,
            sum(result.left_out.values()),
            manifest_sha256(result.directory),
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
    check_folder(run.directory)  # an older version accepted any
    read_one_snapshot(session)
    campaign = session.get_one(Campaign, run.campaign_id)
    tables = [
        _Table(campaign, run, *table) for table in tables_of(campaign, run.format, run.options)
    ]
    fitted = {table.aggregate: fit_rule(session, campaign, table.aggregate) for table in tables}
    content = FolderContent(
        export_folder_name(campaign.name, run),
        run.format,
        [
            ExportTable(
                table.format, _iter_labels(session, table, fitted[table.aggregate]), table.aggregate
            )
            for table in tables
        ],
        _build_metadata(session, campaign, run, fitted),
        run.options.splits,
        _build_documents(session, campaign),
        _build_details(campaign, run.options),
    )
    return write_export(content, run.directory)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a claimed run."""

    campaign: Campaign
    run: ClaimedExportRun
    format: Format
    aggregate: Aggregate

    @property
    def has_rating_pairs(self) -> bool:
        """Return whether its rows are pairs of ratings."""
        return needs_rating_pairs(self.format, kind_named(self.campaign.kind).example.label)


def _iter_labels(
    session: Session, table: _Table, fitted: FittedRule | None
) -> Iterator[LabelRecord | LeftOutLabel]:
    """Yield the labels of a table, and the answers that have none."""
    coverage = {"with_gold": table.format.includes_uncounted, "only_final": table.run.freezes}
    rule, is_paired = fitted.rule if fitted else None, table.has_rating_pairs
    with closing(iter_items(session, table.campaign, **coverage, by_prompt=is_paired)) as items:
        yield from select_table(
            items, table.format, table.run.options, rule, has_rating_pairs=is_paired
        )
    yield from _uncounted_labels(session, table.run.campaign_id, **coverage)


def _build_details(campaign: Campaign, options: RowOptions) -> DatasetDetails:
    campaign_language = (campaign.language,) if campaign.language else ()
    return DatasetDetails(options.licenses, options.languages or campaign_language)


def _build_documents(session: Session, campaign: Campaign) -> dict[str, bytes]:
    leaderboard = leaderboard_document(session, campaign)
    return {} if leaderboard is None else {LEADERBOARD_FILE: dump_leaderboard(leaderboard)}


def _uncounted_labels(
    session: Session, campaign_id: int, *, with_gold: bool, only_final: bool
) -> list[LeftOutLabel]:
    """Return the answers that have no label at all, by reason."""
    counts = labels.count_uncounted_answers(
        session, campaign_id, with_gold=with_gold, only_final=only_final
    )
    return [LeftOutLabel(UNCOUNTED_REASONS[reason], count) for reason, count in counts.items()]


def _build_metadata(
    session: Session,
    campaign: Campaign,
    run: ClaimedExportRun,
    fitted: Mapping[Aggregate, FittedRule | None],
) -> dict[str, object]:
    status = status_of(session, campaign)
    options: dict[str, object] = {}
    if run.options.min_agreement:
        options["min_agreement"] = run.options.min_agreement
    if run.options.sources:
        options["sources"] = run.options.sources
    reliability = next(
        (rule.reliability for rule in fitted.values() if rule and rule.reliability), None
    )
    if reliability:
        options["expert_reliability"] = reliability
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
        **options,
        "read_at": run.started_at,
    }
