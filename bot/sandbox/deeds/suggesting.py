"""Menus whose options the app tells while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.sandbox.blockkit import Surface, check_blocks, with_defaults
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.entering import Entry
from bot.sandbox.deeds.interacting import interact
from bot.sandbox.deeds.looking import Spot
from bot.sandbox.errors import NotAcknowledged
from bot.sandbox.payloads import suggestion
from bot.sandbox.snapshots import options
from bot.sandbox.state_values import Target
from bot.sandbox.wire import Json, as_list, as_object
from bot.sandbox.world import World

SUGGESTION = "block_suggestion"


async def suggested(actor: Actor, spot: Spot, target: Target, picked: Sequence[Entry]) -> Target:
    """Return `target` with the options that the app offers after each of `picked` was typed.

    Raises:
        NotAcknowledged: if the app offers nothing that Slack could show.
    """
    offered: list[Json] = []
    for typed in picked:
        payload = suggestion(actor.world, actor.id, spot.place, target, str(typed))
        sent = await interact(actor.world, payload)
        offered += _options(actor.world, sent.ack.body)
    return replace(target, element=target.element | {"options": offered})


def _options(world: World, body: object) -> list[Json]:
    """Return what the app offers as Slack stores it, in one list, out of its groups."""
    answer = as_object(body)
    key = "option_groups" if isinstance(answer.get("option_groups"), list) else "options"
    offered = answer.get(key)
    if not isinstance(offered, list):
        raise NotAcknowledged(SUGGESTION, f"no list of options but {offered!r}")
    if not offered:
        return []
    menu = {"type": "static_select", "action_id": "offered", key: offered}
    blocks: list[Json] = [{"type": "actions", "elements": [menu]}]
    problems = check_blocks(blocks, Surface.MESSAGE)
    if problems:
        first = problems[0]
        raise NotAcknowledged(SUGGESTION, f"{first.message} [json-pointer:{first.pointer}]")
    (stored,) = with_defaults(blocks, world.names.block)
    return options(as_list(stored["elements"])[0])
