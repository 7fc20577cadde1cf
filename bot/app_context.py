"""The desk: what every handler needs within reach."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.services.actors import roles
from bot.settings import Settings
from bot.slack.client.sender import Sender
from storage.database import Database
from storage.tables import Role

log = logging.getLogger(__name__)


@dataclass(slots=True)
class AppContext:
    """The database, the clock, the way to Slack, and work that goes on after the ack.

    `wake` makes the outbox look at once; call it after each write that queued something. `visitors`
    are those who opened their Home tab, and when: only for them is it drawn again.
    """

    settings: Settings
    db: Database
    clock: Clock
    sender: Sender
    wake_outbox: Callable[[], None]
    home_viewers: dict[str, datetime] = field(default_factory=dict)
    _background_tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def run_in_background(self, work: Awaitable[Any]) -> None:
        """Do something after the ack: nothing in a listener may wait for Slack.

        It is held until it is done (an unheld task may vanish), and what fails is logged.
        """
        task = asyncio.create_task(_log_failure(work))
        self._background_tasks.add(task)
        task.add_done_callback(self._background_tasks.discard)

    async def wait_for_background_tasks(self) -> None:
        """Wait for what still goes on."""
        if self._background_tasks:
            await asyncio.wait(self._background_tasks, timeout=5)

    async def role_of(self, slack_id: str) -> Role | None:
        """Return the highest role of a person, None for an expert or a stranger."""
        return await self.db.read(roles.role_of, slack_id, self.settings.coordinators)

    async def require_role(self, slack_id: str, required: Role, activity: str) -> None:
        """Let pass who has a role, or a higher one.

        Raises:
            NotCoordinatorError, NotSeniorError: they may not do `deed`, as in “close campaigns”.
        """
        roles.require_role(await self.role_of(slack_id), required, activity)


async def _log_failure(work: Awaitable[Any]) -> None:
    try:
        await work
    except Exception:  # it has no caller left to hear of it
        log.exception("something that was to be done after the ack failed")
