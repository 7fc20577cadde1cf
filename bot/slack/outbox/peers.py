"""The other bots on one PostgreSQL: what they queue, and what they leave when they end.

A bot that queues a message delivers it. Only if it is busy, or has no bot of its own as a command
has none, it notifies the others. No notification comes from a bot that is killed. So each bot looks
which worker locks have ended, and releases the claims of their bots.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module

from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.process_lock import ProcessLock
from storage.database import Database
from storage.queries import outbox_claims
from storage.queries.workers import live_workers

CHECK_SECONDS = 0.5
"""Seconds between two looks at the worker locks. A lock that was lost with its connection is
acquired again within this time, so a bot has ended if its lock is missing twice in a row."""

RECONNECT_SECONDS = 1.0
"""Seconds until the next attempt to receive notifications."""

NOTIFY_SECONDS = 0.05
"""Shortest time between two notifications of this process."""


@dataclass(slots=True)
class Peers:
    """Receives notifications, releases abandoned claims, and calls `wake` after either."""

    db: Database
    clock: Clock
    lock: ProcessLock
    wake: Callable[[], None]
    is_listening: bool = False
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _notification: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start; on SQLite there is nothing to do."""
        if not self.db.is_sqlite:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._watch())]

    async def stop(self) -> None:
        """Stop, and wait until the connection is closed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def notify(self) -> None:
        """Tell the others that messages are waiting which this bot cannot deliver now."""
        if self._tasks and (self._notification is None or self._notification.done()):
            self._notification = asyncio.create_task(self._notify())

    async def _notify(self) -> None:
        with suppress(DBAPIError):  # they find the messages when they poll
            await self.db.notify_bots()
        await asyncio.sleep(NOTIFY_SECONDS)

    async def _listen(self) -> None:
        def begin() -> None:
            self.is_listening = True
            self.wake()  # what was queued before

        # Not on SQLite: psycopg takes 9 MB of memory.
        listen = import_module("storage.notification_listener").listen
        while True:
            with suppress(OSError):  # the database logs its outages itself
                await listen(self.db.engine, begin, self.wake)
            self.is_listening = False
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _watch(self) -> None:
        known: frozenset[str] = frozenset()
        missing: frozenset[str] = frozenset()
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self.lock.keep()
                live = frozenset(await self.db.read(live_workers))
            except DBAPIError:
                missing = frozenset()
                continue
            if ended := missing - live:
                known -= ended
                await self._release_claims()
            missing, known = known - live, known | live

    async def _release_claims(self) -> None:
        with suppress(DBAPIError):  # then their leases expire
            await self.db.write(outbox_claims.release_abandoned_leases, self.clock.now())
        self.wake()
