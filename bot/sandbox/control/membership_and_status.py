"""Control API routes for channel membership, status and Do Not Disturb."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ..actions.channel_membership import invite, join, remove
from ..actions.user_status import set_quiet_hours, set_status, snooze
from ..json_codec import Json
from .requests import (
    BadRequestError,
    ControlHandler,
    ControlRequest,
    find_user_id,
)


async def join_channel(request: ControlRequest) -> Json:
    """Join a public channel."""
    await join(request.actor, request.channel(request.actor).id)
    return {}


async def invite_to_channel(request: ControlRequest) -> Json:
    """Invite `users` to a channel, or the app's bot if none are given."""
    await invite(request.actor, request.channel(request.actor).id, _target_user_ids(request))
    return {}


async def remove_from_channel(request: ControlRequest) -> Json:
    """Remove `users` from a channel, or the app's bot if none are given."""
    await remove(request.actor, request.channel(request.actor).id, _target_user_ids(request))
    return {}


async def update_status(request: ControlRequest) -> Json:
    """Set the user's status, for `minutes` or permanently; an empty text clears it."""
    text, emoji = request.text("text", ""), request.text("emoji", "")
    await set_status(request.actor, text, emoji, _end_time(request))
    return {}


async def start_snooze(request: ControlRequest) -> Json:
    """Pause notifications for `minutes`; 0 ends the snooze."""
    await snooze(request.actor, _end_time(request))
    return {}


async def update_quiet_hours(request: ControlRequest) -> Json:
    """Set daily quiet hours in the user's time zone, or remove them if no times are given."""
    start, end = _parse_time(request, "from"), _parse_time(request, "to")
    if (start is None) != (end is None):
        message = "give both from and to, or neither"
        raise BadRequestError(message)
    await set_quiet_hours(request.actor, (start, end) if start and end else None)
    return {}


MEMBERSHIP_AND_STATUS_ROUTES: dict[str, ControlHandler] = {
    "join_channel": join_channel,
    "invite_to_channel": invite_to_channel,
    "remove_from_channel": remove_from_channel,
    "set_status": update_status,
    "snooze": start_snooze,
    "set_quiet_hours": update_quiet_hours,
}
"""Membership and status routes by the last part of their path."""


def _target_user_ids(request: ControlRequest) -> list[str]:
    bot = request.world.app.bot_user_id
    names = [str(name) for name in request.list("users")] or [bot]
    return [name if name == bot else find_user_id(request.world, name) for name in names]


def _end_time(request: ControlRequest) -> datetime | None:
    minutes = request.number("minutes", 0)
    return request.world.clock.now() + timedelta(minutes=minutes) if minutes else None


def _parse_time(request: ControlRequest, name: str) -> time | None:
    text = request.text(name, "")
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        message = f"{name} must be a time of day, such as 22:00"
        raise BadRequestError(message) from None
