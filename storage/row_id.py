"""Ids of stored rows: a row has an id only after a flush, so its column is typed as optional."""

from __future__ import annotations

from typing import Protocol


class RowWithId(Protocol):
    """A row whose id the database generates."""

    @property
    def id(self) -> int | None:
        """Return the id, None before the row is flushed."""


class MissingIdError(ValueError):
    """A row was used before it was flushed, so it has no id yet: a bug in the caller."""


def id_of(row: RowWithId) -> int:
    """Return the id of a stored row.

    Raises:
        MissingIdError: the row was never flushed.
    """
    row_id = row.id
    if row_id is None:
        message = f"{type(row).__name__} has no id yet: flush the session first"
        raise MissingIdError(message)
    return row_id


def require_id(selected_id: int | None) -> int:
    """Return an id that a query selected; its type is optional, its value is not.

    Raises:
        MissingIdError: the value is None.
    """
    if selected_id is None:
        message = "the query selected no id"
        raise MissingIdError(message)
    return selected_id
