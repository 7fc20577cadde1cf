"""What comes of a touch: an input holds a value, and the app hears of it where Slack tells it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.interacting import Sent, interact
from bot.sandbox.deeds.looking import Spot
from bot.sandbox.payloads import message_actions, view_actions
from bot.sandbox.state_values import TEXTS, Target, action_json, held, initial_state
from bot.sandbox.wire import Json, as_object
from bot.sandbox.workspace import View

Occasion: TypeAlias = Literal["settled", "typed", "entered", "left"]
"""When a value is put into an input.

`typed` is each character, `entered` the Enter key, `left` that somebody goes on without it;
`settled` is any of them that the input was configured for.
"""

_TRIGGERS = {"typed": "on_character_entered", "entered": "on_enter_pressed"}
_BY_DEFAULT = ["on_enter_pressed"]


async def put(
    actor: Actor, spot: Spot, target: Target, value: object, occasion: Occasion = "settled"
) -> Sent | None:
    """Let the input `target` hold `value`, and tell the app if it wants to know.

    Returns what was sent, or None if the app is not told.

    Raises:
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    change = hold(actor, spot, target, value)
    return await act(actor, spot, target, change) if is_told(target, occasion) else None


def hold(actor: Actor, spot: Spot, target: Target, value: object) -> Json:
    """Let the input `target` hold `value`; return what an action would say of that."""
    entry = held(target.element, value)
    spot.inputs[target.block_id, target.action_id] = entry
    if isinstance(spot.place, View):
        spot.place.errors.pop(target.block_id, None)
    actor.desk.changed()
    return {key: one for key, one in entry.items() if key != "type"}


async def act(actor: Actor, spot: Spot, target: Target, change: Json, *, times: int = 1) -> Sent:
    """Tell the app that `actor` used `target`; `change` is what its action says of that.

    Raises:
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    world, place = actor.world, spot.place
    actions = [action_json(target, change, world.names.ts())]
    if isinstance(place, View):
        payload = view_actions(world, place, actions)
    else:
        state = initial_state(spot.blocks, spot.inputs)
        payload = message_actions(world, actor.id, place, state, actions)
    return await interact(world, payload, times=times)


def is_told(target: Target, occasion: Occasion = "settled") -> bool:
    """Tell whether the app hears of a change of `target` on this occasion."""
    if not target.dispatches:
        return False
    if target.kind not in TEXTS:
        return True
    config = as_object(target.element.get("dispatch_action_config"))
    triggers = config.get("trigger_actions_on", _BY_DEFAULT)
    return bool(triggers) if occasion == "settled" else _TRIGGERS.get(occasion) in triggers
