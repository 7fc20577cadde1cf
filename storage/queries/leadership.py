"""The lease of the bot that runs the scheduled jobs, among those on one PostgreSQL."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

from storage.worker_lock import LOCK_CLASS

JOB = "scheduler"
"""The only work that has a leader so far."""

_RENEW = text("""
INSERT INTO leader (job, worker, expires_at)
VALUES (:job, :worker, clock_timestamp() + make_interval(secs => :seconds))
ON CONFLICT (job) DO UPDATE SET worker = excluded.worker, expires_at = excluded.expires_at
WHERE leader.worker = excluded.worker
   OR leader.expires_at < clock_timestamp()
   OR NOT EXISTS (
       SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
       AND CAST(classid AS bigint) = :class
       AND CAST(objid AS bigint) = CAST(leader.worker AS bigint)
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
   )
RETURNING job
""")
"""The last condition: the process of the leader has ended, and its worker lock with it."""


def renew(session: Session, worker: str, seconds: float) -> bool:
    """Become or stay the leader for so many seconds; return whether that succeeded."""
    parameters = {"job": JOB, "worker": worker, "seconds": seconds, "class": LOCK_CLASS}
    return session.connection().execute(_RENEW, parameters).first() is not None


def give_up(session: Session, worker: str) -> None:
    """End the lease of a worker, if it has one."""
    statement = text("DELETE FROM leader WHERE job = :job AND worker = :worker")
    session.connection().execute(statement, {"job": JOB, "worker": worker})
