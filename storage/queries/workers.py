"""Which processes that took on jobs still run."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from sqlalchemy import text
from sqlmodel import Session, col, select

from storage.row_id import require_id
from storage.tables import ExportRun, ImportRun, RunState
from storage.worker_lock import LOCK_CLASS, lock_folder, remove_stale_locks

ADVISORY_LOCKS = text(
    "SELECT CAST(objid AS bigint) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND objsubid = 2 AND CAST(classid AS bigint) = :class"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def live_workers(session: Session) -> AbstractSet[str]:
    """Return the ids of the worker locks that are held now."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return remove_stale_locks(lock_folder(connection.engine))
    return {str(key) for key in connection.execute(ADVISORY_LOCKS, {"class": LOCK_CLASS}).scalars()}


def abandoned_ids(session: Session, table: type[ExportRun | ImportRun]) -> list[int]:
    """Return the ids of the runs whose process has ended before it finished them."""
    query = select(table.id, table.worker).where(col(table.state) == RunState.RUNNING)
    running = session.exec(query).all()
    if not running:
        return []
    live = live_workers(session)  # read after the runs, so that it includes their workers
    return [require_id(run_id) for run_id, worker in running if worker not in live]
