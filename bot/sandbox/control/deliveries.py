"""Control API routes that deliver something to the app on request."""

from __future__ import annotations

from ..actions.requested_deliveries import redeliver, send_requested_event
from ..delivery import Ack
from ..json_codec import Json
from .requests import BadRequestError, ControlHandler, ControlRequest

MAX_REDELIVERIES = 20


async def send_any_event(request: ControlRequest) -> Json:
    """Send `event` to the app as it is, whether or not Slack would send it."""
    event = request.values.get("event")
    if not isinstance(event, dict):
        message = "event must be an object with a type"
        raise BadRequestError(message)
    return {"payload": send_requested_event(request.world, event)}


async def deliver_again(request: ControlRequest) -> Json:
    """Deliver the newest payload of the type `kind` again."""
    times = int(request.number("times", 1))
    if not 1 <= times <= MAX_REDELIVERIES:
        message = f"times must be from 1 to {MAX_REDELIVERIES}"
        raise BadRequestError(message)
    acks = await redeliver(
        request.world, request.text("kind"), times, new_event_id=request.flag("new_event_id")
    )
    return {"responses": [_ack_json(ack) for ack in acks]}


def _ack_json(ack: Ack) -> Json:
    return {"status": ack.status, "body": ack.body, "problem": ack.problem}


DELIVERY_ROUTES: dict[str, ControlHandler] = {
    "send_event": send_any_event,
    "redeliver": deliver_again,
}
"""Delivery routes by the last part of their path."""
