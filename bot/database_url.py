"""URLs of databases that labelbot can use."""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def check_database_url(value: str) -> str:
    """Return the URL of a database that labelbot can use.

    Raises:
        ValueError: it is none; the message completes “DATABASE_URL …”.
    """
    try:
        url = make_url(value)
    except ArgumentError as error:
        message = "is not a database URL such as sqlite:///labelbot.db"
        raise ValueError(message) from error
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql", "postgres"):
        message = f"uses {backend}; use sqlite or postgresql"
        raise ValueError(message)
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        message = "names no file; an in-memory database would be lost"
        raise ValueError(message)
    return value
