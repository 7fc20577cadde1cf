"""A SQLite database that is read-only or has no space left, until a test repairs it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from storage.database import Database

FAILURES = {"read-only": "query_only=ON", "full": "max_page_count=1"}


class FailingDatabase(Database):
    """A database whose connections are limited by a pragma of SQLite."""

    def __init__(self, url: str, failure: str | None = None) -> None:
        """Open the database; `failure` is a key of `FAILURES`."""
        super().__init__(url)
        self.failure = failure
        event.listen(self.engine, "connect", self._limit)

    def _limit(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
        if self.failure:
            connection.execute(f"PRAGMA {FAILURES[self.failure]}")
