"""What people do, as it is asked for by HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.control.requests import Ask, Request, Unreadable
from bot.sandbox.control.seeing import message_json, modals_json
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.going import (
    open_tab,
    react,
    take_reaction,
    use_message_shortcut,
    use_shortcut,
)
from bot.sandbox.deeds.interacting import Sent
from bot.sandbox.deeds.looking import see, see_not
from bot.sandbox.deeds.pointing import At, enter, find_post, pick, press, suggest
from bot.sandbox.deeds.submitting import close, submit
from bot.sandbox.deeds.talking import Remark, erase, order, rewrite, write
from bot.sandbox.deeds.uploading import remove_at
from bot.sandbox.deeds.using import choose, click, fill
from bot.sandbox.errors import NotVisible
from bot.sandbox.seen import shown_text
from bot.sandbox.snapshots import Message, message_of
from bot.sandbox.wire import Json, as_object

OCCASIONS = ("settled", "typed", "entered", "left")


async def clicks(request: Request) -> Json:
    """Press a button by what stands on it, or the one that `at` points to."""
    if "at" in request.values:
        return _told(await press(request.actor, _at(request), request.text("half", "")))
    text, times = request.text("text"), int(request.number("times", 1))
    sent = await click(request.actor, text, None, within=request.within, times=times)
    return _told(sent)


async def chooses(request: Request) -> Json:
    """Choose options by their texts, or by their positions in the menu that `at` points to."""
    if "at" in request.values:
        return _told(await pick(request.actor, _at(request), request.list("options")))
    picked = request.list("picked")
    if not picked:
        message = "picked must name what to choose"
        raise Unreadable(message)
    label = request.text("label")
    return _told(await choose(request.actor, label, picked, within=request.within))


async def fills(request: Request) -> Json:
    """Enter a value into the input with this label, or into the one that `at` points to."""
    value = request.values.get("value")
    if "at" in request.values:
        occasion = request.text("occasion", "settled")
        if occasion not in OCCASIONS:
            message = f"occasion must be one of {', '.join(OCCASIONS)}"
            raise Unreadable(message)
        return _told(await enter(request.actor, _at(request), value, occasion))  # type: ignore[arg-type]  # it is one of them
    label = request.text("label")
    return _told(await fill(request.actor, label, value, within=request.within))


async def suggests(request: Request) -> Json:
    """Ask the app what it offers for what was typed into the menu that `at` points to."""
    offered = await suggest(request.actor, _at(request), request.text("typed", ""))
    return {"options": offered, "texts": [shown_text(one.get("text"), str) for one in offered]}


async def submits(request: Request) -> Json:
    """Fill entries into the top modal and submit it."""
    entries: Mapping[str, Any] = as_object(request.values.get("entries"))
    handed = await submit(request.actor, entries, within=request.within)
    told = {"errors": dict(handed.errors), "modals": modals_json(request.actor)}
    return _told(handed.sent) | told


async def closes(request: Request) -> Json:
    """Close the top modal, or the whole stack of them."""
    everything = request.flag("everything")
    return _told(await close(request.actor, within=request.within, everything=everything))


async def types(request: Request) -> Json:
    """Write a message, or a slash command if it begins with a slash."""
    actor = request.actor
    thread = request.values.get("thread")
    remark = Remark(request.text("text"), request.channel(actor).id, thread)
    if remark.text.startswith("/"):
        return _told(await order(actor, remark))
    post = await write(actor, remark)
    return {"message": message_json(message_of(post, actor.workspace))}


async def opens(request: Request) -> Json:
    """Open the app's Home or Messages tab."""
    tab = request.text("tab")
    if tab not in {"home", "messages"}:
        message = "tab must be home or messages"
        raise Unreadable(message)
    await open_tab(request.actor, tab)
    return {}


async def uses_shortcut(request: Request) -> Json:
    """Use a shortcut: a global one, or one of a message."""
    actor, name = request.actor, request.text("callback_id")
    if "message" in request.values:
        return _told(await use_message_shortcut(actor, name, _message(request, actor)))
    return _told(await use_shortcut(actor, name))


async def reacts(request: Request) -> Json:
    """React to a message with an emoji, or with `gone` take that back."""
    actor = request.actor
    change = take_reaction if request.flag("gone") else react
    await change(actor, request.text("name"), _message(request, actor))
    return {}


async def detaches(request: Request) -> Json:
    """Take a file out of the file input that `at` points to."""
    remove_at(request.actor, _at(request), request.text("file"))
    return {}


async def edits(request: Request) -> Json:
    """Change what a message of one's own says."""
    actor = request.actor
    await rewrite(actor, _message(request, actor), request.text("text"))
    return {}


async def deletes(request: Request) -> Json:
    """Delete a message of one's own."""
    actor = request.actor
    await erase(actor, _message(request, actor))
    return {}


async def waits(request: Request) -> Json:
    """Wait until a text is to be seen, or with `gone` until it is not."""
    actor, text = request.actor, request.text("text")
    if request.flag("gone"):
        await see_not(actor, text, request.within)
        return {}
    return {"message": message_json(await see(actor, text, request.within))}


DEEDS: dict[str, Ask] = {
    "clicks": clicks,
    "chooses": chooses,
    "fills": fills,
    "suggests": suggests,
    "submits": submits,
    "closes": closes,
    "types": types,
    "opens": opens,
    "shortcuts": uses_shortcut,
    "reacts": reacts,
    "detaches": detaches,
    "edits": edits,
    "deletes": deletes,
    "waits": waits,
}
"""Every deed, by the last part of its path."""


def _told(sent: Sent | None) -> Json:
    """Return what was brought to the app and what it answered; null if it was told nothing."""
    return {"payload": sent.payload if sent else None, "answer": sent.ack.body if sent else None}


def _at(request: Request) -> At:
    at = as_object(request.values.get("at"))
    place = at.get("message") or at.get("view")
    parts = (place, at.get("block"), at.get("action"))
    if not all(isinstance(part, str) for part in parts):
        message = "at must have a message (its ts) or a view (its id), a block and an action"
        raise Unreadable(message)
    return At(*map(str, parts))


def _message(request: Request, actor: Actor) -> Message:
    post = find_post(actor, request.text("message"))
    if post is None:
        raise NotVisible(wanted="that message is not there", seen="others")
    return message_of(post, actor.workspace)
