"""The worker lock of a running bot: others see by it that the bot runs, and what it claimed counts.

On SQLite only one bot runs, so there is no lock.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from storage.database import Database
from storage.worker_lock import WorkerLock


@dataclass(slots=True)
class ProcessLock:
    """The lock, from the first call of `keep` until `close`."""

    db: Database
    _lock: WorkerLock | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def worker(self) -> str | None:
        """The id that is stored with what the bot claims, None if no lock is held."""
        return self._lock.id if self._lock else None

    async def keep(self) -> None:
        """Acquire the lock, if it is not held or was lost with its connection.

        Raises:
            DBAPIError: PostgreSQL cannot be reached.
        """
        if self.db.is_sqlite:
            return
        async with self._turn:
            if self._lock is None:
                self._lock = await asyncio.to_thread(WorkerLock, self.db.engine)
            else:
                await asyncio.to_thread(self._lock.keep)

    async def close(self) -> None:
        """Release the lock."""
        async with self._turn:
            if self._lock:
                await asyncio.to_thread(self._lock.close)
                self._lock = None
