"""Opening, stacking, updating and closing of users' modals and Home tabs."""

from __future__ import annotations

from typing import Literal

from .block_validation import prepare_view
from .errors import WebApiError, invalid_arguments
from .json_codec import Json
from .workspace import View
from .world import World

MAX_STACKED_MODALS = 3
"""Slack: "a modal can hold up to 3 views at a time"."""


def parse_view(world: World, raw: object, kind: str) -> Json:
    """Return the view `raw` in stored form.

    Raises:
        WebApiError: if Slack would reject the view, or it is not of this `kind`.
    """
    body = prepare_view(world, raw)
    if body.get("type") != kind:
        message = f"must be of type {kind} [json-pointer:/view/type]"
        raise invalid_arguments(message)
    return body


def check_external_id(world: World, body: Json, updated_view: View | None = None) -> None:
    """Check that no other open view has the external_id of `body`.

    Raises:
        WebApiError: `duplicate_external_id`.
    """
    external_id = body.get("external_id")
    if not external_id:
        return
    for view in world.workspace.all_views():
        if view is not updated_view and view.body.get("external_id") == external_id:
            raise WebApiError(error="duplicate_external_id")


def open_modal(world: World, user_id: str, body: Json) -> View:
    """Open a new modal for a user."""
    return _show_modal(world, user_id, body, None)


def push_modal(world: World, user_id: str, body: Json) -> View:
    """Open a modal on top of the one that the user has open.

    Raises:
        WebApiError: `not_found` if the user has no modal open, `push_limit_reached` for three.
    """
    modals = world.workspace.clients[user_id].modals
    if not modals:
        raise WebApiError(error="not_found")
    if sum(view.root_view_id == modals[-1].root_view_id for view in modals) >= MAX_STACKED_MODALS:
        raise WebApiError(error="push_limit_reached")
    return _show_modal(world, user_id, body, modals[-1])


def publish_home(world: World, user_id: str, body: Json) -> View:
    """Show `body` as the Home tab of a user."""
    client = world.workspace.clients[user_id]
    if client.home is None:
        client.home = _create_view(world, user_id, "home", body, None)
        client.notify_change()
    else:
        update_view(world, client.home, body)
    return client.home


def update_view(world: World, view: View, body: Json) -> None:
    """Replace the content of `view` with `body`.

    Inputs keep their values if block_id, action_id and type are unchanged.
    """
    view.body = body
    view.hash = world.ids.view_hash()
    view.errors = {}
    world.workspace.clients[view.user_id].notify_change()


def close_modal(world: World, view: View) -> None:
    """Close one modal; the one below it is shown again."""
    client = world.workspace.clients[view.user_id]
    if view in client.modals:
        client.modals.remove(view)
        client.notify_change()


def close_all_modals(world: World, user_id: str) -> list[View]:
    """Close all modals of a user and return them, top modal first."""
    client = world.workspace.clients[user_id]
    closed = list(reversed(client.modals))
    client.modals.clear()
    client.notify_change()
    return closed


def _show_modal(world: World, user_id: str, body: Json, below: View | None) -> View:
    client = world.workspace.clients[user_id]
    view = _create_view(world, user_id, "modal", body, below)
    client.modals.append(view)
    client.notify_change()
    return view


def _create_view(
    world: World, user_id: str, kind: Literal["modal", "home"], body: Json, below: View | None
) -> View:
    view_id = world.ids.new("V")
    return View(
        id=view_id,
        user_id=user_id,
        kind=kind,
        body=body,
        hash=world.ids.view_hash(),
        root_view_id=below.root_view_id if below else view_id,
        previous_view_id=below.id if below else None,
    )
