"""Another delivery of an export whose delivery failed, made by the bot."""

from __future__ import annotations

from sqlmodel import Session

from bot.services.actors.actor import Actor
from bot.services.exports.claims import (
    NotDeliverableError,
    UnknownExportRunError,
    reason_not_to_deliver,
)
from storage.queries import export_runs
from storage.tables import ExportRun, RunState


def queue_delivery(session: Session, run_id: int, actor: Actor) -> ExportRun:
    """Queue the delivery of a run that was written and not delivered; the bot makes it.

    Raises:
        UnknownExportRunError, NotDeliverableError: as `claim_delivery`.
    """
    run = export_runs.locked_run(session, run_id)
    if run is None:
        raise UnknownExportRunError(id=run_id)
    if reason := reason_not_to_deliver(run):
        raise NotDeliverableError(id=run_id, reason=reason)
    run.state, run.attempts, run.is_interactive = RunState.QUEUED, 0, False
    run.finished_at = run.reported_at = run.retry_at = run.error = None
    session.add(run)
    actor.record(session, "queued a delivery", f"export {run_id}")
    return run
