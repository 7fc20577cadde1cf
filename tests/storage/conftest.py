"""Open databases of one kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.database import Database


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """Yield an open SQLite database."""
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    """Yield an open PostgreSQL database."""
    database = Database(postgresql_url)
    yield database
    database.close()
