"""views.*: modals and Home tabs."""

from __future__ import annotations

from ..api_json import view_json
from ..arguments import Arguments
from ..errors import VIEW_NOT_OBJECT, WebApiError, invalid_arguments, missing_field
from ..json_codec import Json
from ..lookups import find_user
from ..open_views import (
    check_external_id,
    open_modal,
    parse_view,
    publish_home,
    push_modal,
    update_view,
)
from ..trigger_ids import Trigger
from ..workspace import View
from ..world import World


def open_view(world: World, args: Arguments) -> Json:
    """Handle views.open."""
    body = _read_body(world, args, "modal")
    trigger = _use_trigger(world, args)
    return _view_response(world, open_modal(world, trigger.user_id, body))


def push(world: World, args: Arguments) -> Json:
    """Handle views.push."""
    body = _read_body(world, args, "modal")
    trigger = _use_trigger(world, args)
    return _view_response(world, push_modal(world, trigger.user_id, body))


def update(world: World, args: Arguments) -> Json:
    """Handle views.update."""
    view = _find_view(world, args)
    new_body = _read_body(world, args, view.kind, view)
    _check_hash(view, args)
    update_view(world, view, new_body)
    return _view_response(world, view)


def publish(world: World, args: Arguments) -> Json:
    """Handle views.publish."""
    if not world.manifest.home_tab:
        raise WebApiError(error="not_enabled")
    user_id = find_user(world, args.text("user_id")).id
    client = world.workspace.clients.get(user_id)
    if client is None:
        raise WebApiError(error="user_not_found")
    body = _read_body(world, args, "home", client.home)
    if client.home:
        _check_hash(client.home, args)
    return _view_response(world, publish_home(world, user_id, body))


def _read_body(world: World, args: Arguments, kind: str, updated_view: View | None = None) -> Json:
    body = parse_view(world, _view_argument(args), kind)
    check_external_id(world, body, updated_view)
    return body


def _view_argument(args: Arguments) -> object:
    try:
        return args.json("view")
    except ValueError:
        raise invalid_arguments(VIEW_NOT_OBJECT) from None


def _use_trigger(world: World, args: Arguments) -> Trigger:
    if not args.has("trigger_id"):
        raise missing_field(field="trigger_id")
    return world.triggers.use(args.text("trigger_id"))


def _find_view(world: World, args: Arguments) -> View:
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if not (view_id or external_id):
        raise missing_field(field="view_id")
    for view in world.workspace.all_views():
        has_external_id = external_id and view.body.get("external_id") == external_id
        if view.id == view_id or has_external_id:
            return view
    raise WebApiError(error="not_found")


def _check_hash(view: View, args: Arguments) -> None:
    """Raise `hash_conflict` for a stale hash; an empty one counts as stale."""
    if "hash" in args.values and args.text("hash") != view.hash:
        raise WebApiError(error="hash_conflict")


def _view_response(world: World, view: View) -> Json:
    return {"view": view_json(view, world.workspace)}
