"""Control API routes for the actions of a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..actions.actor import Actor
from ..actions.addressed_elements import (
    ElementAddress,
    enter_value,
    find_visible_post,
    pick_options,
    press_button,
    suggest_options,
)
from ..actions.file_uploads import remove_file_at
from ..actions.interactions import InteractionResult
from ..actions.labelled_elements import choose, click, fill
from ..actions.messages import (
    ComposedMessage,
    delete_message,
    edit_message,
    send_command,
    send_message,
)
from ..actions.modals import close_top_modal, submit_modal
from ..actions.tabs_shortcuts_reactions import (
    open_tab,
    react,
    unreact,
    use_message_shortcut,
    use_shortcut,
)
from ..actions.visibility import wait_for_text, wait_until_gone
from ..errors import NotVisibleError
from ..json_codec import Json, as_object
from ..snapshots import MessageSnapshot, snapshot_message
from ..visible_text import render_text_object
from .inspection import message_json, modals_json
from .requests import BadRequestError, ControlHandler, ControlRequest

INPUT_TRIGGERS = ("default", "on_character_entered", "on_enter_pressed", "on_blur")


async def click_element(request: ControlRequest) -> Json:
    """Click a button or option with this `text`, or the button that `element` addresses."""
    if "element" in request.values:
        feedback_key = request.text("feedback_key", "")
        return _result_json(
            await press_button(request.actor, _parse_address(request), feedback_key)
        )
    text, times = request.text("text"), int(request.number("times", 1))
    result = await click(request.actor, text, None, within=request.within, times=times)
    return _result_json(result)


async def choose_options(request: ControlRequest) -> Json:
    """Choose options by their texts, or by position in the menu that `element` addresses."""
    if "element" in request.values:
        return _result_json(
            await pick_options(request.actor, _parse_address(request), request.list("options"))
        )
    values = request.list("values")
    if not values:
        message = "values must name at least one option"
        raise BadRequestError(message)
    label = request.text("label")
    return _result_json(await choose(request.actor, label, values, within=request.within))


async def fill_input(request: ControlRequest) -> Json:
    """Enter a value in the input with this `label`, or in the one that `element` addresses."""
    value = request.values.get("value")
    if "element" in request.values:
        trigger = request.text("trigger", "default")
        if trigger not in INPUT_TRIGGERS:
            message = f"trigger must be one of {', '.join(INPUT_TRIGGERS)}"
            raise BadRequestError(message)
        address = _parse_address(request)
        return _result_json(
            await enter_value(request.actor, address, value, trigger)  # type: ignore[arg-type]  # checked above
        )
    label = request.text("label")
    return _result_json(await fill(request.actor, label, value, within=request.within))


async def suggest_for_menu(request: ControlRequest) -> Json:
    """Request options from the app for a `query` typed into the menu that `element` addresses."""
    options = await suggest_options(
        request.actor, _parse_address(request), request.text("query", "")
    )
    return {
        "options": options,
        "texts": [render_text_object(option.get("text"), str) for option in options],
    }


async def submit_top_modal(request: ControlRequest) -> Json:
    """Fill entries into the top modal and submit it, `times` times at once."""
    entries: Mapping[str, Any] = as_object(request.values.get("entries"))
    times = int(request.number("times", 1))
    submission = await submit_modal(request.actor, entries, within=request.within, times=times)
    result = {"errors": dict(submission.errors), "modals": modals_json(request.actor)}
    return _result_json(submission.interaction) | result


async def close_modals(request: ControlRequest) -> Json:
    """Close the top modal, or with `all_modals` the whole stack."""
    all_modals = request.flag("all_modals")
    return _result_json(
        await close_top_modal(request.actor, within=request.within, all_modals=all_modals)
    )


async def post_message(request: ControlRequest) -> Json:
    """Send a message, or run a slash command if the text begins with a slash."""
    actor = request.actor
    thread_ts = request.values.get("thread_ts")
    composed = ComposedMessage(request.text("text"), request.channel(actor).id, thread_ts)
    if composed.text.startswith("/"):
        return _result_json(await send_command(actor, composed))
    post = await send_message(actor, composed)
    return {"message": message_json(snapshot_message(post, actor.workspace))}


async def open_app_tab(request: ControlRequest) -> Json:
    """Open the app's Home or Messages tab."""
    tab = request.text("tab")
    if tab not in {"home", "messages"}:
        message = "tab must be home or messages"
        raise BadRequestError(message)
    await open_tab(request.actor, tab)
    return {}


async def run_shortcut(request: ControlRequest) -> Json:
    """Use a global shortcut, or with `message_ts` a message shortcut."""
    actor, callback_id = request.actor, request.text("callback_id")
    if "message_ts" in request.values:
        message = _find_message(request, actor)
        return _result_json(await use_message_shortcut(actor, callback_id, message))
    return _result_json(await use_shortcut(actor, callback_id))


async def change_reaction(request: ControlRequest) -> Json:
    """Add an emoji reaction to a message, or with `remove` remove it."""
    actor = request.actor
    change = unreact if request.flag("remove") else react
    await change(actor, request.text("name"), _find_message(request, actor))
    return {}


async def detach_file(request: ControlRequest) -> Json:
    """Remove a file from the file input that `element` addresses."""
    remove_file_at(request.actor, _parse_address(request), request.text("file"))
    return {}


async def edit_own_message(request: ControlRequest) -> Json:
    """Edit a message of the user's own."""
    actor = request.actor
    await edit_message(actor, _find_message(request, actor), request.text("text"))
    return {}


async def delete_own_message(request: ControlRequest) -> Json:
    """Delete a message of the user's own."""
    actor = request.actor
    await delete_message(actor, _find_message(request, actor))
    return {}


async def wait_for_screen(request: ControlRequest) -> Json:
    """Wait until a text is visible, or with `until_gone` until it no longer is."""
    actor, text = request.actor, request.text("text")
    if request.flag("until_gone"):
        await wait_until_gone(actor, text, request.within)
        return {}
    return {"message": message_json(await wait_for_text(actor, text, request.within))}


ACTION_ROUTES: dict[str, ControlHandler] = {
    "click": click_element,
    "choose": choose_options,
    "fill": fill_input,
    "suggest_options": suggest_for_menu,
    "submit_modal": submit_top_modal,
    "close_modal": close_modals,
    "send_message": post_message,
    "open_tab": open_app_tab,
    "use_shortcut": run_shortcut,
    "react": change_reaction,
    "remove_file": detach_file,
    "edit_message": edit_own_message,
    "delete_message": delete_own_message,
    "wait_for_text": wait_for_screen,
}
"""Action routes by the last part of their path."""


def _result_json(result: InteractionResult | None) -> Json:
    """Return the payload sent to the app and its response; both null if nothing was sent."""
    return {
        "payload": result.payload if result else None,
        "response": result.ack.body if result else None,
    }


def _parse_address(request: ControlRequest) -> ElementAddress:
    element = as_object(request.values.get("element"))
    container_id = element.get("message_ts") or element.get("view_id")
    parts = (container_id, element.get("block_id"), element.get("action_id"))
    if not all(isinstance(part, str) for part in parts):
        message = "element must have a message_ts or a view_id, and a block_id and an action_id"
        raise BadRequestError(message)
    return ElementAddress(*map(str, parts))


def _find_message(request: ControlRequest, actor: Actor) -> MessageSnapshot:
    post = find_visible_post(actor, request.text("message_ts"))
    if post is None:
        raise NotVisibleError(problem="the message is not visible to the user")
    return snapshot_message(post, actor.workspace)
