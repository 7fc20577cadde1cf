"""Every block and element, drawn and alive; the app behind them acknowledges everything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.clock import TurnableClock
from bot.sandbox.blockkit import with_defaults
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.delivery import ACK_SECONDS, Ack, Parcel
from bot.sandbox.limits import NO_LIMITS
from bot.sandbox.manifest import read_manifest
from bot.sandbox.page.canvas import Canvas, canvas_of
from bot.sandbox.page.picture import sunset
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Channel, Desk, File, Post, User, View
from bot.sandbox.world import World, build_world

PERSON, ROOM, DM, PICTURE = "U0GALLERY", "C0GALLERY", "D0GALLERY", "F0GALLERY"
CARDS_OF_TEXT = ("text", "title", "subtitle", "body", "subtext", "label", "hint", "description")
MANIFEST: Json = {
    "display_information": {"name": "Gallery"},
    "features": {"bot_user": {"display_name": "gallery"}},
    "oauth_config": {"scopes": {"bot": ["chat:write"]}},
    "settings": {"interactivity": {"is_enabled": True}},
}


@dataclass(frozen=True, slots=True)
class Example:
    """Something to show: its name, where Slack shows it, and its blocks as an app sends them."""

    name: str
    surface: str
    blocks: list[Json]


@cache
def examples() -> tuple[Example, ...]:
    """Return every example, in the order in which they are shown."""
    raw = yaml.safe_load(files(__package__).joinpath("gallery.yaml").read_text("utf-8"))
    return tuple(Example(one["name"], one["in"], _blocks(one)) for one in raw)


def _blocks(raw: Json) -> list[Json]:
    if "blocks" in raw:
        return [_expanded(block) for block in raw["blocks"]]
    element = _expanded(raw["element"])
    if element["type"] in {"actions", "context_actions"}:
        return [element]
    if raw["in"] == "message" and element["type"] != "datetimepicker":
        words = {"type": "mrkdwn", "text": f"*{raw['name']}* beside a section"}
        return [{"type": "section", "text": words, "accessory": element}]
    label = {"type": "plain_text", "text": raw["name"]}
    block = {"type": "input", "label": label, "element": element, "optional": True}
    return [block | ({"dispatch_action": True} if raw.get("dispatch") else {})]


def _expanded(value: Any) -> Any:  # noqa: ANN401 - any part of a block
    """Return `value` with the shorthands of the file written out."""
    if isinstance(value, str) and value.startswith(("~", "^")):
        return {"type": "plain_text" if value[0] == "~" else "mrkdwn", "text": value[1:]}
    if isinstance(value, list):
        return [_expanded(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _expanded(one) for key, one in value.items()}
    if isinstance(found.get("options"), list):
        found["options"] = [_option(one) for one in found["options"]]
    return found


def _option(words: str) -> Json:
    value = words.lower().replace(" ", "-")
    return {"text": {"type": "plain_text", "text": words}, "value": value}


class Echo:
    """An app that acknowledges whatever it is brought, and offers what was typed."""

    async def carry(self, parcel: Parcel) -> Ack:
        """Acknowledge `parcel`."""
        if parcel.payload.get("type") != "block_suggestion":
            return Ack(200)
        typed = parcel.payload.get("value", "")
        return Ack(200, {"options": [_option(f"{typed} {number}") for number in (1, 2, 3)]})


def gallery_world() -> World:
    """Return a workspace of its own in which every example is before one person."""
    world = build_world(read_manifest(MANIFEST), TurnableClock(), NO_LIMITS, ACK_SECONDS)
    world.carrier = Echo()
    _settle(world)
    for example in examples():
        _show(world, example)
    return world


def _settle(world: World) -> None:
    workspace = world.workspace
    workspace.users[PERSON] = User(PERSON, "you", "You", "Europe/London", "", 0)
    members = {PERSON, world.app.bot_user}
    workspace.channels[DM] = Channel(DM, "", "im", set(members), 0, person=PERSON)
    workspace.channels[ROOM] = Channel(ROOM, "gallery", "public", set(members), 0)
    workspace.desks[PERSON] = Desk(DM)
    workspace.files[PICTURE] = _picture(world)


def _picture(world: World) -> File:
    content = sunset()
    return File(
        id=PICTURE,
        name="sky.png",
        title="Sky",
        user=world.app.bot_user,
        created=0,
        key="",
        length=len(content),
        content=content,
        complete=True,
        mimetype="image/png",
    )


def _show(world: World, example: Example) -> None:
    blocks = with_defaults(example.blocks, world.names.block)
    if example.surface == "message":
        ts = world.names.ts()
        post = Post(ts, DM, world.app.bot_user, example.name, blocks, bot_id=world.app.bot_id)
        world.workspace.channels[DM].posts[ts] = post
        return
    body: Json = {"type": "modal", "title": None, "blocks": blocks}
    view_id = world.names.new("V")
    view = View(view_id, PERSON, "modal", body, world.names.hash(), view_id)
    world.workspace.desks[PERSON].modals.append(view)


def drawn_examples(world: World) -> list[tuple[Example, Canvas, list[Json]]]:
    """Return each example, its canvas and its blocks as they are stored."""
    actor = Actor(world, PERSON)
    posts = iter(world.workspace.channels[DM].posts.values())
    modals = iter(world.workspace.desks[PERSON].modals)
    found = []
    for example in examples():
        place: Post | View = next(posts) if example.surface == "message" else next(modals)
        found.append((example, canvas_of(actor, place), place.blocks))
    return found
