"""Status, Do Not Disturb and deactivation of a user."""

from __future__ import annotations

from datetime import datetime, time

from ..do_not_disturb import dnd_json
from ..errors import ActionRejectedError
from ..events import send_event
from ..json_codec import Json
from ..lookups import visible_user_json
from ..workspace import TimeRange
from .actor import Actor

MAX_STATUS_CHARS = 100
"""Slack: "up to 100 characters"."""

DEFAULT_STATUS_EMOJI = ":speech_balloon:"
"""The emoji that Slack adds to a status without one."""

STATUS_EVENTS = ("user_change", "user_profile_changed", "user_status_changed")
"""The events that Slack sends when a status changes."""


async def set_status(actor: Actor, text: str, emoji: str, until: datetime | None) -> None:
    """Set the status of `actor`, `until` a time or permanently; empty values clear it.

    Raises:
        ActionRejectedError: if `text` is too long, or `until` is in the past.
    """
    if len(text) > MAX_STATUS_CHARS:
        raise ActionRejectedError({"status": f"longer than {MAX_STATUS_CHARS} characters"})
    now = actor.world.clock.now()
    if until is not None and until <= now:
        raise ActionRejectedError({"status": "ends in the past"})
    _apply_status(actor, text, emoji or (DEFAULT_STATUS_EMOJI if text else ""), until)
    if until is not None:
        actor.world.scheduler.call_later(
            until - now, lambda: _expire_status(actor, int(until.timestamp()))
        )


def _apply_status(actor: Actor, text: str, emoji: str, until: datetime | None) -> None:
    user = actor.user
    user.status_text, user.status_emoji = text, emoji
    user.status_expiration = int(until.timestamp()) if until else 0
    _send_user_change(actor, *STATUS_EVENTS)


def _expire_status(actor: Actor, until: int) -> None:
    if actor.user.status_expiration == until:
        _apply_status(actor, "", "", None)


async def snooze(actor: Actor, until: datetime | None) -> None:
    """Pause notifications of `actor` `until` a time; None ends the snooze."""
    now = actor.world.clock.now()
    actor.user.snooze = TimeRange(now, until) if until and until > now else None
    _send_dnd_updated(actor)


async def set_quiet_hours(actor: Actor, hours: tuple[time, time] | None) -> None:
    """Set daily quiet hours in the time zone of `actor`; None removes them."""
    actor.user.quiet_hours = hours
    _send_dnd_updated(actor)


async def deactivate(actor: Actor) -> None:
    """Deactivate the account of `actor`."""
    actor.user.deleted = True
    _send_user_change(actor, "user_change")


def _send_dnd_updated(actor: Actor) -> None:
    status = dnd_json(actor.user, actor.world.clock.now())
    event: Json = {"type": "dnd_updated_user", "user": actor.id, "dnd_status": status}
    send_event(actor.world, "dnd_updated_user", event)
    actor.workspace.notify_all()


def _send_user_change(actor: Actor, *kinds: str) -> None:
    now = actor.world.clock.now()
    actor.user.updated = int(now.timestamp())
    shape = visible_user_json(actor.world, actor.user)
    for kind in kinds:
        event: Json = {"type": kind, "user": shape, "cache_ts": actor.user.updated}
        send_event(actor.world, kind, event)
    actor.workspace.notify_all()
