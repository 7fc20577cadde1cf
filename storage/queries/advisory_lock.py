"""One at a time: what the clock makes happen must not happen twice when several bots tick."""

from __future__ import annotations

from zlib import crc32

from sqlalchemy import func
from sqlmodel import Session, select


def acquire_advisory_lock(session: Session, job: str) -> None:
    """Wait until nobody else does this deed; nobody begins it before this transaction ends.

    On SQLite there is one writer anyway. On PostgreSQL an advisory lock says whose turn it is.
    """
    if session.connection().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(crc32(job.encode()))))
