"""Export runs that a process takes on and finishes, so that each is done exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.exports.row_options import DEFAULT_OPTIONS, RowOptions, parse_row_options
from bot.messages.exports import ExportResultMessage
from bot.services.actors.actor import Actor
from bot.services.exports import jobs
from bot.services.exports.jobs import ExportRequest
from storage.queries import export_runs, final_answers, outbox
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, RunState

RETRY_DELAY = timedelta(minutes=1)
"""Pause between two attempts at a run that failed."""

MAX_ATTEMPTS = 3

ABANDONED_ERROR = "it was started {attempts} times and never finished"
STOPPED_ERROR = "the command that ran it was stopped"


@dataclass(frozen=True, slots=True)
class ClaimedExportRun:
    """A run that a process has taken on; `attempt` tells apart the processes that do so in turn."""

    id: int
    campaign_id: int
    format: str
    directory: Path
    due_at: datetime
    started_at: datetime
    attempt: int
    requested_by: str | None
    channel: str | None = None
    freezes: bool = False
    is_interactive: bool = False
    options: RowOptions = DEFAULT_OPTIONS


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """The result of a finished run."""

    path: Path
    rows: int
    left_out: int


def has_waiting_run(session: Session, now: datetime) -> bool:
    """Return whether a run is waiting to be claimed."""
    return export_runs.next_run(session, now, retry_delay=RETRY_DELAY) is not None


def queue_and_claim(
    session: Session, campaign: Campaign, request: ExportRequest, actor: Actor, worker: str
) -> ClaimedExportRun:
    """Queue an export for somebody who waits for it, and claim it at once.

    Raises:
        NotFoundError, UnsupportedFormatError: nothing is queued.
    """
    run = jobs.queue_export(session, campaign, request, actor)
    run.is_interactive = True
    return _claim(session, run, actor.at, worker)


def claim_run(session: Session, now: datetime, worker: str) -> ClaimedExportRun | None:
    """Claim the first waiting run for the holder of a worker lock, None if there is none.

    A run that was abandoned fails instead, if it was so `MAX_ATTEMPTS` times or if somebody had
    waited for it.
    """
    while run := export_runs.next_run(session, now, retry_delay=RETRY_DELAY):
        if run.attempts < MAX_ATTEMPTS and not run.is_interactive:
            return _claim(session, run, now, worker)
        _fail_abandoned(session, run, now)
    return None


def _fail_abandoned(session: Session, run: ExportRun, now: datetime) -> None:
    abandoned = ABANDONED_ERROR.format(attempts=run.attempts)
    run.state, run.error = RunState.FAILED, STOPPED_ERROR if run.is_interactive else abandoned
    run.finished_at = now
    session.add(run)
    session.flush()
    if run.freezes:
        name = finalizer_name(session.get_one(Campaign, run.campaign_id).name, run)
        final_answers.unfreeze_answers(session, run.campaign_id, name)
    _notify_requester(session, run, now)


def _claim(session: Session, run: ExportRun, now: datetime, worker: str) -> ClaimedExportRun:
    run.state, run.started_at, run.attempts = RunState.RUNNING, now, run.attempts + 1
    run.worker = worker
    session.add(run)
    session.flush()
    return ClaimedExportRun(
        id=id_of(run),
        campaign_id=run.campaign_id,
        format=run.format,
        directory=Path(run.directory),
        due_at=run.due_at,
        started_at=now,
        attempt=run.attempts,
        requested_by=run.requested_by,
        channel=run.channel,
        freezes=run.freezes,
        is_interactive=run.is_interactive,
        options=parse_row_options(run.options),
    )


def finish_run(
    session: Session, run: ClaimedExportRun, outcome: ExportOutcome, now: datetime
) -> bool:
    """Record that a run is done and notify the requester; False if another process claimed it."""
    is_owner = export_runs.record_outcome(
        session,
        run.id,
        run.attempt,
        state=RunState.DONE,
        finished_at=now,
        rows=outcome.rows,
        left_out=outcome.left_out,
        path=str(outcome.path),
        error=None,
    )
    if is_owner:
        _notify_requester(session, session.get_one(ExportRun, run.id), now)
    return is_owner


def fail_run(
    session: Session, run: ClaimedExportRun, error: str, now: datetime, *, permanent: bool = False
) -> bool:
    """Record that a run failed; return False if another process has claimed it since.

    It is tried again unless the error is `permanent`, this was the last attempt, or somebody waits
    for it. A final failure is reported to the requester.
    """
    is_final = permanent or run.is_interactive or run.attempt >= MAX_ATTEMPTS
    state = RunState.FAILED if is_final else RunState.QUEUED
    finished_at = now if is_final else None
    is_owner = export_runs.record_outcome(
        session, run.id, run.attempt, state=state, error=error, finished_at=finished_at
    )
    if is_owner and is_final:
        stored = session.get_one(ExportRun, run.id)
        if run.is_interactive:
            stored.reported_at = now  # the command prints the error
        _notify_requester(session, stored, now)
    return is_owner


def _notify_requester(session: Session, run: ExportRun, now: datetime) -> None:
    """Notify the run's channel, else the person who requested it, else nobody."""
    recipient = run.channel or run.requested_by
    if recipient:
        message = ExportResultMessage(id_of(run), channel=run.channel or None)
        outbox.enqueue(session, message, recipient=recipient, now=now)
        run.reported_at = now
    session.add(run)


def export_folder_name(campaign: str, run: ClaimedExportRun | ExportRun) -> str:
    """Return the name of an export's folder, the same for all attempts to avoid duplicates."""
    options = parse_row_options(run.options) if isinstance(run, ExportRun) else run.options
    return f"{campaign}-{run.format}{options.name_suffix}-{run.due_at:%Y%m%dT%H%M%SZ}"


def finalizer_name(campaign: str, run: ClaimedExportRun | ExportRun) -> str:
    """Return what is recorded as having made the answers final that an export froze."""
    return f"the export {export_folder_name(campaign, run)}"
