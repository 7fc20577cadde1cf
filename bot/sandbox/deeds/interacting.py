"""Interactions on their way: delivered once, acknowledged in time, or an error on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.delivery import Ack, Kind, Parcel
from bot.sandbox.errors import NotAcknowledged, Rejected
from bot.sandbox.wire import Json
from bot.sandbox.world import World

REDELIVERIES = 2
"""How often Socket Mode brings an envelope again that nobody acknowledged.

Slack documents no retries for interactions and commands, and there are none over HTTP. Over Socket
Mode apps have seen the same envelope up to three times; so it is here.
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that was brought to the app: under which name, what, and what came back."""

    kind: Kind
    name: str
    payload: Json
    ack: Ack


async def interact(world: World, payload: Json, kind: Kind = "interactive", times: int = 1) -> Sent:
    """Bring `payload` to the app, at once as many `times` as is asked.

    Raises:
        NotAcknowledged: if the answer was late, absent or not 200.
        Rejected: if the app's manifest has interactivity off.
    """
    if kind == "interactive" and not world.manifest.interactive:
        raise Rejected({"interactivity": "it is not enabled in the manifest"})
    name = str(payload.get("type") or payload.get("command"))
    tries = [_bring(world, payload, kind, name) for _ in range(times)]
    acks = [await tries[0]] if times == 1 else await asyncio.gather(*tries)
    return Sent(kind, name, payload, _judged(name, acks))


def _judged(name: str, acks: Sequence[Ack]) -> Ack:
    for ack in acks:
        if ack.problem or ack.status != 200:  # noqa: PLR2004 - Slack: "HTTP 200 OK"
            raise NotAcknowledged(name, ack.problem or f"HTTP {ack.status} instead of 200")
    return acks[0]


async def _bring(world: World, payload: Json, kind: Kind, name: str) -> Ack:
    parcel = Parcel(kind, payload, envelope_id=world.names.uuid())
    ack = await world.deliver(parcel, name)
    if ack.problem and world.carrier is world.sockets and world.sockets.connected:
        world.start(_bring_again(world, parcel, name))
    return ack


async def _bring_again(world: World, parcel: Parcel, name: str) -> None:
    """Redeliver; the person was told long ago that it failed, so the answer changes nothing."""
    for _ in range(REDELIVERIES):
        ack = await world.deliver(parcel, name)
        if not ack.problem:
            return
