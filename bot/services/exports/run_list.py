"""The exports of a campaign, or of all: when, where, and with which outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage.queries import export_runs
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun


@dataclass(frozen=True, slots=True)
class ExportRunStatus:
    """One export, as it was requested and with its outcome so far.

    Attributes:
        directory: folder in which the export is or will be.
        path: the written export, None if there is none yet.
        location: where it was delivered, None if it was not.
        manifest_sha256: checksum of its manifest, which has those of its data files.
        retry_at: when a failed attempt is repeated.
    """

    id: int
    campaign: str
    format: str
    options: dict[str, str]
    is_scheduled: bool
    due_at: datetime
    state: str
    attempts: int
    finished_at: datetime | None
    rows: int | None
    left_out: int | None
    directory: str
    path: str | None
    destination: str | None
    location: str | None
    channel: str | None
    manifest_sha256: str | None
    missed_runs: int
    retry_at: datetime | None
    error: str | None


def list_runs(
    session: Session, campaign_id: int | None, limit: int, *, before: int | None = None
) -> list[ExportRunStatus]:
    """Return the newest exports of a campaign, or of all campaigns, newest first.

    `before` is the id of an export (for paging).
    """
    runs = export_runs.newest_runs(session, campaign_id, limit, before=before)
    return [status_of(run, campaign) for run, campaign in runs]


def find_run(session: Session, run_id: int) -> ExportRunStatus | None:
    """Return an export, None if there is none with this id."""
    run = session.get(ExportRun, run_id)
    return status_of(run, session.get_one(Campaign, run.campaign_id)) if run else None


def status_of(run: ExportRun, campaign: Campaign) -> ExportRunStatus:
    """Return the status of a stored export."""
    return ExportRunStatus(
        id=id_of(run),
        campaign=campaign.name,
        format=run.format,
        options=run.options,
        is_scheduled=run.schedule_id is not None,
        due_at=run.due_at,
        state=run.state,
        attempts=run.attempts,
        finished_at=run.finished_at,
        rows=run.rows,
        left_out=run.left_out,
        directory=run.directory,
        path=run.path,
        destination=run.destination,
        location=run.location,
        channel=run.channel,
        manifest_sha256=run.manifest_sha256,
        missed_runs=run.missed_runs,
        retry_at=run.retry_at,
        error=run.error,
    )
