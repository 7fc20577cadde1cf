"""Clicking, choosing and filling in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.entering import Entry, entered
from bot.sandbox.deeds.interacting import Sent
from bot.sandbox.deeds.looking import Spot, buttons, eventually, overview, spot_in, spots
from bot.sandbox.deeds.suggesting import suggested
from bot.sandbox.deeds.touching import act, hold, is_told, put
from bot.sandbox.errors import NotVisible
from bot.sandbox.seen import shown_text
from bot.sandbox.snapshots import Message, Screen, options
from bot.sandbox.state_values import Target, button_change, initial_state, targets
from bot.sandbox.wire import Json

PRESSED = frozenset({"button", "icon_button", "workflow_button"})
HALVES = ("positive_button", "negative_button")


@dataclass(frozen=True, slots=True)
class Aim:
    """What somebody is about to click.

    `option` is the one she means if the element has options; `half` is which one of a pair of
    feedback buttons. `names` are the texts by which she may know it.
    """

    spot: Spot
    target: Target
    names: tuple[str, ...]
    option: Json | None = None
    half: Json | None = None


async def click(
    actor: Actor, text: str, where: Message | Screen | None, *, within: float, times: int
) -> Sent | None:
    """Let `actor` click the button or option that shows `text` or has it as its action_id.

    Returns what was sent, or None if the app is not told (an input that does not dispatch).

    Raises:
        NotVisible: if there is no such button within so many seconds.
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    aim = await eventually(actor, lambda: _aim(actor, text, where), within)
    if aim is None:
        raise NotVisible(wanted=f"{text!r} cannot be clicked", seen=_clickable(actor))
    if aim.option is None:
        change = button_change(aim.half or aim.target.element)
        return await act(actor, aim.spot, aim.target, change, times=times)
    if aim.target.kind == "overflow":
        change = {"selected_option": aim.option}
        return await act(actor, aim.spot, aim.target, change, times=times)
    value = _toggled(aim, aim.option) if STATEFUL[aim.target.kind].many else aim.option
    change = hold(actor, aim.spot, aim.target, value)
    if not is_told(aim.target):
        return None
    return await act(actor, aim.spot, aim.target, change, times=times)


async def choose(
    actor: Actor, label: str, picked: Sequence[Entry], *, within: float
) -> Sent | None:
    """Let `actor` choose `picked` in the menu, radio buttons or picker called `label`.

    Raises:
        NotVisible: if there is no such element or option within so many seconds.
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    spot, target = await labelled(actor, label, within)
    if target.kind == "overflow":
        change = {"selected_option": entered(actor.world, target, picked[0], many=False)}
        return await act(actor, spot, target, change)
    if target.kind.endswith("external_select"):
        target = await suggested(actor, spot, target, picked)
    value: object = [entered(actor.world, target, one, many=False) for one in picked]
    if not STATEFUL[target.kind].many:
        value = entered(actor.world, target, picked[0], many=False)
    return await put(actor, spot, target, value)


async def fill(actor: Actor, label: str, value: Entry, *, within: float) -> Sent | None:
    """Let `actor` enter `value` into the input called `label`.

    Raises:
        NotVisible: if there is no such input within so many seconds.
        NotAcknowledged: if the app is told of it and did not answer in time and with 200.
    """
    spot, target = await labelled(actor, label, within)
    holding = entered(actor.world, target, value, many=STATEFUL[target.kind].many)
    return await put(actor, spot, target, holding)


def _clickable(actor: Actor) -> str:
    could = ", ".join(map(repr, buttons(actor))) or "nothing"
    return f"{overview(actor)}; what can be clicked is {could}"


def _aim(actor: Actor, text: str, where: Message | Screen | None) -> Aim | None:
    places = iter([spot_in(actor, where)]) if where else spots(actor)
    aims = (aim for spot in places for aim in _aims(spot))
    return next((aim for aim in aims if text in aim.names), None)


def _aims(spot: Spot) -> Iterator[Aim]:
    for target in targets(spot.blocks):
        element = target.element
        if target.kind in PRESSED:
            words = shown_text(element.get("text"), str)
            yield Aim(spot, target, (words, target.action_id))
        for half in (element[key] for key in HALVES if element.get(key)):
            yield Aim(spot, target, (shown_text(half.get("text"), str),), half=half)
        for option in options(element):
            yield Aim(spot, target, (shown_text(option.get("text"), str),), option)


async def labelled(actor: Actor, label: str, within: float) -> tuple[Spot, Target]:
    """Return the input or menu that `actor` would call `label`, and where it is.

    Raises:
        NotVisible: if there is no such element within so many seconds.
    """
    found = await eventually(actor, lambda: _find_labelled(actor, label), within)
    if found is None:
        raise NotVisible(wanted=f"{label!r} is not to be found", seen=_clickable(actor))
    return found


def _find_labelled(actor: Actor, label: str) -> tuple[Spot, Target] | None:
    """Return the element that somebody would call `label`, and where it is."""
    for spot in spots(actor):
        for target in targets(spot.blocks):
            placeholder = shown_text(target.element.get("placeholder"), str)
            names = {target.label, placeholder, target.action_id, target.block_id}
            if label in names and (target.kind in STATEFUL or target.kind == "overflow"):
                return spot, target
    return None


def _toggled(aim: Aim, option: Json) -> list[Json]:
    state = initial_state(aim.spot.blocks, aim.spot.inputs)
    chosen: list[Json] = state[aim.target.block_id][aim.target.action_id]["selected_options"]
    if option in chosen:
        return [one for one in chosen if one != option]
    return [*chosen, option]
