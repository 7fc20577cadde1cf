"""Errors that mean the database cannot be used at the moment, rather than a mistake in a query."""

from __future__ import annotations

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

DATABASE_OUTAGES = (OperationalError, InterfaceError, PoolTimeoutError)
