"""Using an element by pointing at it, as a browser does, instead of by what stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.entering import Entry, entered
from bot.sandbox.deeds.interacting import Sent
from bot.sandbox.deeds.looking import Spot, post_spot, view_spot
from bot.sandbox.deeds.suggesting import suggested
from bot.sandbox.deeds.touching import Occasion, act, put
from bot.sandbox.errors import NotVisible
from bot.sandbox.snapshots import options
from bot.sandbox.state_values import Target, button_change, initial_state, targets
from bot.sandbox.wire import Json, as_list
from bot.sandbox.workspace import Channel, Post, View

EXTERNAL = "external_select"


@dataclass(frozen=True, slots=True)
class At:
    """Where an element is: in the message `place` (its ts) or the view `place` (its id)."""

    place: str
    block: str
    action: str


def find_post(actor: Actor, ts: str) -> Post | None:
    """Return the message at `ts` that `actor` can see, an ephemeral one too."""
    if ts in actor.desk.whispers:
        return actor.desk.whispers[ts]
    rooms = (room for room in actor.workspace.channels.values() if actor.id in room.members)
    return next((room.posts[ts] for room in rooms if ts in room.posts), None)


def point(actor: Actor, at: At) -> tuple[Spot, Target]:
    """Return the element `at` that place, and the message or view it is in.

    Raises:
        NotVisible: if it is not before `actor`, or no longer.
    """
    spot = _spot(actor, at.place)
    for target in targets(spot.blocks) if spot else ():
        if spot and (target.block_id, target.action_id) == (at.block, at.action):
            return spot, target
    raise NotVisible(wanted=f"{at} is not there", seen="something else by now")


def _spot(actor: Actor, place: str) -> Spot | None:
    for view in (*actor.desk.modals, actor.desk.home):
        if view is not None and view.id == place:
            return view_spot(view)
    post = find_post(actor, place)
    return post_spot(actor, post) if post else None


async def press(actor: Actor, at: At, half: str = "") -> Sent:
    """Let `actor` press a button; `half` is which one of a pair of feedback buttons.

    Raises:
        NotVisible: if there is no such button.
        NotAcknowledged: if the app did not answer in time and with 200.
    """
    spot, target = point(actor, at)
    return await act(actor, spot, target, button_change(target.element.get(half, target.element)))


async def pick(actor: Actor, at: At, positions: Sequence[int]) -> Sent | None:
    """Let `actor` choose the options at these `positions` of `choosable`, counted from 0.

    Raises:
        NotVisible: if there is no such menu or option.
        NotAcknowledged: if the app is told and did not answer in time and with 200.
    """
    spot, target = point(actor, at)
    offered = choosable(actor, spot, target)
    if not all(0 <= position < len(offered) for position in positions):
        raise NotVisible(wanted=f"{list(positions)} are not all there", seen=f"{len(offered)}")
    chosen = [offered[position] for position in positions]
    if target.kind == "overflow":
        return await act(actor, spot, target, {"selected_option": chosen[0]})
    many = STATEFUL[target.kind].many
    return await put(actor, spot, target, chosen if many else next(iter(chosen), None))


async def enter(actor: Actor, at: At, value: Entry, occasion: Occasion = "settled") -> Sent | None:
    """Let `actor` type `value` into an input, or choose a date, a person or a channel.

    Raises:
        NotVisible: if there is no such input, or nobody of that name.
        NotAcknowledged: if the app is told and did not answer in time and with 200.
    """
    spot, target = point(actor, at)
    many = STATEFUL[target.kind].many
    holding = entered(actor.world, target, value, many=many, tz=actor.user.tz)
    return await put(actor, spot, target, holding, occasion)


async def suggest(actor: Actor, at: At, typed: str) -> list[Json]:
    """Ask the app what it offers for what was `typed` into a menu, and return all to choose from.

    Raises:
        NotVisible: if there is no such menu.
        NotAcknowledged: if the app offers nothing that Slack could show.
    """
    spot, target = point(actor, at)
    asked = await suggested(actor, spot, target, [typed])
    actor.desk.offered[at.place, at.block, at.action] = options(asked.element)
    return choosable(actor, spot, target)


def choosable(actor: Actor, spot: Spot, target: Target) -> list[Json]:
    """Return the options of a menu: for one that the app is asked about, what is chosen first."""
    if not target.kind.endswith(EXTERNAL):
        return options(target.element)
    place = spot.place.id if isinstance(spot.place, View) else spot.place.ts
    held = chosen_options(spot, target)
    offered = actor.desk.offered.get((place, target.block_id, target.action_id), [])
    return held + [option for option in offered if option not in held]


def chosen_options(spot: Spot, target: Target) -> list[Json]:
    """Return the options that are chosen now."""
    entry = initial_state(spot.blocks, spot.inputs)[target.block_id][target.action_id]
    one, many = entry.get("selected_option"), as_list(entry.get("selected_options"))
    return [one] if one else many


def conversations(actor: Actor, element: Json) -> list[Channel]:
    """Return the conversations that a menu of them offers to `actor`, by its filter."""
    wanted = element.get("filter", {})
    kinds = wanted.get("include") or ["im", "public", "private"]
    if wanted.get("exclude_bot_users"):  # all direct messages here are with a bot
        kinds = [kind for kind in kinds if kind != "im"]
    rooms = actor.workspace.channels.values()
    seen = [room for room in rooms if room.kind == "public" or actor.id in room.members]
    return [room for room in seen if room.kind in kinds and not room.is_archived]
