"""Export runs that a process takes on and finishes, so that each is done exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError
from bot.exports.row_options import DEFAULT_OPTIONS, RowOptions, parse_row_options
from bot.messages.exports import ExportResultMessage
from bot.services.actors.actor import Actor
from bot.services.exports.export_request import ExportRequest, queue_export
from bot.services.exports.folder_name import finalizer_name, folder_name_of
from bot.webhooks.events import ExportFailed, ExportReady
from storage.queries import export_runs, final_answers, outbox, webhook_deliveries
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, RunState

RETRY_DELAY = timedelta(minutes=1)
"""Pause before another attempt at a run that failed."""

MAX_RETRY_DELAY = timedelta(hours=1)
"""Longest pause before another attempt to deliver an export; it doubles each time."""

MAX_ATTEMPTS = 3

MAX_DELIVERY_ATTEMPTS = 8
"""Attempts at a run that was written, but not delivered: within about two hours."""

ABANDONED_ERROR = "it was started {attempts} times and never finished"
STOPPED_ERROR = "the command that ran it was stopped"


@dataclass(frozen=True, slots=True)
class WrittenExport:
    """The folder of an export on this machine, with the checksum of its manifest.

    `snapshot` is the SHA-256 of what it read, None if an older version wrote it.
    """

    path: Path
    rows: int
    left_out: int
    manifest_sha256: str
    snapshot: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedExportRun:
    """A run that a process has taken on; `attempt` distinguishes the processes that do so in turn.

    `written` is the folder that an earlier attempt has written, but not delivered. `folder_name` is
    the same in all attempts.
    """

    id: int
    campaign_id: int
    format: str
    directory: Path
    due_at: datetime
    started_at: datetime
    attempt: int
    requested_by: str | None
    destination: str | None = None
    written: WrittenExport | None = None
    channel: str | None = None
    freezes: bool = False
    is_interactive: bool = False
    options: RowOptions = DEFAULT_OPTIONS
    folder_name: str = ""


def has_waiting_run(session: Session, now: datetime) -> bool:
    """Return whether a run is waiting to be claimed."""
    return export_runs.next_run(session, now, max_delay=MAX_RETRY_DELAY) is not None


def queue_and_claim(
    session: Session, campaign: Campaign, request: ExportRequest, actor: Actor, worker: str
) -> ClaimedExportRun:
    """Queue an export for somebody who waits for it, and claim it at once.

    Raises:
        NotFoundError, UnsupportedFormatError: nothing is queued.
    """
    run = queue_export(session, campaign, request, actor)
    run.is_interactive = True
    return _claim(session, run, actor.at, worker)


def claim_run(session: Session, now: datetime, worker: str) -> ClaimedExportRun | None:
    """Claim the first waiting run for the holder of a worker lock, None if there is none.

    A run that was abandoned fails instead, if it had as many attempts as are allowed or if somebody
    had waited for it.
    """
    while run := export_runs.next_run(session, now, max_delay=MAX_RETRY_DELAY):
        if run.attempts < _max_attempts(run.path) and not run.is_interactive:
            return _claim(session, run, now, worker)
        _fail_abandoned(session, run, now)
    return None


class UnknownExportRunError(BotError):
    """There is no export {id}; `labelbot exports` lists them."""


class NotDeliverableError(BotError):
    """Export {id} cannot be delivered again: {reason}."""


def claim_delivery(
    session: Session, run_id: int, now: datetime, worker: str
) -> tuple[ClaimedExportRun, WrittenExport]:
    """Claim a run that was written and not delivered, for somebody who waits for its delivery.

    Raises:
        UnknownExportRunError: there is no such run.
        NotDeliverableError: it was not written, has no destination, is delivered, or is running.
    """
    run = export_runs.locked_run(session, run_id)
    if run is None:
        raise UnknownExportRunError(id=run_id)
    if reason := reason_not_to_deliver(run):
        raise NotDeliverableError(id=run_id, reason=reason)
    run.is_interactive, run.finished_at = True, None
    claimed = _claim(session, run, now, worker)
    if claimed.written is None:
        raise NotDeliverableError(id=run_id, reason="it was not written; export again")
    return claimed, claimed.written


def reason_not_to_deliver(run: ExportRun) -> str:
    """Return why an export cannot be delivered again, empty if it can."""
    if not run.destination:
        return "it has no destination; its folder is all there is"
    if run.state == RunState.DONE:
        return f"it was delivered to {run.location}"
    if run.state == RunState.RUNNING:
        return "it is running"
    if not run.path:
        return "it was not written; export again"
    return ""


def _max_attempts(path: str | Path | None) -> int:
    return MAX_DELIVERY_ATTEMPTS if path else MAX_ATTEMPTS


def _next_attempt_at(run: ClaimedExportRun, now: datetime) -> datetime:
    """Return when a run that fails now is tried again; a delivery waits longer each time."""
    if not run.written:
        return run.started_at + RETRY_DELAY
    factor: int = 2 ** (run.attempt - 1)
    return now + min(RETRY_DELAY * factor, MAX_RETRY_DELAY)


def _fail_abandoned(session: Session, run: ExportRun, now: datetime) -> None:
    abandoned = ABANDONED_ERROR.format(attempts=run.attempts)
    run.state, run.error = RunState.FAILED, STOPPED_ERROR if run.is_interactive else abandoned
    run.finished_at = now
    session.add(run)
    session.flush()
    if run.freezes and not run.path:
        name = finalizer_name(folder_name_of(session, run))
        final_answers.unfreeze_answers(session, run.campaign_id, name)
    _notify_requester(session, run, now)
    _queue_event(session, run, ExportFailed(id_of(run)), now)


def _claim(session: Session, run: ExportRun, now: datetime, worker: str) -> ClaimedExportRun:
    run.state, run.started_at, run.attempts = RunState.RUNNING, now, run.attempts + 1
    run.worker, run.retry_at = worker, None
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
        destination=run.destination,
        written=_written_export(run),
        channel=run.channel,
        freezes=run.freezes,
        is_interactive=run.is_interactive,
        options=parse_row_options(run.options),
        folder_name=folder_name_of(session, run),
    )


def _written_export(run: ExportRun) -> WrittenExport | None:
    if not run.path or not run.manifest_sha256:
        return None
    return WrittenExport(
        Path(run.path), run.rows or 0, run.left_out or 0, run.manifest_sha256, run.snapshot
    )


def record_written(session: Session, run: ClaimedExportRun, written: WrittenExport) -> bool:
    """Record that the folder is written and only its delivery is left.

    A later attempt delivers the same folder. Returns False if another process claimed the run.
    """
    return export_runs.record_outcome(session, run.id, run.attempt, **_columns(written))


def _columns(written: WrittenExport) -> dict[str, object]:
    return {
        "rows": written.rows,
        "left_out": written.left_out,
        "path": str(written.path),
        "manifest_sha256": written.manifest_sha256,
        "snapshot": written.snapshot,
    }


def finish_run(
    session: Session,
    run: ClaimedExportRun,
    written: WrittenExport,
    now: datetime,
    location: str | None = None,
) -> bool:
    """Record that a run is done and notify the requester; False if another process claimed it.

    `location` is where the export was delivered, if it was.
    """
    is_owner = export_runs.record_outcome(
        session,
        run.id,
        run.attempt,
        state=RunState.DONE,
        finished_at=now,
        location=location,
        error=None,
        **_columns(written),
    )
    if is_owner:
        stored = session.get_one(ExportRun, run.id)
        _notify_requester(session, stored, now)
        _queue_event(session, stored, ExportReady(run.id), now)
    return is_owner


def fail_run(
    session: Session, run: ClaimedExportRun, error: str, now: datetime, *, permanent: bool = False
) -> bool:
    """Record that a run failed; return False if another process has claimed it since.

    It is tried again unless the error is `permanent`, this was the last attempt, or somebody waits
    for it. A final failure is reported to the requester.
    """
    max_attempts = _max_attempts(run.written.path if run.written else None)
    is_final = permanent or run.is_interactive or run.attempt >= max_attempts
    is_owner = export_runs.record_outcome(
        session,
        run.id,
        run.attempt,
        state=RunState.FAILED if is_final else RunState.QUEUED,
        error=error,
        finished_at=now if is_final else None,
        retry_at=None if is_final else _next_attempt_at(run, now),
    )
    if is_owner and is_final:
        stored = session.get_one(ExportRun, run.id)
        if run.is_interactive:
            stored.reported_at = now  # the command prints the error
        _notify_requester(session, stored, now)
        _queue_event(session, stored, ExportFailed(run.id), now)
    return is_owner


def _queue_event(
    session: Session, run: ExportRun, event: ExportReady | ExportFailed, now: datetime
) -> None:
    webhook_deliveries.queue_event(session, event, campaign_id=run.campaign_id, now=now)


def _notify_requester(session: Session, run: ExportRun, now: datetime) -> None:
    """Notify the run's channel, else the person who requested it, else nobody."""
    recipient = run.channel or run.requested_by
    if recipient:
        message = ExportResultMessage(id_of(run), channel=run.channel or None)
        outbox.enqueue(session, message, recipient=recipient, now=now)
        run.reported_at = now
    session.add(run)
