"""The dataset of an export: answers read in one state, written with their description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.destinations.local_folder import check_folder
from bot.exports.dataset_details import DatasetDetails
from bot.exports.export_choices import LAST
from bot.exports.export_folder import ExportResult, FolderContent, write_export
from bot.exports.new_answers import IsNew, NewAfterExport, new_since
from bot.exports.row_options import RowOptions
from bot.exports.snapshot import ExportSnapshot
from bot.garbage_collection import collect_rarely
from bot.services.exports import pseudonym_keys, snapshots
from bot.services.exports.claims import ClaimedExportRun
from bot.services.exports.evidence import EvidenceSource, counted_evidence, read_evidence
from bot.services.exports.export_tables import BuiltTables, ExportQuery, build_tables
from bot.services.exports.media_types import media_types_of
from bot.services.exports.meta_check import check_meta
from bot.services.exports.snapshots import EarlierExport
from bot.services.reports.campaign_counts import counts_of
from bot.services.reports.leaderboard_document import (
    LEADERBOARD_FILE,
    dump_leaderboard,
    leaderboard_document,
)
from storage.database import Database
from storage.queries import media_files
from storage.snapshot import read_one_snapshot
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class WrittenDataset:
    """A written export, and what it read, as JSON."""

    result: ExportResult
    snapshot: bytes


def write_dataset(database: Database, run: ClaimedExportRun) -> WrittenDataset:
    """Write the dataset folder of a claimed export.

    Raises:
        BotError: the request cannot be fulfilled.
        OSError: the disk is full or cannot be written.
    """
    check_folder(run.directory)  # an older version accepted any
    database.write_now(pseudonym_keys.ensure_key, run.started_at)
    with collect_rarely():
        return database.read_now(_write, run)


def _write(session: Session, run: ClaimedExportRun) -> WrittenDataset:
    read_one_snapshot(session)
    campaign = session.get_one(Campaign, run.campaign_id)
    check_meta(session, campaign, run.options.meta)
    snapshot = snapshots.take_snapshot(session, campaign)
    earlier = _earlier_export(session, run)
    query = ExportQuery(
        campaign,
        run.format,
        run.options,
        snapshot,
        only_final=run.freezes,
        is_new=is_new_of(session, run.options, snapshot, earlier.snapshot if earlier else None),
        pseudonymizer=pseudonym_keys.pseudonymizer_of(
            session, run.options.pseudonyms, run.campaign_id, run.id
        ),
        media=media_types_of(session, run.campaign_id),
    )
    built = build_tables(session, query)
    evidence = read_evidence(session, EvidenceSource(run, query, built, earlier))
    metadata = _build_metadata(session, query, built, run.started_at)
    content = FolderContent(
        run.folder_name,
        run.format,
        built.tables,
        _redact(built, metadata),
        run.options.splits,
        lambda: _build_documents(session, campaign, built),
        _build_details(campaign, run.options),
        lambda: _redact(built, {**evidence, **counted_evidence(built)}),
        partial(media_files.content_of_file, session),
    )
    return WrittenDataset(write_export(content, run.directory), snapshot.to_json())


def _earlier_export(session: Session, run: ClaimedExportRun) -> EarlierExport | None:
    if run.options.since != LAST:
        return None
    return snapshots.find_earlier_export(session, run.campaign_id, run.format, run.id)


def is_new_of(
    session: Session, options: RowOptions, snapshot: ExportSnapshot, earlier: str | None
) -> IsNew | None:
    """Return which labels are new; None if the export has all, or there is no earlier one.

    Raises:
        UnknownSnapshotError: this database does not know the snapshot of the earlier export.
    """
    if isinstance(options.since, datetime):
        return new_since(options.since)
    if options.since is None or earlier is None:
        return None
    return NewAfterExport.between(snapshots.load_snapshot(session, earlier), snapshot)


def _redact(built: BuiltTables, values: Mapping[str, object]) -> dict[str, object]:
    """Return the description of an export with its texts redacted, as in the rows."""
    if built.redaction is None:
        return dict(values)
    uncounted = built.redaction.with_own_counts()
    return {
        name: value if name in UNREDACTED else uncounted.redact_value(value)
        for name, value in values.items()
    }


UNREDACTED = frozenset(
    ("query", "read", "versions", "seeds", "agreement", "redacted", "campaign", "kind", "read_at")
)
"""Parts of the description without texts of people, and the query, which a replay needs."""


def _build_details(campaign: Campaign, options: RowOptions) -> DatasetDetails:
    campaign_language = (campaign.language,) if campaign.language else ()
    return DatasetDetails(options.licenses, options.languages or campaign_language)


def _build_documents(session: Session, campaign: Campaign, built: BuiltTables) -> dict[str, bytes]:
    leaderboard = leaderboard_document(session, campaign, built.counts.models)
    if leaderboard is None:
        return {}
    return {LEADERBOARD_FILE: dump_leaderboard(_redact(built, leaderboard))}


def _build_metadata(
    session: Session, query: ExportQuery, built: BuiltTables, read_at: datetime
) -> dict[str, object]:
    campaign = query.campaign
    counts = counts_of(session, campaign)
    options: dict[str, object] = {}
    if query.options.min_agreement:
        options["min_agreement"] = query.options.min_agreement
    if query.options.sources:
        options["sources"] = query.options.sources
    reliability = next(
        (rule.reliability for rule in built.fitted.values() if rule and rule.reliability), None
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
        "items": counts.items,
        "annotations": counts.answered,
        "skipped_by_experts": counts.skipped,
        "experts": counts.experts,
        **options,
        "read_at": read_at,
    }
