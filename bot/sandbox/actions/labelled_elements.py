"""Actions on an element found by its text, label or ids: click, choose and fill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..blockkit import STATEFUL
from ..errors import NotVisibleError
from ..json_codec import Json
from ..snapshots import MessageSnapshot, ViewSnapshot, element_options
from ..state_values import (
    BlockElement,
    build_state_values,
    button_fields,
    interactive_elements,
)
from ..visible_text import render_text_object
from .actor import Actor
from .external_options import load_external_options
from .input_changes import (
    change_input,
    is_dispatched,
    send_block_actions,
    store_input,
)
from .input_values import UserInput, to_input_value
from .interactions import InteractionResult
from .visibility import (
    ElementContainer,
    describe_screen,
    snapshot_container,
    visible_buttons,
    visible_containers,
    wait_for,
)

BUTTON_TYPES = frozenset({"button", "icon_button", "workflow_button"})
FEEDBACK_KEYS = ("positive_button", "negative_button")


@dataclass(frozen=True, slots=True)
class ClickTarget:
    """A button or option that can be clicked.

    `names` are the texts that identify it. `option` is set for an option of an element,
    `feedback_button` for one of a pair of feedback buttons.
    """

    container: ElementContainer
    target: BlockElement
    names: tuple[str, ...]
    option: Json | None = None
    feedback_button: Json | None = None


async def click(
    actor: Actor,
    text: str,
    snapshot: MessageSnapshot | ViewSnapshot | None,
    *,
    within: float,
    times: int,
) -> InteractionResult | None:
    """Click the button or option with this `text`, or the button with this action_id.

    Returns None if no payload was sent (an input that does not dispatch actions).

    Raises:
        NotVisibleError: if no such button or option appears `within` so many seconds.
        NotAcknowledgedError: if the app did not respond in time with status 200.
    """
    click_target = await wait_for(actor, lambda: _find_click_target(actor, text, snapshot), within)
    if click_target is None:
        raise NotVisibleError(
            problem=f"{text!r} cannot be clicked", visible=_describe_clickable(actor)
        )
    container, target = click_target.container, click_target.target
    option = click_target.option
    if option is None:
        change = button_fields(click_target.feedback_button or target.element)
        return await send_block_actions(actor, container, target, change, times=times)
    if target.kind == "overflow":
        change = {"selected_option": option}
        return await send_block_actions(actor, container, target, change, times=times)
    value = _toggle_option(click_target, option) if STATEFUL[target.kind].is_list else option
    change = store_input(actor, container, target, value)
    if not is_dispatched(target):
        return None
    return await send_block_actions(actor, container, target, change, times=times)


async def choose(
    actor: Actor, label: str, values: Sequence[UserInput], *, within: float
) -> InteractionResult | None:
    """Choose `values` in the menu, radio buttons, checkboxes or picker with this label.

    Raises:
        NotVisibleError: if no such element appears `within` so many seconds, or has no such option.
        NotAcknowledgedError: if the app did not respond in time with status 200.
    """
    container, target = await wait_for_labelled(actor, label, within)
    if target.kind == "overflow":
        change = {"selected_option": to_input_value(actor.world, target, values[0], many=False)}
        return await send_block_actions(actor, container, target, change)
    if target.kind.endswith("external_select"):
        target = await load_external_options(actor, container, target, values)
    value: object = [to_input_value(actor.world, target, item, many=False) for item in values]
    if not STATEFUL[target.kind].is_list:
        value = to_input_value(actor.world, target, values[0], many=False)
    return await change_input(actor, container, target, value)


async def fill(
    actor: Actor, label: str, value: UserInput, *, within: float
) -> InteractionResult | None:
    """Enter `value` in the input with this label.

    Raises:
        NotVisibleError: if no such input appears `within` so many seconds.
        NotAcknowledgedError: if a payload is sent and the app did not respond in time with 200.
    """
    container, target = await wait_for_labelled(actor, label, within)
    input_value = to_input_value(actor.world, target, value, many=STATEFUL[target.kind].is_list)
    return await change_input(actor, container, target, input_value)


def _describe_clickable(actor: Actor) -> str:
    buttons = ", ".join(map(repr, visible_buttons(actor))) or "none"
    return f"{describe_screen(actor)}; buttons and options: {buttons}"


def _find_click_target(
    actor: Actor, text: str, snapshot: MessageSnapshot | ViewSnapshot | None
) -> ClickTarget | None:
    containers = (
        iter([snapshot_container(actor, snapshot)]) if snapshot else visible_containers(actor)
    )
    targets = (target for container in containers for target in _click_targets(container))
    return next((target for target in targets if text in target.names), None)


def _click_targets(container: ElementContainer) -> Iterator[ClickTarget]:
    for target in interactive_elements(container.blocks):
        element = target.element
        if target.kind in BUTTON_TYPES:
            text = render_text_object(element.get("text"), str)
            yield ClickTarget(container, target, (text, target.action_id))
        for button in (element[key] for key in FEEDBACK_KEYS if element.get(key)):
            text = render_text_object(button.get("text"), str)
            yield ClickTarget(container, target, (text,), feedback_button=button)
        for option in element_options(element):
            text = render_text_object(option.get("text"), str)
            yield ClickTarget(container, target, (text,), option)


async def wait_for_labelled(
    actor: Actor, label: str, within: float
) -> tuple[ElementContainer, BlockElement]:
    """Wait for the element with this label; return it and the message or view that contains it.

    Raises:
        NotVisibleError: if no such element appears `within` so many seconds.
    """
    element = await wait_for(actor, lambda: find_labelled(actor, label), within)
    if element is None:
        raise NotVisibleError(problem=f"no element {label!r}", visible=_describe_clickable(actor))
    return element


def find_labelled(actor: Actor, label: str) -> tuple[ElementContainer, BlockElement] | None:
    """Return the element whose label, placeholder, action_id or block_id is `label`, if any."""
    for container in visible_containers(actor):
        for target in interactive_elements(container.blocks):
            placeholder = render_text_object(target.element.get("placeholder"), str)
            names = {target.label, placeholder, target.action_id, target.block_id}
            if label in names and (target.kind in STATEFUL or target.kind == "overflow"):
                return container, target
    return None


def _toggle_option(click_target: ClickTarget, option: Json) -> list[Json]:
    container, target = click_target.container, click_target.target
    state = build_state_values(container.blocks, container.inputs)
    selected: list[Json] = state[target.block_id][target.action_id]["selected_options"]
    if option in selected:
        return [other for other in selected if other != option]
    return [*selected, option]
