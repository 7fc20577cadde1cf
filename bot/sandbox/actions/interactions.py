"""Delivery of interactions and commands to the app, with a check of their acknowledgment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from ..delivery import Ack, Envelope, EnvelopeType
from ..errors import ActionRejectedError, NotAcknowledgedError
from ..json_codec import Json
from ..world import World

MAX_REDELIVERIES = 2
"""How often Socket Mode redelivers an envelope that was not acknowledged.

Slack documents no retries of interactions and commands, and has none over HTTP. Over Socket Mode,
apps have received the same envelope up to three times.
"""


@dataclass(frozen=True, slots=True)
class InteractionResult:
    """A payload that was delivered to the app, and its acknowledgment."""

    kind: EnvelopeType
    name: str
    payload: Json
    ack: Ack


async def send_interaction(
    world: World, payload: Json, kind: EnvelopeType = "interactive", times: int = 1
) -> InteractionResult:
    """Deliver `payload` to the app, concurrently if `times` is more than 1.

    Raises:
        NotAcknowledgedError: if the response was late, missing or not 200.
        ActionRejectedError: if interactivity is off in the app's manifest.
    """
    if kind == "interactive" and not world.manifest.is_interactive:
        raise ActionRejectedError({"interactivity": "not enabled in the manifest"})
    name = str(payload.get("type") or payload.get("command"))
    deliveries = [_deliver(world, payload, kind, name) for _ in range(times)]
    acks = [await deliveries[0]] if times == 1 else await asyncio.gather(*deliveries)
    return InteractionResult(kind, name, payload, _check_acks(name, acks))


def _check_acks(name: str, acks: Sequence[Ack]) -> Ack:
    for ack in acks:
        if ack.problem or ack.status != 200:  # noqa: PLR2004 - Slack: "HTTP 200 OK"
            raise NotAcknowledgedError(name, ack.problem or f"HTTP {ack.status} instead of 200")
    return acks[0]


async def _deliver(world: World, payload: Json, kind: EnvelopeType, name: str) -> Ack:
    envelope = Envelope(kind, payload, envelope_id=world.ids.uuid())
    ack = await world.deliver(envelope, name)
    if ack.problem and world.transport is world.sockets and world.sockets.connection_count:
        world.start_task(_redeliver(world, envelope, name))
    return ack


async def _redeliver(world: World, envelope: Envelope, name: str) -> None:
    """Redeliver `envelope`; the response has no effect, as the user has already seen the error."""
    for _ in range(MAX_REDELIVERIES):
        ack = await world.deliver(envelope, name)
        if not ack.problem:
            return
