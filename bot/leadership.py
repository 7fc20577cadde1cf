"""Which of several bots on one PostgreSQL runs the scheduled jobs.

The leader holds a lease in the database and renews it. Another bot takes over as soon as the
leader's process has ended, which its worker lock shows, or when the lease expires: then the process
is frozen, or its machine or connection is gone. The lease is measured by the clock of the server.
A bot that could not renew its lease in time stops its jobs by its own elapsed time.

A job that was frozen in the middle does no harm: each transaction checks again what is due, and one
that was frozen is ended by the server (`FROZEN_TRANSACTION_SECONDS`). On SQLite there is one bot.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from bot.process_lock import ProcessLock
from storage.queries import leadership

LEASE_SECONDS = 15.0
"""How long the leader may be silent."""

RENEWAL_SECONDS = 4.0
"""Seconds between two renewals, and between two attempts to take over."""


@dataclass(slots=True)
class Leadership:
    """Whether this bot is the leader."""

    lock: ProcessLock
    _held_until: float = 0.0

    @property
    def is_held(self) -> bool:
        """Return whether this bot runs the scheduled jobs now."""
        return self.lock.db.is_sqlite or monotonic() < self._held_until

    async def renew(self) -> None:
        """Renew the lease, or take over if no other bot holds one.

        Raises:
            DBAPIError: PostgreSQL cannot be reached.
        """
        if self.lock.db.is_sqlite:
            return
        asked_at = monotonic()
        await self.lock.keep()
        worker = self.lock.worker
        is_leader = worker is not None and await self.lock.db.write(
            leadership.renew, worker, LEASE_SECONDS
        )
        self._held_until = asked_at + LEASE_SECONDS if is_leader else 0.0

    async def give_up(self) -> None:
        """End the lease, so that another bot takes over at once."""
        worker = self.lock.worker
        if worker is not None and self.is_held:
            self._held_until = 0.0
            await self.lock.db.write(leadership.give_up, worker)
