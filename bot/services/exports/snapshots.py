"""Snapshots of exports: taken while an export reads, and stored for replays and comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.exports.snapshot import (
    AnswerState,
    ExportSnapshot,
    RecordedCampaign,
    digest_of,
    merge_states,
)
from bot.services.actors.actor import Actor
from bot.services.answers.confirmation import FINALIZED_BY_CONFIRMATION
from storage.queries import export_runs, export_snapshots, labels, reviews
from storage.row_id import id_of
from storage.tables import Campaign


class UnknownSnapshotError(BotError):
    """Unknown snapshot {sha256}; it was pruned, or the export was made from another database."""


@dataclass(frozen=True, slots=True)
class EarlierExport:
    """The export after which `since=last` begins: its run, its snapshot, and when it read."""

    run: int
    snapshot: str
    read_at: datetime | None


def take_snapshot(session: Session, campaign: Campaign) -> ExportSnapshot:
    """Return what an export reads now of a campaign."""
    campaign_id = id_of(campaign)
    state = RecordedCampaign(
        id=campaign_id,
        name=campaign.name,
        kind=campaign.kind,
        settings=campaign.settings,
        guidelines_version=campaign.guidelines_version,
    )
    decisions = reviews.decisions_by_item(session, campaign_id).values()
    return ExportSnapshot(
        state,
        merge_states(_iter_states(session, campaign_id)),
        sorted(id_of(decision) for decision in decisions if decision.value),
        export_snapshots.gold_answers(session, campaign_id),
    )


def _iter_states(session: Session, campaign_id: int) -> Iterator[tuple[AnswerState, Sequence[int]]]:
    for stored, numbers in labels.answers_by_state(session, campaign_id).items():
        yield (
            AnswerState(
                version=stored.version,
                reason=stored.reason,
                is_gold=stored.is_gold,
                is_final=stored.finalized_by is not None,
                is_confirmed=stored.finalized_by == FINALIZED_BY_CONFIRMATION,
            ),
            numbers,
        )


def store_snapshot(session: Session, content: bytes, now: datetime) -> str:
    """Store what an export read, and return its SHA-256 in hex."""
    sha256 = digest_of(content)
    export_snapshots.store(session, sha256, content, now)
    return sha256


def load_snapshot(session: Session, sha256: str) -> ExportSnapshot:
    """Return what an export read.

    Raises:
        UnknownSnapshotError: this database does not have it.
    """
    content = export_snapshots.load(session, sha256)
    if content is None:
        raise UnknownSnapshotError(sha256=sha256)
    return ExportSnapshot.from_json(content)


@dataclass(frozen=True, slots=True)
class PrunedSnapshots:
    """How many snapshots were deleted, or would be, and their bytes in the database."""

    snapshots: int
    bytes: int


def count_old_snapshots(session: Session, before: datetime) -> PrunedSnapshots:
    """Return what `prune_snapshots` would delete."""
    old = export_snapshots.old_snapshots(session, before)
    return PrunedSnapshots(len(old), sum(size for _sha256, size in old))


def prune_snapshots(session: Session, before: datetime, actor: Actor) -> PrunedSnapshots:
    """Delete the snapshots that no export since that time has read; such exports have no replay.

    The last successful export of each campaign in each format, and of each schedule, keeps its own.
    """
    old = export_snapshots.old_snapshots(session, before)
    pruned = PrunedSnapshots(len(old), sum(size for _sha256, size in old))
    export_snapshots.delete(session, [sha256 for sha256, _size in old])
    details = {"before": f"{before:%Y-%m-%d}", "snapshots": pruned.snapshots}
    actor.record(session, "pruned snapshots of exports", "exports", **details)
    return pruned


def find_earlier_export(
    session: Session, campaign_id: int, format_name: str, run_id: int
) -> EarlierExport | None:
    """Return the last successful export of a campaign in a format, None if there is none.

    For the run of a schedule, it is the last one of that schedule.
    """
    schedule_id = export_runs.schedule_of(session, run_id)
    run = export_runs.last_read_run(session, campaign_id, format_name, schedule_id)
    if run is None or run.snapshot is None:
        return None
    return EarlierExport(id_of(run), run.snapshot, run.started_at)
