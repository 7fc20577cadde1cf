"""Changing the value of an input, and sending block_actions where Slack does."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ..json_codec import Json, as_object
from ..payloads import message_block_actions, view_block_actions
from ..state_values import (
    TEXT_INPUTS,
    BlockElement,
    action_json,
    build_state_values,
    state_entry,
)
from ..workspace import View
from .actor import Actor
from .interactions import InteractionResult, send_interaction
from .visibility import ElementContainer

InputTrigger: TypeAlias = Literal["default", "on_character_entered", "on_enter_pressed", "on_blur"]
"""What made the value of a text input change.

The names are those of Slack's `trigger_actions_on`, and `on_blur` for leaving the input, which
dispatches nothing. `default` is any trigger that the input is configured for.
"""

_DEFAULT_TRIGGERS = ["on_enter_pressed"]


async def change_input(
    actor: Actor,
    container: ElementContainer,
    target: BlockElement,
    value: object,
    trigger: InputTrigger = "default",
) -> InteractionResult | None:
    """Set the value of an input, and send block_actions if the input dispatches them.

    Returns None if no payload was sent.

    Raises:
        NotAcknowledgedError: if the app did not respond in time with status 200.
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
    """Set the value of an input; return the fields that its action would have."""
    entry = state_entry(target.element, value)
    container.inputs[target.block_id, target.action_id] = entry
    if isinstance(container.source, View):
        container.source.errors.pop(target.block_id, None)
    actor.client.notify_change()
    return {key: field for key, field in entry.items() if key != "type"}


async def send_block_actions(
    actor: Actor, container: ElementContainer, target: BlockElement, change: Json, *, times: int = 1
) -> InteractionResult:
    """Send block_actions for `target` to the app; `change` has the fields of its action.

    Raises:
        NotAcknowledgedError: if the app did not respond in time with status 200.
    """
    world, source = actor.world, container.source
    actions = [action_json(target, change, world.ids.ts())]
    if isinstance(source, View):
        payload = view_block_actions(world, source, actions)
    else:
        state = build_state_values(container.blocks, container.inputs)
        payload = message_block_actions(world, actor.id, source, state, actions)
    return await send_interaction(world, payload, times=times)


def is_dispatched(target: BlockElement, trigger: InputTrigger = "default") -> bool:
    """Tell whether a change of `target` by this trigger is sent to the app."""
    if not target.dispatches_actions:
        return False
    if target.kind not in TEXT_INPUTS:
        return True
    config = as_object(target.element.get("dispatch_action_config"))
    triggers = config.get("trigger_actions_on", _DEFAULT_TRIGGERS)
    return bool(triggers) if trigger == "default" else trigger in triggers
