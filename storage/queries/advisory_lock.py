"""Locks for scheduled jobs, so that several bots do not run the same one at once."""

from __future__ import annotations

from zlib import crc32

from sqlalchemy import func
from sqlmodel import Session, select


def acquire_advisory_lock(session: Session, job: str) -> None:
    """Wait for the lock of a job and hold it until this transaction ends.

    PostgreSQL takes a transaction-level advisory lock. SQLite needs none: it has one writer.
    """
    if session.connection().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(crc32(job.encode()))))
