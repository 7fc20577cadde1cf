"""Events: told to the app if it subscribed, and told again when it does not acknowledge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.sandbox.delivery import Ack, Parcel
from bot.sandbox.shapes import authorization_json, post_json
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel, Post
from bot.sandbox.world import World

RETRIES: Sequence[timedelta] = (timedelta(), timedelta(minutes=1), timedelta(minutes=5))
"""Slack: an event is retried "nearly immediately", after a minute and after five minutes."""

MESSAGE_EVENTS = {
    "im": ("message.im", "im"),
    "public": ("message.channels", "channel"),
    "private": ("message.groups", "group"),
}
"""What to subscribe to for messages in each kind of channel, and its `channel_type`."""


def tell(world: World, subscription: str, event: Json, scope: str = "") -> None:
    """Send `event` to the app if it listens to `subscription`, and go on at once.

    `scope` is the one that it takes on this occasion, where there are several.
    """
    if not world.manifest.hears(subscription, scope) or not world.app.installed:
        return
    if world.limits.wait("events"):
        _tell_of_limit(world)
        return
    event = {"event_ts": event.get("ts") or world.names.ts(), **event}
    world.start(_bring(world, _wrapped(world, event), 0, ""))


def tell_message(world: World, channel: Channel, post: Post) -> None:
    """Tell of a new message, if the app is where it was posted, and of its being mentioned."""
    event = post_json(post, world.workspace)
    _tell_in(world, channel, event)
    mentioned = f"<@{world.app.bot_user}>" in post.text and post.bot_id is None
    if mentioned and channel.kind != "im" and world.app.bot_user in channel.members:
        mention = event | {"type": "app_mention", "channel": channel.id}
        tell(world, "app_mention", mention)


def tell_changed(world: World, channel: Channel, old: Json, post: Post) -> None:
    """Tell that a message now reads otherwise than `old`."""
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": post_json(post, world.workspace),
        "previous_message": old,
        "ts": world.names.ts(),
    }
    _tell_in(world, channel, event)


def tell_shared(world: World, channel: Channel, post: Post) -> None:
    """Tell of the files in a message."""
    if world.app.bot_user not in channel.members:
        return
    for file in post.files:
        tell(
            world,
            "file_shared",
            {
                "type": "file_shared",
                "file_id": file["id"],
                "user_id": post.user,
                "file": {"id": file["id"]},
                "channel_id": channel.id,
            },
        )


def tell_deleted(world: World, channel: Channel, old: Json) -> None:
    """Tell that the message `old` is gone."""
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": old["ts"],
        "previous_message": old,
        "ts": world.names.ts(),
    }
    _tell_in(world, channel, event)


def _tell_in(world: World, channel: Channel, event: Json) -> None:
    if world.app.bot_user in channel.members:
        subscription, channel_type = MESSAGE_EVENTS[channel.kind]
        place = {"channel": channel.id, "channel_type": channel_type}
        tell(world, subscription, event | place)


def _wrapped(world: World, event: Json) -> Json:
    workspace, names = world.workspace, world.names
    return {
        "token": world.app.verification_token,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": names.new("Ev"),
        "event_time": int(world.clock.now().timestamp()),
        "authorizations": [authorization_json(world.app, workspace)],
        "is_ext_shared_channel": False,
        "event_context": names.new("EC"),
    }


def _tell_of_limit(world: World) -> None:
    """Say once a minute that events were dropped, as Slack does."""
    if world.limits.wait("app_rate_limited"):
        return
    now = int(world.clock.now().timestamp())
    notice = {
        "token": world.app.verification_token,
        "type": "app_rate_limited",
        "team_id": world.workspace.team_id,
        "minute_rate_limited": now - now % 60,
        "api_app_id": world.app.id,
    }
    world.start(_bring(world, notice, len(RETRIES), ""))


async def _bring(world: World, payload: Json, attempt: int, reason: str) -> None:
    """Deliver once; when that fails, see that it is tried again as long as Slack would."""
    kind = str(payload.get("event", payload).get("type"))
    ack = await world.deliver(Parcel("events_api", payload, attempt, reason), kind)
    if ack.problem and not ack.final and attempt < len(RETRIES):
        again = _again(world, payload, attempt + 1, ack)
        world.timetable.later(RETRIES[attempt], again)


def _again(world: World, payload: Json, attempt: int, ack: Ack) -> Callable[[], None]:
    return lambda: world.start(_bring(world, payload, attempt, ack.reason))
