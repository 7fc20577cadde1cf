"""The desk: what every handler needs within reach."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock
from bot.settings import Settings
from bot.slack.sending import Sender
from storage.database import Database

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk:
    """The database, the clock, the way to Slack, and work that goes on after the ack.

    `wake` makes the outbox look at once; call it after each write that queued something.
    """

    settings: Settings
    db: Database
    clock: Clock
    sender: Sender
    wake: Callable[[], None]
    _going_on: set[asyncio.Task[None]] = field(default_factory=set)

    def soon(self, work: Awaitable[Any]) -> None:
        """Do something after the ack: nothing in a listener may wait for Slack.

        It is held until it is done (an unheld task may vanish), and what fails is logged.
        """
        task = asyncio.create_task(_logged(work))
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)

    async def finish(self) -> None:
        """Wait for what still goes on."""
        if self._going_on:
            await asyncio.wait(self._going_on, timeout=5)

    def is_coordinator(self, slack_id: str) -> bool:
        """Say whether this person runs campaigns."""
        return slack_id in self.settings.coordinators


async def _logged(work: Awaitable[Any]) -> None:
    try:
        await work
    except Exception:  # it has no caller left to hear of it
        log.exception("something that was to be done after the ack failed")
