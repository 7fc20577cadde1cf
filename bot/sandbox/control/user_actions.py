"""What people do, as it is asked for by HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.actions.actor import Actor
from bot.sandbox.actions.addressed_elements import (
    ElementAddress,
    enter_value,
    find_visible_post,
    pick_options,
    press_button,
    suggest_options,
)
from bot.sandbox.actions.file_uploads import remove_file_at
from bot.sandbox.actions.interactions import InteractionResult
from bot.sandbox.actions.labelled_elements import choose, click, fill
from bot.sandbox.actions.messages import (
    ComposedMessage,
    delete_message,
    edit_message,
    send_command,
    send_message,
)
from bot.sandbox.actions.modals import close_top_modal, submit_modal
from bot.sandbox.actions.tabs_shortcuts_reactions import (
    open_tab,
    react,
    unreact,
    use_message_shortcut,
    use_shortcut,
)
from bot.sandbox.actions.visibility import wait_for_text, wait_until_gone
from bot.sandbox.control.inspection import message_json, modals_json
from bot.sandbox.control.requests import BadRequestError, ControlHandler, ControlRequest
from bot.sandbox.errors import NotVisibleError
from bot.sandbox.json_codec import Json, as_object
from bot.sandbox.snapshots import MessageSnapshot, snapshot_message
from bot.sandbox.visible_text import render_text_object

INPUT_TRIGGERS = ("settled", "typed", "entered", "left")


async def click_element(request: ControlRequest) -> Json:
    """Press a button by what stands on it, or the one that `at` points to."""
    if "at" in request.values:
        return _result_json(
            await press_button(request.actor, _parse_address(request), request.text("half", ""))
        )
    text, times = request.text("text"), int(request.number("times", 1))
    sent = await click(request.actor, text, None, within=request.within, times=times)
    return _result_json(sent)


async def choose_options(request: ControlRequest) -> Json:
    """Choose options by their texts, or by their positions in the menu that `at` points to."""
    if "at" in request.values:
        return _result_json(
            await pick_options(request.actor, _parse_address(request), request.list("options"))
        )
    picked = request.list("picked")
    if not picked:
        message = "picked must name what to choose"
        raise BadRequestError(message)
    label = request.text("label")
    return _result_json(await choose(request.actor, label, picked, within=request.within))


async def fill_input(request: ControlRequest) -> Json:
    """Enter a value into the input with this label, or into the one that `at` points to."""
    value = request.values.get("value")
    if "at" in request.values:
        trigger = request.text("occasion", "settled")
        if trigger not in INPUT_TRIGGERS:
            message = f"occasion must be one of {', '.join(INPUT_TRIGGERS)}"
            raise BadRequestError(message)
        address = _parse_address(request)
        return _result_json(
            await enter_value(request.actor, address, value, trigger)  # type: ignore[arg-type]  # checked above
        )
    label = request.text("label")
    return _result_json(await fill(request.actor, label, value, within=request.within))


async def suggest_for_menu(request: ControlRequest) -> Json:
    """Ask the app what it offers for what was typed into the menu that `at` points to."""
    offered = await suggest_options(
        request.actor, _parse_address(request), request.text("typed", "")
    )
    return {
        "options": offered,
        "texts": [render_text_object(one.get("text"), str) for one in offered],
    }


async def submit_top_modal(request: ControlRequest) -> Json:
    """Fill entries into the top modal and submit it."""
    entries: Mapping[str, Any] = as_object(request.values.get("entries"))
    submission = await submit_modal(request.actor, entries, within=request.within)
    result = {"errors": dict(submission.errors), "modals": modals_json(request.actor)}
    return _result_json(submission.sent) | result


async def close_modals(request: ControlRequest) -> Json:
    """Close the top modal, or the whole stack of them."""
    everything = request.flag("everything")
    return _result_json(
        await close_top_modal(request.actor, within=request.within, all_modals=everything)
    )


async def post_message(request: ControlRequest) -> Json:
    """Write a message, or a slash command if it begins with a slash."""
    actor = request.actor
    thread = request.values.get("thread")
    composed = ComposedMessage(request.text("text"), request.channel(actor).id, thread)
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
    """Use a shortcut: a global one, or one of a message."""
    actor, name = request.actor, request.text("callback_id")
    if "message" in request.values:
        return _result_json(await use_message_shortcut(actor, name, _find_message(request, actor)))
    return _result_json(await use_shortcut(actor, name))


async def change_reaction(request: ControlRequest) -> Json:
    """React to a message with an emoji, or with `gone` take that back."""
    actor = request.actor
    change = unreact if request.flag("gone") else react
    await change(actor, request.text("name"), _find_message(request, actor))
    return {}


async def detach_file(request: ControlRequest) -> Json:
    """Take a file out of the file input that `at` points to."""
    remove_file_at(request.actor, _parse_address(request), request.text("file"))
    return {}


async def edit_own_message(request: ControlRequest) -> Json:
    """Change what a message of one's own says."""
    actor = request.actor
    await edit_message(actor, _find_message(request, actor), request.text("text"))
    return {}


async def delete_own_message(request: ControlRequest) -> Json:
    """Delete a message of one's own."""
    actor = request.actor
    await delete_message(actor, _find_message(request, actor))
    return {}


async def wait_for_screen(request: ControlRequest) -> Json:
    """Wait until a text is to be seen, or with `gone` until it is not."""
    actor, text = request.actor, request.text("text")
    if request.flag("gone"):
        await wait_until_gone(actor, text, request.within)
        return {}
    return {"message": message_json(await wait_for_text(actor, text, request.within))}


ACTION_ROUTES: dict[str, ControlHandler] = {
    "clicks": click_element,
    "chooses": choose_options,
    "fills": fill_input,
    "suggests": suggest_for_menu,
    "submits": submit_top_modal,
    "closes": close_modals,
    "types": post_message,
    "opens": open_app_tab,
    "shortcuts": run_shortcut,
    "reacts": change_reaction,
    "detaches": detach_file,
    "edits": edit_own_message,
    "deletes": delete_own_message,
    "waits": wait_for_screen,
}
"""Every deed, by the last part of its path."""


def _result_json(sent: InteractionResult | None) -> Json:
    """Return what was brought to the app and what it answered; null if it was told nothing."""
    return {"payload": sent.payload if sent else None, "answer": sent.ack.body if sent else None}


def _parse_address(request: ControlRequest) -> ElementAddress:
    at = as_object(request.values.get("at"))
    place = at.get("message") or at.get("view")
    parts = (place, at.get("block"), at.get("action"))
    if not all(isinstance(part, str) for part in parts):
        message = "at must have a message (its ts) or a view (its id), a block and an action"
        raise BadRequestError(message)
    return ElementAddress(*map(str, parts))


def _find_message(request: ControlRequest, actor: Actor) -> MessageSnapshot:
    post = find_visible_post(actor, request.text("message"))
    if post is None:
        raise NotVisibleError(wanted="that message is not there", seen="others")
    return snapshot_message(post, actor.workspace)
