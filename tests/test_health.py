"""Tests of the health check."""

from __future__ import annotations

from bot.health import check_health
from storage.database import Database


async def test_health_counts_pending_messages(database: Database) -> None:
    assert await check_health(database) == {
        "ok": True,
        "database": "answers",
        "pending_messages": 0,
    }


async def test_health_of_an_unreachable_database_is_not_ok() -> None:
    unreachable = Database("postgresql://nobody@127.0.0.1:9/none?connect_timeout=2")
    assert await check_health(unreachable) == {"ok": False, "database": "does not answer"}
    unreachable.close()
