"""Delivering the outbox: lanes side by side, each in order, at Slack's pace, until it is said."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import DBAPIError
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

LEASE = timedelta(seconds=6)
"""How long a claim holds unless it is renewed: when a process was killed, another takes over."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

GIVE_UP_AFTER = timedelta(days=1)
"""What Slack would not take for a whole day is of no use any more."""

MOST_TRIES_OF_A_BUG = 6
"""A bug of ours does not pass like an outage: the rest of its lane must not wait a day for it."""

PASSING = (OSError, TimeoutError, aiohttp.ClientError, DBAPIError)
"""What passes when the network or the database is back."""

LAST_WORDS = 10
"""Seconds that a stopping bot waits for what it is saying."""

SLOWEST_LOOK = 2.0
"""Seconds between two looks when nobody wakes us, for what another process queued. A third of the
lease, so that each look renews what is still being said."""


@dataclass(slots=True)
class Deliverer:
    """Takes what is due from the outbox and says it in Slack."""

    sender: Sender
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _at_work: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _is_stopping: bool = False
    _renewed_at: datetime = LONG_AGO

    def wake(self) -> None:
        """Look at once: something was queued. Call it on the event loop.

        With all hands full there is nothing to look for: whoever is done looks next.
        """
        if len(self._at_work) < SIDE_BY_SIDE:
            self._wake.set()

    async def run(self) -> None:
        """Deliver until `stop` is called, and what is being said then is said."""
        if self.sender.db.is_sqlite:  # no other process: what was held before belongs to nobody
            await self.sender.db.write(telling.release, self.sender.clock.now())
        while not self._is_stopping:
            self._wake.clear()
            try:
                patience = 0.0 if await self._deliver_some() else await self._patience()
            except Exception:
                log.exception("could not read the outbox; trying again")
                patience = 1.0
            if patience and not self._is_stopping:
                await self._wait(patience)
        if self._at_work:
            await asyncio.wait(self._at_work.values(), timeout=LAST_WORDS)

    def stop(self) -> None:
        """Take nothing more. Stopping is asked for, not forced: no claim is lost halfway."""
        self._is_stopping = True
        self._wake.set()

    async def _wait(self, patience: float) -> None:
        # Not `asyncio.wait_for`: up to Python 3.11 it may swallow a cancellation.
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._wake.wait()

    async def _deliver_some(self) -> int:
        free = SIDE_BY_SIDE - len(self._at_work)
        now, in_hand = self.sender.clock.now(), list(self._at_work)
        if in_hand and now - self._renewed_at > LEASE / 3:
            self._renewed_at = now
            await self.sender.db.write(telling.renew, in_hand, now + LEASE)
        if free <= 0:
            return 0
        rows = await self.sender.db.write(telling.claim, now, free, LEASE, in_hand)
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._at_work[row.id or 0] = task
            task.add_done_callback(partial(self._done, row.id or 0))
        return len(rows)

    def _done(self, row_id: int, _task: asyncio.Task[None]) -> None:
        del self._at_work[row_id]
        self._wake.set()

    async def _patience(self) -> float:
        if len(self._at_work) >= SIDE_BY_SIDE:
            return SLOWEST_LOOK
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
        except PASSING as error:
            log.warning("could not say “%s” to %s: %r", row.word, row.lane, error)
            await self._later(row, type(error).__name__)
        except Exception as error:  # the outbox must go on, whatever one message did
            log.exception("could not say “%s” to %s", row.word, row.lane)
            bug = type(error).__name__
            is_hopeless = row.attempts >= MOST_TRIES_OF_A_BUG
            await (self._give_up(row, bug) if is_hopeless else self._later(row, bug))

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
        now = self.sender.clock.now()
        if now - row.created_at > GIVE_UP_AFTER:
            await self._give_up(row, reason)
        else:
            await self.sender.db.write(telling.postpone, row.id or 0, _next_try(row, now), reason)


def _next_try(row: Outbox, now: datetime) -> datetime:
    """Wait twice as long after each try, from one second to five minutes."""
    return now + timedelta(seconds=min(2.0 ** min(row.attempts - 1, 10), 300))


def _settled(session: Session, row_id: int, note: Note, now: datetime) -> None:
    telling.settle(session, row_id, OutboxState.SENT, now)
    if note:
        note(session)
