"""Trigger ids: the right to open one modal for one person, once, within three seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.errors import Refusal
from bot.sandbox.ids import Names

LIFETIME = timedelta(seconds=3)
"""Slack: "trigger_ids expire three seconds after your app receives them"."""

FORGOTTEN = 10_000
"""How many triggers are remembered, so that old ones can still be told from made-up ones."""


@dataclass(slots=True)
class Trigger:
    """Whose it is, since when, and whether it was used."""

    user: str
    born: datetime
    used: bool = False


class Triggers:
    """Every trigger id given out."""

    def __init__(self, clock: Clock, names: Names) -> None:
        """Let triggers grow old as `clock` says."""
        self._clock = clock
        self._names = names
        self._known: dict[str, Trigger] = {}

    def new(self, user: str) -> str:
        """Return a trigger id for `user`, who just did something."""
        name = self._names.trigger()
        self._known[name] = Trigger(user, self._clock.now())
        if len(self._known) > FORGOTTEN:
            del self._known[next(iter(self._known))]
        return name

    def use(self, name: str) -> Trigger:
        """Return the trigger called `name` and use it up.

        Raises:
            Refusal: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self._known.get(name)
        if trigger is None:
            raise Refusal(error="invalid_trigger_id")
        if trigger.used:
            raise Refusal(error="exchanged_trigger_id")
        if self._clock.now() - trigger.born > LIFETIME:
            raise Refusal(error="expired_trigger_id")
        trigger.used = True
        return trigger
