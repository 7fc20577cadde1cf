"""Events: delivered to the app if it subscribed, and retried if it does not acknowledge them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from .api_json import authorization_json, post_json
from .delivery import Ack, Envelope
from .json_codec import Json
from .workspace import Channel, Post
from .world import World

RETRY_DELAYS: Sequence[timedelta] = (timedelta(), timedelta(minutes=1), timedelta(minutes=5))
"""Slack: an event is retried "nearly immediately", after a minute and after five minutes."""

MESSAGE_EVENTS = {
    "im": ("message.im", "im"),
    "public": ("message.channels", "channel"),
    "private": ("message.groups", "group"),
}
"""The event subscription and `channel_type` for messages in each kind of channel."""


def send_event(world: World, subscription: str, event: Json, scope: str = "") -> None:
    """Start delivering `event` to the app if it has subscribed to `subscription`.

    `scope` is the scope needed in this case, for an event that any of several scopes allows.
    """
    if not world.manifest.receives_event(subscription, scope) or not world.app.is_installed:
        return
    if world.limits.retry_after("events"):
        _send_rate_limit_notice(world)
        return
    start_delivery(world, {"event_ts": event.get("ts") or world.ids.ts(), **event})


def start_delivery(world: World, event: Json) -> Json:
    """Start delivering `event` to the app, whether or not it has subscribed; return the payload."""
    payload = _wrap_event(world, event)
    world.start_task(_deliver_event(world, payload, 0, ""))
    return payload


def send_message_posted(world: World, channel: Channel, post: Post) -> None:
    """Send message.* for a new message, and app_mention if a user mentions the app in a channel."""
    event = post_json(post, world.workspace)
    _send_channel_event(world, channel, event)
    is_mention = f"<@{world.app.bot_user_id}>" in post.text and post.bot_id is None
    if is_mention and channel.kind != "im" and world.app.bot_user_id in channel.members:
        mention = event | {"type": "app_mention", "channel": channel.id}
        send_event(world, "app_mention", mention)


def send_message_changed(world: World, channel: Channel, previous: Json, post: Post) -> None:
    """Send message_changed for `post`, which was `previous` before."""
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": post_json(post, world.workspace),
        "previous_message": previous,
        "ts": world.ids.ts(),
    }
    _send_channel_event(world, channel, event)


def send_file_shared(world: World, channel: Channel, post: Post) -> None:
    """Send file_shared for each file in `post`."""
    if world.app.bot_user_id not in channel.members:
        return
    for file in post.files:
        send_event(
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


def send_message_deleted(world: World, channel: Channel, previous: Json) -> None:
    """Send message_deleted for the message that was `previous`."""
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": previous["ts"],
        "previous_message": previous,
        "ts": world.ids.ts(),
    }
    _send_channel_event(world, channel, event)


def _send_channel_event(world: World, channel: Channel, event: Json) -> None:
    if world.app.bot_user_id in channel.members:
        subscription, channel_type = MESSAGE_EVENTS[channel.kind]
        location = {"channel": channel.id, "channel_type": channel_type}
        send_event(world, subscription, event | location)


def _wrap_event(world: World, event: Json) -> Json:
    workspace, ids = world.workspace, world.ids
    return {
        "token": world.app.verification_token,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": ids.new("Ev"),
        "event_time": int(world.clock.now().timestamp()),
        "authorizations": [authorization_json(world.app, workspace)],
        "is_ext_shared_channel": False,
        "event_context": ids.new("EC"),
    }


def _send_rate_limit_notice(world: World) -> None:
    """Send app_rate_limited, at most once a minute as Slack does."""
    if world.limits.retry_after("app_rate_limited"):
        return
    now = int(world.clock.now().timestamp())
    notice = {
        "token": world.app.verification_token,
        "type": "app_rate_limited",
        "team_id": world.workspace.team_id,
        "minute_rate_limited": now - now % 60,
        "api_app_id": world.app.id,
    }
    world.start_task(_deliver_event(world, notice, len(RETRY_DELAYS), ""))


async def _deliver_event(world: World, payload: Json, attempt: int, reason: str) -> None:
    """Deliver `payload` once; schedule the next retry if that fails and Slack would retry."""
    kind = str(payload.get("event", payload).get("type"))
    ack = await world.deliver(Envelope("events_api", payload, attempt, reason), kind)
    if ack.problem and not ack.is_final and attempt < len(RETRY_DELAYS):
        retry = _retry_later(world, payload, attempt + 1, ack)
        world.scheduler.call_later(RETRY_DELAYS[attempt], retry)


def _retry_later(world: World, payload: Json, attempt: int, ack: Ack) -> Callable[[], None]:
    return lambda: world.start_task(_deliver_event(world, payload, attempt, ack.retry_reason))
