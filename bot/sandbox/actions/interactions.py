"""Interactions on their way: delivered once, acknowledged in time, or an error on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.delivery import Ack, Envelope, EnvelopeType
from bot.sandbox.errors import ActionRejectedError, NotAcknowledgedError
from bot.sandbox.json_codec import Json
from bot.sandbox.world import World

MAX_REDELIVERIES = 2
"""How often Socket Mode brings an envelope again that nobody acknowledged.

Slack documents no retries for interactions and commands, and there are none over HTTP. Over Socket
Mode apps have seen the same envelope up to three times; so it is here.
"""


@dataclass(frozen=True, slots=True)
class InteractionResult:
    """Something that was brought to the app: under which name, what, and what came back."""

    kind: EnvelopeType
    name: str
    payload: Json
    ack: Ack


async def send_interaction(
    world: World, payload: Json, kind: EnvelopeType = "interactive", times: int = 1
) -> InteractionResult:
    """Bring `payload` to the app, at once as many `times` as is asked.

    Raises:
        NotAcknowledged: if the answer was late, absent or not 200.
        Rejected: if the app's manifest has interactivity off.
    """
    if kind == "interactive" and not world.manifest.is_interactive:
        raise ActionRejectedError({"interactivity": "it is not enabled in the manifest"})
    name = str(payload.get("type") or payload.get("command"))
    tries = [_deliver(world, payload, kind, name) for _ in range(times)]
    acks = [await tries[0]] if times == 1 else await asyncio.gather(*tries)
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
    """Redeliver; the person was told long ago that it failed, so the answer changes nothing."""
    for _ in range(MAX_REDELIVERIES):
        ack = await world.deliver(envelope, name)
        if not ack.problem:
            return
