"""The app context that every handler and scheduled job receives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.child_process import ChildSlots, slots_by_module
from bot.clock import Clock
from bot.services.actors import received_requests, roles
from bot.services.actors.received_requests import RepeatedRequestError
from bot.settings import Settings
from bot.slack.client.login_errors import describe_failure
from bot.slack.client.sender import Sender
from storage.database import Database
from storage.outage import outage_cause
from storage.tables import Role

log = logging.getLogger(__name__)


@dataclass(slots=True)
class AppContext:
    """Settings, database, clock, Slack client and background tasks.

    `wake_outbox` starts delivery at once; call it after each write that queued a message.
    `home_viewers` maps Slack ids to the time when the person last opened the Home tab; only theirs
    is published again. `outdated_homes` has the people whose Home tab is being published, and if it
    must be published once more. `child_slots` has those of each module that a child process runs.
    """

    settings: Settings
    db: Database
    clock: Clock
    sender: Sender
    wake_outbox: Callable[[], None]
    home_viewers: dict[str, datetime] = field(default_factory=dict)
    outdated_homes: dict[str, bool] = field(default_factory=dict)
    child_slots: dict[str, ChildSlots] = field(default_factory=slots_by_module)
    _background_tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def for_request(self, keys: Sequence[str]) -> AppContext:
        """Return this context for a request that Slack may deliver again.

        The first write of its handler records the keys in the same transaction, and raises
        RepeatedRequestError if one of them is recorded already. Without keys, nothing is recorded.
        """
        if not keys:
            return self
        check = partial(received_requests.require_new, keys=keys, now=self.clock.now())
        request_app = copy(self)
        request_app.db = self.db.with_first_write(check)
        return request_app

    def run_in_background(self, work: Awaitable[Any]) -> None:
        """Run an awaitable after the acknowledgment; a listener must not wait for Slack.

        A reference is kept until it is done, because asyncio may drop unreferenced tasks. Errors
        are logged.
        """
        task = asyncio.create_task(_log_failure(work))
        self._background_tasks.add(task)
        task.add_done_callback(self._background_tasks.discard)

    async def wait_for_background_tasks(self, seconds: float = 5.0) -> None:
        """Wait for background tasks; cancel what is not done after `seconds`."""
        if self._background_tasks:
            tasks = set(self._background_tasks)
            _done, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def role_of(self, slack_id: str) -> Role | None:
        """Return the highest role of a person, None for an expert or a stranger."""
        return await self.db.read(roles.role_of, slack_id, self.settings.coordinators)

    async def require_role(self, slack_id: str, required: Role, activity: str) -> None:
        """Raise unless the person has the required role or a higher one.

        Raises:
            NotCoordinatorError, NotSeniorError: the role does not permit `activity`, a phrase such
                as “close campaigns”.
        """
        roles.require_role(await self.role_of(slack_id), required, activity)


async def _log_failure(work: Awaitable[Any]) -> None:
    try:
        await work
    except RepeatedRequestError:
        pass
    except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
        cause = describe_failure(error)
        log.warning("Slack did not do what a background task asked: %s", cause)
    except Exception as error:  # no caller is left that could handle it
        if not outage_cause(error):  # the database logs its outages itself
            log.exception("a background task failed")
