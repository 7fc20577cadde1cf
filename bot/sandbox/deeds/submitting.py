"""Sending a modal off and closing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.entering import Entry, client_errors, entered, named
from bot.sandbox.deeds.interacting import Sent, interact
from bot.sandbox.deeds.looking import eventually, overview
from bot.sandbox.errors import NotAcknowledged, NotVisible, Refusal, Rejected
from bot.sandbox.payloads import closing, submission
from bot.sandbox.screens import close_all, close_modal, push_modal, read_view, rewrite
from bot.sandbox.state_values import held, targets
from bot.sandbox.wire import Json
from bot.sandbox.workspace import View
from bot.sandbox.world import World

SUBMISSION = "view_submission"


@dataclass(frozen=True, slots=True)
class Handed:
    """A modal that was sent off: what went out, and the errors that came back for it."""

    sent: Sent
    errors: Mapping[str, str] = field(default_factory=dict)


async def submit(
    actor: Actor, entries: Mapping[str, Entry], *, within: float, times: int = 1
) -> Handed:
    """Fill `entries` into the top modal of `actor`, send it off, and do what the app answers.

    Raises:
        NotVisible: if there is no modal with those inputs within so many seconds.
        Rejected: if Slack's client finds an input missing or malformed.
        NotAcknowledged: if the app does not answer, or with something Slack cannot use.
    """
    view = await _modal(actor, entries, within)
    _enter(actor.world, view, entries)
    view.errors = {}
    actor.desk.changed()
    _check(view)
    payload = submission(actor.world, view, _response_urls(actor.world, view))
    sent = await interact(actor.world, payload, times=times)
    return Handed(sent, _answered(actor.world, view, sent.ack.body))


async def close(actor: Actor, *, within: float, everything: bool) -> Sent | None:
    """Let `actor` close her top modal, or with `everything` the whole stack.

    Returns what was sent, or None if the app did not ask to be told.

    Raises:
        NotVisible: if she has no modal open.
        NotAcknowledged: if the app was told and did not answer.
    """
    view = await _modal(actor, {}, within)
    cleared = everything or view.body.get("clear_on_close") is True
    if not cleared:
        close_modal(actor.world, view)
    sent = None
    for closed in close_all(actor.world, actor.id) if cleared else [view]:
        if closed.body.get("notify_on_close") is True:
            sent = await interact(actor.world, closing(actor.world, closed, cleared=cleared))
    return sent


async def _modal(actor: Actor, entries: Mapping[str, Entry], within: float) -> View:
    view = await eventually(actor, lambda: _fitting(actor, entries), within)
    if view is None:
        wanted = f"a modal with the inputs {list(entries)}" if entries else "a modal"
        raise NotVisible(wanted=f"{wanted} does not open", seen=overview(actor))
    return view


def _fitting(actor: Actor, entries: Mapping[str, Entry]) -> View | None:
    modals = actor.desk.modals
    if modals and all(named(modals[-1].blocks, keyword) for keyword in entries):
        return modals[-1]
    return None


def _enter(world: World, view: View, entries: Mapping[str, Entry]) -> None:
    for keyword, entry in entries.items():
        target = named(view.blocks, keyword)
        if target is not None:
            value = entered(world, target, entry, many=STATEFUL[target.kind].many)
            view.inputs[target.block_id, target.action_id] = held(target.element, value)


def _check(view: View) -> None:
    if not view.body.get("submit"):
        raise Rejected({"submit": "this modal has no button to submit it"})
    errors = client_errors(view.blocks, view.inputs)
    if errors:
        view.errors = errors
        raise Rejected(errors)


def _response_urls(world: World, view: View) -> list[Json]:
    """Return a URL for each menu of channels that asks for one by `response_url_enabled`."""
    urls = []
    for target in targets(view.blocks):
        entry = view.inputs.get((target.block_id, target.action_id), {})
        channel = entry.get("selected_conversation") or entry.get("selected_channel")
        if target.element.get("response_url_enabled") and channel in world.workspace.channels:
            urls.append(
                {
                    "block_id": target.block_id,
                    "action_id": target.action_id,
                    "channel_id": channel,
                    "response_url": world.response_urls.new("app", channel, view.person),
                }
            )
    return urls


def _answered(world: World, view: View, body: object) -> Mapping[str, str]:
    """Do what the app answered to a submission and return the errors it found."""
    if body in (None, "", {}):
        close_modal(world, view)
        return {}
    if not isinstance(body, dict):
        raise NotAcknowledged(SUBMISSION, f"Slack cannot read the answer {body!r}")
    try:
        return _responded(world, view, body)
    except Refusal as refusal:
        raise NotAcknowledged(SUBMISSION, f"Slack says {refusal.answer}") from refusal


def _responded(world: World, view: View, body: Json) -> Mapping[str, str]:
    action = body.get("response_action")
    if action == "errors":
        return _complained(world, view, body.get("errors"))
    if action == "clear":
        close_all(world, view.person)
    elif action == "update":
        rewrite(world, view, read_view(world, body.get("view"), "modal"))
    elif action == "push":
        push_modal(world, view.person, read_view(world, body.get("view"), "modal"))
    else:
        raise NotAcknowledged(SUBMISSION, f"Slack knows no such answer: {body!r}")
    return {}


def _complained(world: World, view: View, errors: object) -> Mapping[str, str]:
    """Show `errors` under their inputs; one that is under no input breaks the whole modal."""
    inputs = {block.get("block_id") for block in view.blocks if block.get("type") == "input"}
    if not isinstance(errors, dict) or not errors:
        raise NotAcknowledged(SUBMISSION, f"no errors in response_action errors: {errors!r}")
    strange = [key for key in errors if key not in inputs]
    if strange:
        raise NotAcknowledged(SUBMISSION, f"errors for {strange}, which are no input blocks")
    view.errors = {key: str(text) for key, text in errors.items()}
    world.workspace.desks[view.person].changed()
    return view.errors
