"""Trigger ids: each lets an app open one modal for one user within three seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .clock import Clock
from .errors import WebApiError
from .ids import IdGenerator

TRIGGER_LIFETIME = timedelta(seconds=3)
"""Slack: "trigger_ids expire three seconds after your app receives them"."""

MAX_REMEMBERED = 10_000
"""How many trigger ids are kept, to distinguish expired from invalid ones."""


@dataclass(slots=True)
class Trigger:
    """The user and time that a trigger id was issued for, and whether it was used."""

    user_id: str
    created_at: datetime
    is_used: bool = False


class Triggers:
    """The trigger ids issued so far."""

    def __init__(self, clock: Clock, ids: IdGenerator) -> None:
        """Issue trigger ids that expire by `clock`."""
        self._clock = clock
        self._ids = ids
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user_id: str) -> str:
        """Return a new trigger id for an action of this user."""
        trigger_id = self._ids.trigger_id()
        self._triggers[trigger_id] = Trigger(user_id, self._clock.now())
        if len(self._triggers) > MAX_REMEMBERED:
            del self._triggers[next(iter(self._triggers))]
        return trigger_id

    def use(self, trigger_id: str) -> Trigger:
        """Return the trigger with this id and mark it as used.

        Raises:
            WebApiError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
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
