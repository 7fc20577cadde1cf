"""Ids of rows: known after a flush, an error before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from storage.database import Database
from storage.row_id import MissingIdError, id_of, require_id
from storage.tables import DigestSchedule


def new_row() -> DigestSchedule:
    """Return a row that is not stored yet."""
    return DigestSchedule(cron="0 9 * * mon", due_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


def test_stored_row_has_its_id(database: Database) -> None:
    def store_row(session: Session) -> int:
        row = new_row()
        session.add(row)
        session.flush()
        return id_of(row)

    assert database.write_now(store_row) == 1


def test_row_that_was_not_flushed_has_no_id() -> None:
    with pytest.raises(MissingIdError, match="DigestSchedule has no id yet"):
        id_of(new_row())


def test_selected_id_is_not_none() -> None:
    assert require_id(3) == 3
    with pytest.raises(MissingIdError):
        require_id(None)
