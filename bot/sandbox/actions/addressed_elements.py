"""Using an element by pointing at it, as a browser does, instead of by what stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.actions.actor import Actor
from bot.sandbox.actions.external_options import load_external_options
from bot.sandbox.actions.input_changes import InputTrigger, change_input, send_block_actions
from bot.sandbox.actions.input_values import UserInput, to_input_value
from bot.sandbox.actions.interactions import InteractionResult
from bot.sandbox.actions.visibility import ElementContainer, post_container, view_container
from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.errors import NotVisibleError
from bot.sandbox.json_codec import Json, as_list
from bot.sandbox.snapshots import element_options
from bot.sandbox.state_values import (
    BlockElement,
    build_state_values,
    button_fields,
    interactive_elements,
)
from bot.sandbox.workspace import Channel, Post, View

EXTERNAL_SELECT = "external_select"


@dataclass(frozen=True, slots=True)
class ElementAddress:
    """Where an element is: in the message `place` (its ts) or the view `place` (its id)."""

    container_id: str
    block_id: str
    action_id: str


def find_visible_post(actor: Actor, ts: str) -> Post | None:
    """Return the message at `ts` that `actor` can see, an ephemeral one too."""
    if ts in actor.client.ephemeral_posts:
        return actor.client.ephemeral_posts[ts]
    channels = (
        channel for channel in actor.workspace.channels.values() if actor.id in channel.members
    )
    return next((room.posts[ts] for room in channels if ts in room.posts), None)


def locate_element(actor: Actor, at: ElementAddress) -> tuple[ElementContainer, BlockElement]:
    """Return the element `at` that place, and the message or view it is in.

    Raises:
        NotVisible: if it is not before `actor`, or no longer.
    """
    container = _find_container(actor, at.container_id)
    for target in interactive_elements(container.blocks) if container else ():
        if container and (target.block_id, target.action_id) == (at.block_id, at.action_id):
            return container, target
    raise NotVisibleError(wanted=f"{at} is not there", seen="something else by now")


def _find_container(actor: Actor, container_id: str) -> ElementContainer | None:
    for view in (*actor.client.modals, actor.client.home):
        if view is not None and view.id == container_id:
            return view_container(view)
    post = find_visible_post(actor, container_id)
    return post_container(actor, post) if post else None


async def press_button(
    actor: Actor, at: ElementAddress, feedback_key: str = ""
) -> InteractionResult:
    """Let `actor` press a button; `half` is which one of a pair of feedback buttons.

    Raises:
        NotVisible: if there is no such button.
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    container, target = locate_element(actor, at)
    return await send_block_actions(
        actor, container, target, button_fields(target.element.get(feedback_key, target.element))
    )


async def pick_options(
    actor: Actor, at: ElementAddress, positions: Sequence[int]
) -> InteractionResult | None:
    """Let `actor` choose the options at these `positions` of `choosable`, counted from 0.

    Raises:
        NotVisible: if there is no such menu or option.
        NotAcknowledged: if the app is told and did not answer in time and with 200.
    """
    container, target = locate_element(actor, at)
    offered = available_options(actor, container, target)
    if not all(0 <= position < len(offered) for position in positions):
        raise NotVisibleError(wanted=f"{list(positions)} are not all there", seen=f"{len(offered)}")
    chosen = [offered[position] for position in positions]
    if target.kind == "overflow":
        return await send_block_actions(actor, container, target, {"selected_option": chosen[0]})
    many = STATEFUL[target.kind].is_list
    return await change_input(
        actor, container, target, chosen if many else next(iter(chosen), None)
    )


async def enter_value(
    actor: Actor, at: ElementAddress, value: UserInput, trigger: InputTrigger = "settled"
) -> InteractionResult | None:
    """Let `actor` type `value` into an input, or choose a date, a person or a channel.

    Raises:
        NotVisible: if there is no such input, or nobody of that name.
        NotAcknowledged: if the app is told and did not answer in time and with 200.
    """
    container, target = locate_element(actor, at)
    many = STATEFUL[target.kind].is_list
    input_value = to_input_value(actor.world, target, value, many=many, tz=actor.user.tz)
    return await change_input(actor, container, target, input_value, trigger)


async def suggest_options(actor: Actor, at: ElementAddress, typed: str) -> list[Json]:
    """Ask the app what it offers for what was `typed` into a menu, and return all to choose from.

    Raises:
        NotVisible: if there is no such menu.
        NotAcknowledged: if the app offers nothing that Slack could show.
    """
    container, target = locate_element(actor, at)
    loaded = await load_external_options(actor, container, target, [typed])
    actor.client.external_options[at.container_id, at.block_id, at.action_id] = element_options(
        loaded.element
    )
    return available_options(actor, container, target)


def available_options(
    actor: Actor, container: ElementContainer, target: BlockElement
) -> list[Json]:
    """Return the options of a menu: for one that the app is asked about, what is chosen first."""
    if not target.kind.endswith(EXTERNAL_SELECT):
        return element_options(target.element)
    container_id = (
        container.source.id if isinstance(container.source, View) else container.source.ts
    )
    selected = selected_options(container, target)
    offered = actor.client.external_options.get(
        (container_id, target.block_id, target.action_id), []
    )
    return selected + [option for option in offered if option not in selected]


def selected_options(container: ElementContainer, target: BlockElement) -> list[Json]:
    """Return the options that are chosen now."""
    entry = build_state_values(container.blocks, container.inputs)[target.block_id][
        target.action_id
    ]
    one, many = entry.get("selected_option"), as_list(entry.get("selected_options"))
    return [one] if one else many


def selectable_conversations(actor: Actor, element: Json) -> list[Channel]:
    """Return the conversations that a menu of them offers to `actor`, by its filter."""
    wanted = element.get("filter", {})
    kinds = wanted.get("include") or ["im", "public", "private"]
    if wanted.get("exclude_bot_users"):  # all direct messages here are with a bot
        kinds = [kind for kind in kinds if kind != "im"]
    channels = actor.workspace.channels.values()
    seen = [
        channel for channel in channels if channel.kind == "public" or actor.id in channel.members
    ]
    return [room for room in seen if room.kind in kinds and not room.is_archived]
