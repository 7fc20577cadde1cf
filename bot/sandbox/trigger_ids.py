"""Trigger ids: the right to open one modal for one person, once, within three seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.errors import WebApiError
from bot.sandbox.ids import IdGenerator

TRIGGER_LIFETIME = timedelta(seconds=3)
"""Slack: "trigger_ids expire three seconds after your app receives them"."""

MAX_REMEMBERED = 10_000
"""How many triggers are remembered, so that old ones can still be told from made-up ones."""


@dataclass(slots=True)
class Trigger:
    """Whose it is, since when, and whether it was used."""

    user_id: str
    created_at: datetime
    is_used: bool = False


class Triggers:
    """Every trigger id given out."""

    def __init__(self, clock: Clock, ids: IdGenerator) -> None:
        """Let triggers grow old as `clock` says."""
        self._clock = clock
        self._ids = ids
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user_id: str) -> str:
        """Return a trigger id for `user`, who just did something."""
        name = self._ids.trigger_id()
        self._triggers[name] = Trigger(user_id, self._clock.now())
        if len(self._triggers) > MAX_REMEMBERED:
            del self._triggers[next(iter(self._triggers))]
        return name

    def use(self, trigger_id: str) -> Trigger:
        """Return the trigger called `name` and use it up.

        Raises:
            Refusal: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise WebApiError(error="invalid_trigger_id")
        if trigger.is_used:
            raise WebApiError(error="exchanged_trigger_id")
        if self._clock.now() - trigger.created_at > TRIGGER_LIFETIME:
            raise WebApiError(error="expired_trigger_id")
        trigger.is_used = True
        return trigger
