"""Clicking, choosing and filling in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.sandbox.actions.actor import Actor
from bot.sandbox.actions.external_options import load_external_options
from bot.sandbox.actions.input_changes import (
    change_input,
    is_dispatched,
    send_block_actions,
    store_input,
)
from bot.sandbox.actions.input_values import UserInput, to_input_value
from bot.sandbox.actions.interactions import InteractionResult
from bot.sandbox.actions.visibility import (
    ElementContainer,
    describe_screen,
    snapshot_container,
    visible_buttons,
    visible_containers,
    wait_for,
)
from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.errors import NotVisibleError
from bot.sandbox.json_codec import Json
from bot.sandbox.snapshots import MessageSnapshot, ViewSnapshot, element_options
from bot.sandbox.state_values import (
    BlockElement,
    build_state_values,
    button_fields,
    interactive_elements,
)
from bot.sandbox.visible_text import render_text_object

BUTTON_TYPES = frozenset({"button", "icon_button", "workflow_button"})
FEEDBACK_KEYS = ("positive_button", "negative_button")


@dataclass(frozen=True, slots=True)
class ClickTarget:
    """What somebody is about to click.

    `option` is the one she means if the element has options; `half` is which one of a pair of
    feedback buttons. `names` are the texts by which she may know it.
    """

    spot: ElementContainer
    target: BlockElement
    names: tuple[str, ...]
    option: Json | None = None
    feedback_button: Json | None = None


async def click(
    actor: Actor,
    text: str,
    where: MessageSnapshot | ViewSnapshot | None,
    *,
    within: float,
    times: int,
) -> InteractionResult | None:
    """Let `actor` click the button or option that shows `text` or has it as its action_id.

    Returns what was sent, or None if the app is not told (an input that does not dispatch).

    Raises:
        NotVisible: if there is no such button within so many seconds.
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    click_target = await wait_for(actor, lambda: _find_click_target(actor, text, where), within)
    if click_target is None:
        raise NotVisibleError(wanted=f"{text!r} cannot be clicked", seen=_describe_clickable(actor))
    if click_target.option is None:
        change = button_fields(click_target.feedback_button or click_target.target.element)
        return await send_block_actions(
            actor, click_target.spot, click_target.target, change, times=times
        )
    if click_target.target.kind == "overflow":
        change = {"selected_option": click_target.option}
        return await send_block_actions(
            actor, click_target.spot, click_target.target, change, times=times
        )
    value = (
        _toggle_option(click_target, click_target.option)
        if STATEFUL[click_target.target.kind].is_list
        else click_target.option
    )
    change = store_input(actor, click_target.spot, click_target.target, value)
    if not is_dispatched(click_target.target):
        return None
    return await send_block_actions(
        actor, click_target.spot, click_target.target, change, times=times
    )


async def choose(
    actor: Actor, label: str, values: Sequence[UserInput], *, within: float
) -> InteractionResult | None:
    """Let `actor` choose `picked` in the menu, radio buttons or picker called `label`.

    Raises:
        NotVisible: if there is no such element or option within so many seconds.
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    container, target = await wait_for_labelled(actor, label, within)
    if target.kind == "overflow":
        change = {"selected_option": to_input_value(actor.world, target, values[0], many=False)}
        return await send_block_actions(actor, container, target, change)
    if target.kind.endswith("external_select"):
        target = await load_external_options(actor, container, target, values)
    value: object = [to_input_value(actor.world, target, one, many=False) for one in values]
    if not STATEFUL[target.kind].is_list:
        value = to_input_value(actor.world, target, values[0], many=False)
    return await change_input(actor, container, target, value)


async def fill(
    actor: Actor, label: str, value: UserInput, *, within: float
) -> InteractionResult | None:
    """Let `actor` enter `value` into the input called `label`.

    Raises:
        NotVisible: if there is no such input within so many seconds.
        NotAcknowledged: if the app is told of it and did not answer in time and with 200.
    """
    container, target = await wait_for_labelled(actor, label, within)
    input_value = to_input_value(actor.world, target, value, many=STATEFUL[target.kind].is_list)
    return await change_input(actor, container, target, input_value)


def _describe_clickable(actor: Actor) -> str:
    could = ", ".join(map(repr, visible_buttons(actor))) or "nothing"
    return f"{describe_screen(actor)}; what can be clicked is {could}"


def _find_click_target(
    actor: Actor, text: str, where: MessageSnapshot | ViewSnapshot | None
) -> ClickTarget | None:
    places = iter([snapshot_container(actor, where)]) if where else visible_containers(actor)
    aims = (aim for container in places for aim in _click_targets(container))
    return next((aim for aim in aims if text in aim.names), None)


def _click_targets(container: ElementContainer) -> Iterator[ClickTarget]:
    for target in interactive_elements(container.blocks):
        element = target.element
        if target.kind in BUTTON_TYPES:
            words = render_text_object(element.get("text"), str)
            yield ClickTarget(container, target, (words, target.action_id))
        for half in (element[key] for key in FEEDBACK_KEYS if element.get(key)):
            yield ClickTarget(
                container,
                target,
                (render_text_object(half.get("text"), str),),
                feedback_button=half,
            )
        for option in element_options(element):
            yield ClickTarget(
                container, target, (render_text_object(option.get("text"), str),), option
            )


async def wait_for_labelled(
    actor: Actor, label: str, within: float
) -> tuple[ElementContainer, BlockElement]:
    """Return the input or menu that `actor` would call `label`, and where it is.

    Raises:
        NotVisible: if there is no such element within so many seconds.
    """
    found = await wait_for(actor, lambda: find_labelled(actor, label), within)
    if found is None:
        raise NotVisibleError(
            wanted=f"{label!r} is not to be found", seen=_describe_clickable(actor)
        )
    return found


def find_labelled(actor: Actor, label: str) -> tuple[ElementContainer, BlockElement] | None:
    """Return the element that somebody would call `label`, and where it is."""
    for container in visible_containers(actor):
        for target in interactive_elements(container.blocks):
            placeholder = render_text_object(target.element.get("placeholder"), str)
            names = {target.label, placeholder, target.action_id, target.block_id}
            if label in names and (target.kind in STATEFUL or target.kind == "overflow"):
                return container, target
    return None


def _toggle_option(aim: ClickTarget, option: Json) -> list[Json]:
    state = build_state_values(aim.spot.blocks, aim.spot.inputs)
    chosen: list[Json] = state[aim.target.block_id][aim.target.action_id]["selected_options"]
    if option in chosen:
        return [one for one in chosen if one != option]
    return [*chosen, option]
