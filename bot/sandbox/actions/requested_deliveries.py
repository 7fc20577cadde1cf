"""Deliveries that a test asks for: a separate event, or the same payload again."""

from __future__ import annotations

import asyncio

from ..delivery import Ack, Envelope, EnvelopeType
from ..errors import ActionRejectedError
from ..events import start_delivery
from ..json_codec import Json
from ..world import World

MESSAGE_SUBSCRIPTIONS = {
    "im": "message.im",
    "mpim": "message.mpim",
    "channel": "message.channels",
    "group": "message.groups",
    "app_home": "message.app_home",
}
"""The event subscription for messages by their `channel_type`; `im` if it has none."""


def send_requested_event(world: World, event: Json) -> Json:
    """Start delivering `event` unchanged and return the payload that contains it.

    The event may be one that the sandbox never sends itself, and it may be malformed.

    Raises:
        ActionRejectedError: if the app has not subscribed to events of its type.
    """
    subscription = _subscription(event)
    if not world.manifest.receives_event(subscription) or not world.app.is_installed:
        raise ActionRejectedError({subscription: "the app has not subscribed to this event"})
    return start_delivery(world, event)


def _subscription(event: Json) -> str:
    kind = event.get("type")
    if not isinstance(kind, str):
        raise ActionRejectedError({"type": "an event has a type"})
    if kind != "message":
        return kind
    channel_type = event.get("channel_type")
    return MESSAGE_SUBSCRIPTIONS.get(str(channel_type), MESSAGE_SUBSCRIPTIONS["im"])


async def redeliver(
    world: World, kind: str, times: int = 1, *, new_event_id: bool = False
) -> list[Ack]:
    """Deliver the newest payload of the type `kind` again, `times` times at once.

    Its ids and its trigger are the same as before; with `new_event_id`, only the `event_id` of an
    event is new.

    Raises:
        ActionRejectedError: if nothing of this type was delivered so far.
    """
    payload = _newest_payload(world, kind)
    if new_event_id and "event_id" in payload:
        payload = payload | {"event_id": world.ids.new("Ev")}
    envelope = Envelope(_envelope_type(payload), payload)
    return await asyncio.gather(*(world.deliver(envelope, kind) for _ in range(times)))


def _newest_payload(world: World, kind: str) -> Json:
    for _number, record in world.traffic.numbered_records():
        if record.direction == "out" and record.kind == kind and isinstance(record.request, dict):
            return record.request
    raise ActionRejectedError({kind: "nothing of this type was delivered so far"})


def _envelope_type(payload: Json) -> EnvelopeType:
    if "command" in payload:
        return "slash_commands"
    return "events_api" if payload.get("type") == "event_callback" else "interactive"
