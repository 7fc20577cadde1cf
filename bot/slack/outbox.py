"""Delivering the outbox: lanes side by side, each in order, at Slack's pace, until it is said."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.errors import BotError
from bot.slack.client import HOPELESS, error_code, retry_after
from bot.slack.sending import Sender
from bot.slack.words import WORDS, Note
from storage.queries import telling
from storage.tables import Outbox, OutboxState

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 16
"""Lanes served at once."""

LEASE = timedelta(seconds=90)
"""After this a message that nobody settled is tried again: its process was killed."""

MOST_TRIES = 10

SLOWEST_LOOK = 5.0
"""Seconds between two looks when nobody wakes us, for what another process queued."""


@dataclass(slots=True)
class Deliverer:
    """Takes what is due from the outbox and says it in Slack."""

    sender: Sender
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _at_work: set[asyncio.Task[None]] = field(default_factory=set)

    def wake(self) -> None:
        """Look at once: something was queued. Call it on the event loop."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            self._wake.clear()
            try:
                patience = 0.0 if await self._deliver_some() else await self._patience()
            except Exception:
                log.exception("could not read the outbox; trying again")
                patience = 1.0
            if patience:
                await self._wait(patience)

    async def stop(self) -> None:
        """Let what is being said be finished."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=10)

    async def _wait(self, patience: float) -> None:
        # Not `asyncio.wait_for`: up to Python 3.11 it may swallow a cancellation.
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._wake.wait()

    async def _deliver_some(self) -> int:
        free = SIDE_BY_SIDE - len(self._at_work)
        if free <= 0:
            await asyncio.wait(self._at_work, return_when=asyncio.FIRST_COMPLETED)
            return 1
        now = self.sender.clock.now()
        rows = await self.sender.db.write(telling.claim, now, free, LEASE)
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._at_work.add(task)
            task.add_done_callback(self._done)
        return len(rows)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        self._wake.set()

    async def _patience(self) -> float:
        due = await self.sender.db.read(telling.next_due)
        if due is None:
            return SLOWEST_LOOK
        left = (due - self.sender.clock.now()).total_seconds()
        return min(max(left, 0.01), SLOWEST_LOOK)

    async def _deliver(self, row: Outbox) -> None:
        try:
            note = await WORDS[row.word](self.sender, row)
            await self._settle(row, note)
        except SlackApiError as error:
            await self._refused(row, error)
        except BotError as error:
            await self._give_up(row, str(error))
        except Exception as error:  # the outbox must go on, whatever one message did
            log.exception("could not say “%s” to %s", row.word, row.lane)
            await self._later(row, type(error).__name__)

    async def _settle(self, row: Outbox, note: Note) -> None:
        now = self.sender.clock.now()
        await self.sender.db.write(_settled, row.id or 0, note, now)

    async def _refused(self, row: Outbox, error: SlackApiError) -> None:
        code = error_code(error)
        wait = retry_after(error)
        if wait is not None:
            until = self.sender.clock.now() + timedelta(seconds=wait)
            await self.sender.db.write(telling.postpone, row.id or 0, until, "ratelimited")
        elif code in HOPELESS or code.startswith("invalid_"):
            await self._give_up(row, code)
        else:
            await self._later(row, code or "no answer")

    async def _give_up(self, row: Outbox, reason: str) -> None:
        log.error("Slack does not take “%s” for %s: %s", row.word, row.lane, reason)
        now = self.sender.clock.now()
        await self.sender.db.write(
            telling.settle, row.id or 0, OutboxState.FAILED, now, error=reason
        )

    async def _later(self, row: Outbox, reason: str) -> None:
        if row.attempts >= MOST_TRIES:
            await self._give_up(row, reason)
            return
        until = _next_try(row, self.sender.clock.now())
        await self.sender.db.write(telling.postpone, row.id or 0, until, reason)


def _next_try(row: Outbox, now: datetime) -> datetime:
    """Wait twice as long after each try, from one second to five minutes."""
    return now + timedelta(seconds=min(2.0 ** (row.attempts - 1), 300))


def _settled(session: Session, row_id: int, note: Note, now: datetime) -> None:
    telling.settle(session, row_id, OutboxState.SENT, now)
    if note:
        note(session)
