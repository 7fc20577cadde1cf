"""What people say of themselves: a status, that they are not to be disturbed, that they left."""

from __future__ import annotations

from datetime import datetime, time

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.errors import Rejected
from bot.sandbox.events import tell
from bot.sandbox.finding import shown_user
from bot.sandbox.quiet import dnd_json
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Spell

LONGEST_STATUS = 100
"""Slack: "up to 100 characters"."""

WITHOUT_EMOJI = ":speech_balloon:"
"""What Slack puts before a status that has no emoji."""

CHANGES = ("user_change", "user_profile_changed", "user_status_changed")
"""What Slack sends when a status changes."""


async def set_status(actor: Actor, text: str, emoji: str, until: datetime | None) -> None:
    """Let `actor` say how she is, until then or for good; nothing at all clears her status.

    Raises:
        Rejected: if it is too long, or would be over already.
    """
    if len(text) > LONGEST_STATUS:
        raise Rejected({"status": f"it has more than {LONGEST_STATUS} characters"})
    now = actor.world.clock.now()
    if until is not None and until <= now:
        raise Rejected({"status": "it would be over already"})
    _show_status(actor, text, emoji or (WITHOUT_EMOJI if text else ""), until)
    if until is not None:
        actor.world.timetable.later(until - now, lambda: _expire(actor, int(until.timestamp())))


def _show_status(actor: Actor, text: str, emoji: str, until: datetime | None) -> None:
    user = actor.user
    user.status_text, user.status_emoji = text, emoji
    user.status_until = int(until.timestamp()) if until else 0
    _tell_of_change(actor, *CHANGES)


def _expire(actor: Actor, until: int) -> None:
    if actor.user.status_until == until:
        _show_status(actor, "", "", None)


async def snooze(actor: Actor, until: datetime | None) -> None:
    """Let `actor` ask not to be disturbed `until` then; None ends it."""
    now = actor.world.clock.now()
    actor.user.snooze = Spell(now, until) if until and until > now else None
    _tell_of_dnd(actor)


async def set_quiet_hours(actor: Actor, hours: tuple[time, time] | None) -> None:
    """Let `actor` never be disturbed between these times of day, by her clock; None ends it."""
    actor.user.quiet_hours = hours
    _tell_of_dnd(actor)


async def deactivate(actor: Actor) -> None:
    """Let `actor` leave the workspace."""
    actor.user.deleted = True
    _tell_of_change(actor, "user_change")


def _tell_of_dnd(actor: Actor) -> None:
    status = dnd_json(actor.user, actor.world.clock.now())
    event: Json = {"type": "dnd_updated_user", "user": actor.id, "dnd_status": status}
    tell(actor.world, "dnd_updated_user", event)
    actor.workspace.changed_everywhere()


def _tell_of_change(actor: Actor, *kinds: str) -> None:
    now = actor.world.clock.now()
    actor.user.updated = int(now.timestamp())
    shape = shown_user(actor.world, actor.user)
    for kind in kinds:
        event: Json = {"type": kind, "user": shape, "cache_ts": actor.user.updated}
        tell(actor.world, kind, event)
    actor.workspace.changed_everywhere()
