"""The recent calls of Slack's Web API that all processes on one PostgreSQL have made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import text
from sqlmodel import Session

Scope = tuple[str, str]
"""A method, and a channel or nothing."""

_LOCK = text("""
SELECT channel, log, CAST(extract(epoch FROM clock_timestamp()) AS double precision)
FROM (
    SELECT channel, log FROM slack_call_log
    WHERE method = :method AND channel = ANY(:channels) ORDER BY channel FOR UPDATE
) AS locked
""")
"""The time is read outside of the subquery, after the lock: later calls never see earlier times."""

_CREATE = text("""
INSERT INTO slack_call_log (method, channel, log) VALUES (:method, :channel, '{}')
ON CONFLICT DO NOTHING
""")

_STORE = text("""
UPDATE slack_call_log SET log = CAST(:log AS json) WHERE method = :method AND channel = :channel
""")


def lock(session: Session, scopes: Sequence[Scope]) -> tuple[float, dict[Scope, dict[str, Any]]]:
    """Lock the logs of scopes of one method until this transaction ends; create missing ones.

    Return the time of the server in seconds since 1970, and each log, empty if it is new.
    """
    connection = session.connection()
    method, channels = scopes[0][0], [channel for _, channel in scopes]
    parameters = {"method": method, "channels": channels}
    rows = connection.execute(_LOCK, parameters).all()
    if len(rows) < len(scopes):
        for channel in channels:
            connection.execute(_CREATE, {"method": method, "channel": channel})
        rows = connection.execute(_LOCK, parameters).all()
    return max(row[2] for row in rows), {(method, row[0]): row[1] for row in rows}


def store(session: Session, scope: Scope, log: dict[str, Any]) -> None:
    """Replace a log that this transaction has locked."""
    method, channel = scope
    parameters = {"method": method, "channel": channel, "log": orjson.dumps(log).decode()}
    session.connection().execute(_STORE, parameters)
