"""A cursor of PostgreSQL for many rows. Only processes that use PostgreSQL import this module."""

from __future__ import annotations

from typing import Any

from psycopg import OperationalError, ServerCursor


class StreamCursor(ServerCursor[Any]):
    """A cursor that reads rows in chunks, and is also closed if its connection breaks."""

    def close(self) -> None:
        """Close the cursor.

        psycopg leaves it open, and warns later, if the connection breaks while it sends CLOSE.
        """
        try:
            super().close()
        except OperationalError:
            if not self.connection.closed:
                raise
            super().close()

    def __del__(self, *arguments: Any) -> None:  # noqa: ANN401 - psycopg passes none
        """Close the cursor of a lost connection, which SQLAlchemy leaves open."""
        if self.connection.closed:
            super().close()
        super().__del__(*arguments)
