"""views.*: modals and Home tabs."""

from __future__ import annotations

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import NO_VIEW, Refusal, bad_argument, missing_field
from bot.sandbox.finding import find_user
from bot.sandbox.screens import (
    check_external_id,
    open_modal,
    publish_home,
    push_modal,
    read_view,
    rewrite,
)
from bot.sandbox.shapes import view_json
from bot.sandbox.triggers import Trigger
from bot.sandbox.wire import Json
from bot.sandbox.workspace import View
from bot.sandbox.world import World


def open_view(world: World, args: Arguments) -> Json:
    """views.open."""
    body = _body(world, args, "modal")
    trigger = _trigger(world, args)
    return _answer(world, open_modal(world, trigger.user, body))


def push(world: World, args: Arguments) -> Json:
    """views.push."""
    body = _body(world, args, "modal")
    trigger = _trigger(world, args)
    return _answer(world, push_modal(world, trigger.user, body))


def update(world: World, args: Arguments) -> Json:
    """views.update."""
    view = _named(world, args)
    body = _body(world, args, view.kind, view)
    _check_hash(view, args)
    rewrite(world, view, body)
    return _answer(world, view)


def publish(world: World, args: Arguments) -> Json:
    """views.publish."""
    if not world.manifest.home_tab:
        raise Refusal(error="not_enabled")
    person = find_user(world, args.text("user_id")).id
    desk = world.workspace.desks.get(person)
    if desk is None:
        raise Refusal(error="user_not_found")
    body = _body(world, args, "home", desk.home)
    if desk.home:
        _check_hash(desk.home, args)
    return _answer(world, publish_home(world, person, body))


def _body(world: World, args: Arguments, kind: str, itself: View | None = None) -> Json:
    body = read_view(world, _raw(args), kind)
    check_external_id(world, body, itself)
    return body


def _raw(args: Arguments) -> object:
    try:
        return args.data("view")
    except ValueError:
        raise bad_argument(NO_VIEW) from None


def _trigger(world: World, args: Arguments) -> Trigger:
    if not args.has("trigger_id"):
        raise missing_field(field="trigger_id")
    return world.triggers.use(args.text("trigger_id"))


def _named(world: World, args: Arguments) -> View:
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if not (view_id or external_id):
        raise missing_field(field="view_id")
    for view in world.workspace.views():
        by_name = external_id and view.body.get("external_id") == external_id
        if view.id == view_id or by_name:
            return view
    raise Refusal(error="not_found")


def _check_hash(view: View, args: Arguments) -> None:
    """Refuse a stale hash; an empty one is stale too."""
    if "hash" in args.values and args.text("hash") != view.hash:
        raise Refusal(error="hash_conflict")


def _answer(world: World, view: View) -> Json:
    return {"view": view_json(view, world.workspace)}
