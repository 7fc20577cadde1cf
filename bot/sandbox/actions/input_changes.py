"""What comes of a touch: an input holds a value, and the app hears of it where Slack tells it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from bot.sandbox.actions.actor import Actor
from bot.sandbox.actions.interactions import InteractionResult, send_interaction
from bot.sandbox.actions.visibility import ElementContainer
from bot.sandbox.json_codec import Json, as_object
from bot.sandbox.payloads import message_block_actions, view_block_actions
from bot.sandbox.state_values import (
    TEXT_INPUTS,
    BlockElement,
    action_json,
    build_state_values,
    state_entry,
)
from bot.sandbox.workspace import View

InputTrigger: TypeAlias = Literal["settled", "typed", "entered", "left"]
"""When a value is put into an input.

`typed` is each character, `entered` the Enter key, `left` that somebody goes on without it;
`settled` is any of them that the input was configured for.
"""

_DISPATCH_TRIGGERS = {"typed": "on_character_entered", "entered": "on_enter_pressed"}
_DEFAULT_TRIGGERS = ["on_enter_pressed"]


async def change_input(
    actor: Actor,
    container: ElementContainer,
    target: BlockElement,
    value: object,
    trigger: InputTrigger = "settled",
) -> InteractionResult | None:
    """Let the input `target` hold `value`, and tell the app if it wants to know.

    Returns what was sent, or None if the app is not told.

    Raises:
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    change = store_input(actor, container, target, value)
    return (
        await send_block_actions(actor, container, target, change)
        if is_dispatched(target, trigger)
        else None
    )


def store_input(
    actor: Actor, container: ElementContainer, target: BlockElement, value: object
) -> Json:
    """Let the input `target` hold `value`; return what an action would say of that."""
    entry = state_entry(target.element, value)
    container.inputs[target.block_id, target.action_id] = entry
    if isinstance(container.source, View):
        container.source.errors.pop(target.block_id, None)
    actor.client.notify_change()
    return {key: one for key, one in entry.items() if key != "type"}


async def send_block_actions(
    actor: Actor, container: ElementContainer, target: BlockElement, change: Json, *, times: int = 1
) -> InteractionResult:
    """Tell the app that `actor` used `target`; `change` is what its action says of that.

    Raises:
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    world, place = actor.world, container.source
    actions = [action_json(target, change, world.ids.ts())]
    if isinstance(place, View):
        payload = view_block_actions(world, place, actions)
    else:
        state = build_state_values(container.blocks, container.inputs)
        payload = message_block_actions(world, actor.id, place, state, actions)
    return await send_interaction(world, payload, times=times)


def is_dispatched(target: BlockElement, trigger: InputTrigger = "settled") -> bool:
    """Tell whether the app hears of a change of `target` on this occasion."""
    if not target.dispatches_actions:
        return False
    if target.kind not in TEXT_INPUTS:
        return True
    config = as_object(target.element.get("dispatch_action_config"))
    triggers = config.get("trigger_actions_on", _DEFAULT_TRIGGERS)
    return bool(triggers) if trigger == "settled" else _DISPATCH_TRIGGERS.get(trigger) in triggers
