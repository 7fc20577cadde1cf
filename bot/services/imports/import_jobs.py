"""Import jobs: each uploaded file with a chosen campaign is imported once, even after a crash."""

from __future__ import annotations

import csv
import logging
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.clock import Clock
from bot.errors import BotError
from bot.imports.answers.mapping import NO_ANSWERS
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions
from bot.imports.row import InvalidRow, RowWarning
from bot.messages.imports import ImportResultMessage
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.imports.file_names import errors_with_name
from bot.services.imports.import_progress import ImportCallbacks, ImportResult
from bot.services.imports.importer import ImportSource, import_file
from bot.services.imports.upload_choice import (
    ADDED_ANSWERS,
    DUPLICATES,
    WARNINGS,
    UploadChoice,
)
from bot.services.imports.upload_sample import remove_upload
from storage.database import Database
from storage.queries import import_runs, outbox
from storage.row_id import id_of
from storage.tables import Campaign, ImportRun, RunState
from storage.worker_lock import WorkerLock

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3

UPLOAD_RETENTION = timedelta(days=7)
"""How long an uploaded file is kept until a campaign is chosen."""

STRICT_REJECTION = "the whole file was rejected because it has invalid rows"


@dataclass(frozen=True, slots=True)
class ClaimedImport:
    """A job that this process has claimed."""

    id: int
    source: ImportSource
    actor: str


def has_pending_imports(session: Session, now: datetime) -> bool:
    """Return whether a job can be claimed or an uploaded file has expired."""
    return import_runs.next_run(session) is not None or bool(
        import_runs.abandoned_uploads(session, now - UPLOAD_RETENTION)
    )


def run_pending_imports(database: Database, clock: Clock) -> int:
    """Delete expired uploads and run all pending jobs one after another; return how many."""
    database.write_now(_delete_abandoned_uploads, clock.now())
    count = 0
    with closing(WorkerLock(database.engine)) as worker:
        while claimed := database.write_now(claim_import, clock.now(), worker.id):
            _run_import(database, claimed, clock)
            count += 1
    return count


def _delete_abandoned_uploads(session: Session, now: datetime) -> None:
    for run in import_runs.abandoned_uploads(session, now - UPLOAD_RETENTION):
        remove_upload(Path(run.path))
        run.state, run.finished_at = RunState.FAILED, now
        run.error = "no campaign was chosen for it"
        session.add(run)


def claim_import(session: Session, now: datetime, worker: str) -> ClaimedImport | None:
    """Claim the first pending job for the holder of a worker lock, None if there is none.

    Jobs that exceeded MAX_ATTEMPTS fail.
    """
    while run := import_runs.next_run(session):
        if run.attempts < MAX_ATTEMPTS:
            run.state, run.started_at, run.attempts = RunState.RUNNING, now, run.attempts + 1
            run.worker = worker
            session.add(run)
            return _build_claim(session, run)
        _finish_run(
            session, run, now, error=f"it was started {run.attempts} times and never finished"
        )
    return None


def _build_claim(session: Session, run: ImportRun) -> ClaimedImport:
    choice = UploadChoice.from_json(run.column_mapping, run.campaign_id)
    source = ImportSource(
        campaign=session.get_one(Campaign, run.campaign_id).name,
        path=Path(run.path),
        columns=choice.columns if choice else ColumnMapping(),
        options=ImportOptions(answers=choice.answers if choice else NO_ANSWERS),
        strict=bool(choice and choice.strict),
        name=run.name,
    )
    return ClaimedImport(id_of(run), source, run.requested_by)


def rejected_rows_path(path: Path) -> Path:
    """Return the path of the report on a file's rejected rows."""
    return path.with_name(f"{path.stem}.rejected-rows.csv")


def _run_import(database: Database, claimed: ClaimedImport, clock: Clock) -> None:
    actor = Actor(claimed.actor, SLACK, clock.now())
    try:
        with errors_with_name(claimed.source.file_name, claimed.source.path):
            result = _import_with_report(database, claimed.source, actor)
    except BotError as error:
        database.write_now(_record_result, claimed.id, clock.now(), error=str(error))
    except OSError as error:
        cause = error.strerror or str(error)
        log.error("cannot use the folder for imports (%s): %s", claimed.source.path.parent, cause)  # noqa: TRY400 - the cause is enough
        reason = f"the bot cannot use its folder for imports ({cause})"
        database.write_now(_record_result, claimed.id, clock.now(), error=reason)
    except Exception:
        log.exception("import %s failed and will be retried", claimed.id)
        database.write_now(_retry_or_fail, claimed.id, clock.now())
    else:
        database.write_now(_record_result, claimed.id, clock.now(), result=result)
        remove_upload(claimed.source.path)


def _import_with_report(database: Database, source: ImportSource, actor: Actor) -> ImportResult:
    """Import a file and report its rejected rows and warnings; remove an empty report."""
    with rejected_rows_path(source.path).open("w", encoding="utf-8", newline="") as file:
        report = csv.writer(file)
        report.writerow(["line", "reason", "result", "file"])

        def write_row(row: InvalidRow | RowWarning) -> None:
            kind = "rejected" if isinstance(row, InvalidRow) else "warning"
            report.writerow([row.line, row.reason, kind, row.file])

        callbacks = ImportCallbacks(on_rejected=write_row, on_warning=write_row)
        result = import_file(database, source, actor, callbacks)
    if not result.rejected + result.warning_count:
        with suppress(OSError):
            rejected_rows_path(source.path).unlink()
    return result


def _retry_or_fail(session: Session, run_id: int, now: datetime) -> None:
    run = session.get_one(ImportRun, run_id)
    if run.attempts >= MAX_ATTEMPTS:
        _finish_run(session, run, now, error="an internal error occurred; the log has the details")
    else:
        run.state = RunState.QUEUED
        session.add(run)


def _record_result(
    session: Session,
    run_id: int,
    now: datetime,
    *,
    result: ImportResult | None = None,
    error: str | None = None,
) -> None:
    run = session.get_one(ImportRun, run_id)
    if result is not None:
        run.added, run.existing, run.rejected = result.added, result.existing, result.rejected
        counts = {
            DUPLICATES: result.duplicates,
            WARNINGS: result.warning_count,
            ADDED_ANSWERS: result.answers,
        }
        run.column_mapping = {**(run.column_mapping or {}), **counts}
        error = STRICT_REJECTION if result.aborted else error
    _finish_run(session, run, now, error=error)


def _finish_run(session: Session, run: ImportRun, now: datetime, *, error: str | None) -> None:
    """Store the result of a job and notify the person who requested it."""
    run.state = RunState.FAILED if error else RunState.DONE
    run.error, run.finished_at = error, now
    session.add(run)
    session.flush()
    outbox.enqueue(session, ImportResultMessage(id_of(run)), recipient=run.requested_by, now=now)
