"""Actions on an element addressed by its ids, as the page uses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..blockkit import STATEFUL
from ..errors import NotVisibleError
from ..json_codec import Json, as_list
from ..snapshots import element_options
from ..state_values import (
    BlockElement,
    build_state_values,
    button_fields,
    interactive_elements,
)
from ..workspace import Channel, Post, View
from .actor import Actor
from .external_options import load_external_options
from .input_changes import InputTrigger, change_input, send_block_actions
from .input_values import UserInput, to_input_value
from .interactions import InteractionResult
from .visibility import ElementContainer, post_container, view_container

EXTERNAL_SELECT = "external_select"


@dataclass(frozen=True, slots=True)
class ElementAddress:
    """The address of an element; `container_id` is the ts of a message or the id of a view."""

    container_id: str
    block_id: str
    action_id: str


def find_visible_post(actor: Actor, ts: str) -> Post | None:
    """Return the message at `ts` that `actor` can see, ephemeral or not."""
    if ts in actor.client.ephemeral_posts:
        return actor.client.ephemeral_posts[ts]
    channels = (
        channel for channel in actor.workspace.channels.values() if actor.id in channel.members
    )
    return next((channel.posts[ts] for channel in channels if ts in channel.posts), None)


def locate_element(actor: Actor, address: ElementAddress) -> tuple[ElementContainer, BlockElement]:
    """Return the element at `address`, and the message or view that contains it.

    Raises:
        NotVisibleError: if it is not on the screen of `actor`, or no longer.
    """
    container = _find_container(actor, address.container_id)
    ids = (address.block_id, address.action_id)
    for target in interactive_elements(container.blocks) if container else ():
        if container and (target.block_id, target.action_id) == ids:
            return container, target
    message = f"no element {address.action_id!r} in {address.container_id!r}"
    raise NotVisibleError(message)


def _find_container(actor: Actor, container_id: str) -> ElementContainer | None:
    for view in (*actor.client.modals, actor.client.home):
        if view is not None and view.id == container_id:
            return view_container(view)
    post = find_visible_post(actor, container_id)
    return post_container(actor, post) if post else None


async def press_button(
    actor: Actor, address: ElementAddress, feedback_key: str = ""
) -> InteractionResult:
    """Click a button; `feedback_key` names one of a pair of feedback buttons.

    Raises:
        NotVisibleError: if there is no such button.
        NotAcknowledgedError: if the app did not respond in time with status 200.
    """
    container, target = locate_element(actor, address)
    return await send_block_actions(
        actor, container, target, button_fields(target.element.get(feedback_key, target.element))
    )


async def pick_options(
    actor: Actor, address: ElementAddress, positions: Sequence[int]
) -> InteractionResult | None:
    """Choose the options at these `positions` of `available_options`, counted from 0.

    Raises:
        NotVisibleError: if there is no such menu or option.
        NotAcknowledgedError: if a payload is sent and the app did not respond in time with 200.
    """
    container, target = locate_element(actor, address)
    options = available_options(actor, container, target)
    if not all(0 <= position < len(options) for position in positions):
        message = f"no options at {list(positions)}, the menu has {len(options)}"
        raise NotVisibleError(message)
    chosen = [options[position] for position in positions]
    if target.kind == "overflow":
        return await send_block_actions(actor, container, target, {"selected_option": chosen[0]})
    is_list = STATEFUL[target.kind].is_list
    value = chosen if is_list else next(iter(chosen), None)
    return await change_input(actor, container, target, value)


async def enter_value(
    actor: Actor, address: ElementAddress, value: UserInput, trigger: InputTrigger = "default"
) -> InteractionResult | None:
    """Enter text in an input, or choose a date, a user or a channel.

    Raises:
        NotVisibleError: if there is no such input, user or channel.
        NotAcknowledgedError: if a payload is sent and the app did not respond in time with 200.
    """
    container, target = locate_element(actor, address)
    many = STATEFUL[target.kind].is_list
    input_value = to_input_value(actor.world, target, value, many=many, tz=actor.user.tz)
    return await change_input(actor, container, target, input_value, trigger)


async def suggest_options(actor: Actor, address: ElementAddress, query: str) -> list[Json]:
    """Request options from the app for a `query` typed into a menu; return all available options.

    Raises:
        NotVisibleError: if there is no such menu.
        NotAcknowledgedError: if the app returns no options that Slack could show.
    """
    container, target = locate_element(actor, address)
    loaded = await load_external_options(actor, container, target, [query])
    key = (address.container_id, address.block_id, address.action_id)
    actor.client.external_options[key] = element_options(loaded.element)
    return available_options(actor, container, target)


def available_options(
    actor: Actor, container: ElementContainer, target: BlockElement
) -> list[Json]:
    """Return the options of a menu; for an external select, the selected ones first."""
    if not target.kind.endswith(EXTERNAL_SELECT):
        return element_options(target.element)
    container_id = (
        container.source.id if isinstance(container.source, View) else container.source.ts
    )
    selected = selected_options(container, target)
    key = (container_id, target.block_id, target.action_id)
    loaded = actor.client.external_options.get(key, [])
    return selected + [option for option in loaded if option not in selected]


def selected_options(container: ElementContainer, target: BlockElement) -> list[Json]:
    """Return the currently selected options of a menu."""
    values = build_state_values(container.blocks, container.inputs)
    entry = values[target.block_id][target.action_id]
    if entry.get("selected_option"):
        return [entry["selected_option"]]
    return as_list(entry.get("selected_options"))


def selectable_conversations(actor: Actor, element: Json) -> list[Channel]:
    """Return the conversations that a conversation menu shows to `actor`, by its filter."""
    conversation_filter = element.get("filter", {})
    kinds = conversation_filter.get("include") or ["im", "public", "private"]
    if conversation_filter.get("exclude_bot_users"):  # all DMs in the sandbox are with a bot
        kinds = [kind for kind in kinds if kind != "im"]
    channels = actor.workspace.channels.values()
    visible = [
        channel for channel in channels if channel.kind == "public" or actor.id in channel.members
    ]
    return [channel for channel in visible if channel.kind in kinds and not channel.is_archived]
