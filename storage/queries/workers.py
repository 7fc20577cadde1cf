"""Which processes that took on jobs still run."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from sqlalchemy import ColumnElement, and_, false, or_, text
from sqlmodel import Session, col, select

from storage.tables import ExportRun, ImportRun, RunState
from storage.worker_lock import LOCK_CLASS, remove_stale_locks

ADVISORY_LOCKS = text(
    "SELECT CAST(objid AS bigint) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND objsubid = 2 AND CAST(classid AS bigint) = :class"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def live_workers(session: Session) -> AbstractSet[str]:
    """Return the ids of the worker locks that are held now."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return remove_stale_locks(connection.engine)
    return {str(key) for key in connection.execute(ADVISORY_LOCKS, {"class": LOCK_CLASS}).scalars()}


def was_abandoned(session: Session, table: type[ExportRun | ImportRun]) -> ColumnElement[bool]:
    """Return the condition that a run's process has ended before it finished the run.

    The condition names the processes that have ended, not their runs: until it is used, a run may
    be finished, or claimed by another process.
    """
    is_running = col(table.state) == RunState.RUNNING
    workers = session.exec(select(table.worker).where(is_running).distinct()).all()
    if not workers:
        return false()
    live = live_workers(session)  # read after the runs, so that it includes their workers
    ended = [worker for worker in workers if worker is not None and worker not in live]
    return and_(is_running, or_(col(table.worker).is_(None), col(table.worker).in_(ended)))


def is_abandoned(session: Session, run: ExportRun | ImportRun) -> bool:
    """Return whether the process of a run has ended before it finished the run."""
    table = type(run)
    query = select(table.id).where(col(table.id) == run.id, was_abandoned(session, table))
    return session.exec(query).first() is not None
