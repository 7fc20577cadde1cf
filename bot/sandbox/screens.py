"""Views on people's screens: opened, stacked, rewritten, closed."""

from __future__ import annotations

from typing import Literal

from bot.sandbox.checking import stored_view
from bot.sandbox.errors import Refusal, bad_argument
from bot.sandbox.wire import Json
from bot.sandbox.workspace import View
from bot.sandbox.world import World

MOST_STACKED = 3
"""Slack: "a modal can hold up to 3 views at a time"."""


def read_view(world: World, raw: object, kind: str) -> Json:
    """Return the view `raw` in stored form.

    Raises:
        Refusal: if Slack would not take it, or it is not of the `kind` that is wanted.
    """
    body = stored_view(world, raw)
    if body.get("type") != kind:
        message = f"must be of type {kind} [json-pointer:/view/type]"
        raise bad_argument(message)
    return body


def check_external_id(world: World, body: Json, itself: View | None = None) -> None:
    """Refuse an external_id that another view of the workspace has."""
    name = body.get("external_id")
    for view in world.workspace.views():
        if name and view is not itself and view.body.get("external_id") == name:
            raise Refusal(error="duplicate_external_id")


def open_modal(world: World, person: str, body: Json) -> View:
    """Put a new modal before `person`."""
    return _put(world, person, body, None)


def push_modal(world: World, person: str, body: Json) -> View:
    """Put a modal on top of the one that `person` has open.

    Raises:
        Refusal: `not_found` if she has none open, `push_limit_reached` if she has three.
    """
    modals = world.workspace.desks[person].modals
    if not modals:
        raise Refusal(error="not_found")
    if sum(view.root == modals[-1].root for view in modals) >= MOST_STACKED:
        raise Refusal(error="push_limit_reached")
    return _put(world, person, body, modals[-1])


def publish_home(world: World, person: str, body: Json) -> View:
    """Make `body` the Home tab of `person`."""
    desk = world.workspace.desks[person]
    if desk.home is None:
        desk.home = _new(world, person, "home", body, None)
        desk.changed()
    else:
        rewrite(world, desk.home, body)
    return desk.home


def rewrite(world: World, view: View, body: Json) -> None:
    """Let `view` show `body`.

    What the person entered stays where block_id, action_id and type are the same as before.
    """
    view.body = body
    view.hash = world.names.hash()
    view.errors = {}
    world.workspace.desks[view.person].changed()


def close_modal(world: World, view: View) -> None:
    """Take one modal away; the one below it shows again."""
    desk = world.workspace.desks[view.person]
    if view in desk.modals:
        desk.modals.remove(view)
        desk.changed()


def close_all(world: World, person: str) -> list[View]:
    """Take every modal of `person` away and return them, the top one first."""
    desk = world.workspace.desks[person]
    closed = list(reversed(desk.modals))
    desk.modals.clear()
    desk.changed()
    return closed


def _put(world: World, person: str, body: Json, below: View | None) -> View:
    desk = world.workspace.desks[person]
    view = _new(world, person, "modal", body, below)
    desk.modals.append(view)
    desk.changed()
    return view


def _new(
    world: World, person: str, kind: Literal["modal", "home"], body: Json, below: View | None
) -> View:
    view_id = world.names.new("V")
    return View(
        id=view_id,
        person=person,
        kind=kind,
        body=body,
        hash=world.names.hash(),
        root=below.root if below else view_id,
        previous=below.id if below else None,
    )
