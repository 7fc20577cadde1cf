"""The gallery: every block and element in a workspace whose app acknowledges everything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ..actions.actor import Actor
from ..blockkit import with_defaults
from ..clock import AdjustableClock
from ..delivery import ACK_SECONDS, Ack, Envelope
from ..json_codec import Json
from ..manifest import parse_manifest
from ..rate_limits import NO_LIMITS
from ..workspace import Channel, ClientState, File, Post, User, View
from ..world import World, build_world
from .render_context import RenderContext, build_render_context
from .sample_image import sunset_png

GALLERY_USER_ID, CHANNEL_ID, DM_ID, IMAGE_FILE_ID = (
    "U0GALLERY",
    "C0GALLERY",
    "D0GALLERY",
    "F0GALLERY",
)
TEXT_KEYS = ("text", "title", "subtitle", "body", "subtext", "label", "hint", "description")
MANIFEST: Json = {
    "display_information": {"name": "Gallery"},
    "features": {"bot_user": {"display_name": "gallery"}},
    "oauth_config": {"scopes": {"bot": ["chat:write"]}},
    "settings": {"interactivity": {"is_enabled": True}},
}


@dataclass(frozen=True, slots=True)
class Example:
    """An example: its name, its surface (`message` or `modal`) and the blocks that an app sends."""

    name: str
    surface: str
    blocks: list[Json]


@cache
def load_examples() -> tuple[Example, ...]:
    """Return the examples in gallery.yaml, in their order on the page."""
    raw = yaml.safe_load(files(__package__).joinpath("gallery.yaml").read_text("utf-8"))
    return tuple(Example(item["name"], item["in"], _build_blocks(item)) for item in raw)


def _build_blocks(raw: Json) -> list[Json]:
    if "blocks" in raw:
        return [_expand_shorthand(block) for block in raw["blocks"]]
    element = _expand_shorthand(raw["element"])
    if element["type"] in {"actions", "context_actions"}:
        return [element]
    if raw["in"] == "message" and element["type"] != "datetimepicker":
        text = {"type": "mrkdwn", "text": f"A section with `{raw['name']}`"}
        return [{"type": "section", "text": text, "accessory": element}]
    label = {"type": "plain_text", "text": raw["name"]}
    block = {"type": "input", "label": label, "element": element, "optional": True}
    return [block | ({"dispatch_action": True} if raw.get("dispatch") else {})]


def _expand_shorthand(value: Any) -> Any:  # noqa: ANN401 - any part of a block
    """Return `value` with the shorthands of gallery.yaml expanded."""
    if isinstance(value, str) and value.startswith(("~", "^")):
        return {"type": "plain_text" if value[0] == "~" else "mrkdwn", "text": value[1:]}
    if isinstance(value, list):
        return [_expand_shorthand(item) for item in value]
    if not isinstance(value, dict):
        return value
    expanded = {key: _expand_shorthand(item) for key, item in value.items()}
    if isinstance(expanded.get("options"), list):
        expanded["options"] = [_build_option(text) for text in expanded["options"]]
    return expanded


def _build_option(text: str) -> Json:
    value = text.lower().replace(" ", "-")
    return {"text": {"type": "plain_text", "text": text}, "value": value}


class EchoTransport:
    """An app that acknowledges everything and suggests options made of the query."""

    async def send(self, envelope: Envelope) -> Ack:
        """Acknowledge `envelope`, with options if it is a block_suggestion."""
        if envelope.payload.get("type") != "block_suggestion":
            return Ack(200)
        query = envelope.payload.get("value", "")
        return Ack(200, {"options": [_build_option(f"{query} {number}") for number in (1, 2, 3)]})


def build_gallery_world() -> World:
    """Return a separate workspace in which one user sees every example."""
    world = build_world(parse_manifest(MANIFEST), AdjustableClock(), NO_LIMITS, ACK_SECONDS)
    world.transport = EchoTransport()
    _populate_workspace(world)
    for example in load_examples():
        _add_example(world, example)
    return world


def _populate_workspace(world: World) -> None:
    workspace = world.workspace
    workspace.users[GALLERY_USER_ID] = User(GALLERY_USER_ID, "you", "You", "Europe/London", "", 0)
    members = {GALLERY_USER_ID, world.app.bot_user_id}
    workspace.channels[DM_ID] = Channel(DM_ID, "", "im", set(members), 0, user_id=GALLERY_USER_ID)
    workspace.channels[CHANNEL_ID] = Channel(CHANNEL_ID, "gallery", "public", set(members), 0)
    workspace.clients[GALLERY_USER_ID] = ClientState(DM_ID)
    workspace.files[IMAGE_FILE_ID] = _build_image_file(world)


def _build_image_file(world: World) -> File:
    content = sunset_png()
    return File(
        id=IMAGE_FILE_ID,
        name="sky.png",
        title="Sky",
        user_id=world.app.bot_user_id,
        created=0,
        upload_key="",
        length=len(content),
        content=content,
        is_complete=True,
        mimetype="image/png",
    )


def _add_example(world: World, example: Example) -> None:
    blocks = with_defaults(example.blocks, world.ids.block_id)
    if example.surface == "message":
        ts = world.ids.ts()
        post = Post(ts, DM_ID, world.app.bot_user_id, example.name, blocks, bot_id=world.app.bot_id)
        world.workspace.channels[DM_ID].posts[ts] = post
        return
    body: Json = {"type": "modal", "title": None, "blocks": blocks}
    view_id = world.ids.new("V")
    view = View(view_id, GALLERY_USER_ID, "modal", body, world.ids.view_hash(), view_id)
    world.workspace.clients[GALLERY_USER_ID].modals.append(view)


def examples_to_render(world: World) -> list[tuple[Example, RenderContext, list[Json]]]:
    """Return each example with its render context and its blocks as stored."""
    actor = Actor(world, GALLERY_USER_ID)
    posts = iter(world.workspace.channels[DM_ID].posts.values())
    modals = iter(world.workspace.clients[GALLERY_USER_ID].modals)
    rendered = []
    for example in load_examples():
        post_or_view: Post | View = next(posts) if example.surface == "message" else next(modals)
        rendered.append((example, build_render_context(actor, post_or_view), post_or_view.blocks))
    return rendered
