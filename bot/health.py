"""The health check that `/health` reports."""

from __future__ import annotations

import logging
from typing import Any

from storage.database import Database
from storage.queries import outbox

log = logging.getLogger(__name__)


async def check_health(db: Database) -> dict[str, Any]:
    """Return whether the database answers, and the number of messages in the outbox."""
    try:
        pending = await db.read(outbox.count_waiting)
    except Exception:
        log.exception("database health check failed")
        return {"ok": False, "database": "does not answer"}
    return {"ok": True, "database": "answers", "pending_messages": pending}
