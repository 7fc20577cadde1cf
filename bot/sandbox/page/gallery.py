"""Every block and element, drawn and alive; the app behind them acknowledges everything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.clock import AdjustableClock
from bot.sandbox.actions.actor import Actor
from bot.sandbox.blockkit import with_defaults
from bot.sandbox.delivery import ACK_SECONDS, Ack, Envelope
from bot.sandbox.json_codec import Json
from bot.sandbox.manifest import parse_manifest
from bot.sandbox.page.render_context import RenderContext, build_render_context
from bot.sandbox.page.sample_image import sunset_png
from bot.sandbox.rate_limits import NO_LIMITS
from bot.sandbox.workspace import Channel, ClientState, File, Post, User, View
from bot.sandbox.world import World, build_world

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
    """Something to show: its name, where Slack shows it, and its blocks as an app sends them."""

    name: str
    surface: str
    blocks: list[Json]


@cache
def load_examples() -> tuple[Example, ...]:
    """Return every example, in the order in which they are shown."""
    raw = yaml.safe_load(files(__package__).joinpath("gallery.yaml").read_text("utf-8"))
    return tuple(Example(one["name"], one["in"], _build_blocks(one)) for one in raw)


def _build_blocks(raw: Json) -> list[Json]:
    if "blocks" in raw:
        return [_expand_shorthand(block) for block in raw["blocks"]]
    element = _expand_shorthand(raw["element"])
    if element["type"] in {"actions", "context_actions"}:
        return [element]
    if raw["in"] == "message" and element["type"] != "datetimepicker":
        text = {"type": "mrkdwn", "text": f"*{raw['name']}* beside a section"}
        return [{"type": "section", "text": text, "accessory": element}]
    label = {"type": "plain_text", "text": raw["name"]}
    block = {"type": "input", "label": label, "element": element, "optional": True}
    return [block | ({"dispatch_action": True} if raw.get("dispatch") else {})]


def _expand_shorthand(value: Any) -> Any:  # noqa: ANN401 - any part of a block
    """Return `value` with the shorthands of the file written out."""
    if isinstance(value, str) and value.startswith(("~", "^")):
        return {"type": "plain_text" if value[0] == "~" else "mrkdwn", "text": value[1:]}
    if isinstance(value, list):
        return [_expand_shorthand(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _expand_shorthand(one) for key, one in value.items()}
    if isinstance(found.get("options"), list):
        found["options"] = [_build_option(one) for one in found["options"]]
    return found


def _build_option(text: str) -> Json:
    value = text.lower().replace(" ", "-")
    return {"text": {"type": "plain_text", "text": text}, "value": value}


class EchoTransport:
    """An app that acknowledges whatever it is brought, and offers what was typed."""

    async def send(self, envelope: Envelope) -> Ack:
        """Acknowledge `parcel`."""
        if envelope.payload.get("type") != "block_suggestion":
            return Ack(200)
        query = envelope.payload.get("value", "")
        return Ack(200, {"options": [_build_option(f"{query} {number}") for number in (1, 2, 3)]})


def build_gallery_world() -> World:
    """Return a workspace of its own in which every example is before one person."""
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
    """Return each example, its canvas and its blocks as they are stored."""
    actor = Actor(world, GALLERY_USER_ID)
    posts = iter(world.workspace.channels[DM_ID].posts.values())
    modals = iter(world.workspace.clients[GALLERY_USER_ID].modals)
    found = []
    for example in load_examples():
        post_or_view: Post | View = next(posts) if example.surface == "message" else next(modals)
        found.append((example, build_render_context(actor, post_or_view), post_or_view.blocks))
    return found
