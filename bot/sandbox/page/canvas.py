"""What a message or view shows to one person, ready for the templates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2s
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.looking import Spot, post_spot, view_spot
from bot.sandbox.deeds.pointing import choosable, chosen_options, conversations
from bot.sandbox.markup import markup_from_rich
from bot.sandbox.page import charts
from bot.sandbox.page.markdown import markdown_html
from bot.sandbox.page.richtext import rich_html
from bot.sandbox.page.words import Reader, link, text_html
from bot.sandbox.snapshots import options
from bot.sandbox.state_values import Target, first_value, initial_state
from bot.sandbox.storing import file_named
from bot.sandbox.wire import Json, as_list, as_object
from bot.sandbox.workspace import Post, View, Workspace

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Files that are shown in the page; all others are only offered for download."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen: by its `position`, or by `value` where there is none."""

    position: int
    text: Markup
    plain: str
    description: Markup
    value: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """An image: `source` is where this page may load it from, "" if it is elsewhere."""

    alt: str
    address: str
    source: str


def dom_id(*parts: str) -> str:
    """Return an id for something on the page, the same each time it is drawn."""
    return "e" + blake2s("\0".join(parts).encode(), digest_size=8).hexdigest()


def reader_of(actor: Actor) -> Reader:
    """Return `actor` as somebody who reads."""
    return Reader(actor.workspace, actor.id, actor.user.tz)


class Canvas:
    """A message or view before one person."""

    def __init__(self, actor: Actor, spot: Spot, pane: str = "") -> None:
        """Show what is at `spot` to `actor`; `pane` tells two pictures of one message apart."""
        self.actor, self.spot, self.reader = actor, spot, reader_of(actor)
        self.pane = pane

    @property
    def kind(self) -> str:
        """`message`, `modal` or `home`."""
        return self.spot.place.kind if isinstance(self.spot.place, View) else "message"

    @property
    def place(self) -> str:
        """The id of the view, or the ts of the message."""
        return self.spot.place.id if isinstance(self.spot.place, View) else self.spot.place.ts

    @property
    def errors(self) -> dict[str, str]:
        """What stands under the inputs, by block_id."""
        return self.spot.place.errors if isinstance(self.spot.place, View) else {}

    @cached_property
    def _state(self) -> Json:
        return initial_state(self.spot.blocks, self.spot.inputs)

    def words(self, text: object) -> Markup:
        """Return a text object."""
        return text_html(text, self.reader)

    def rich(self, block: object) -> Markup:
        """Return rich text."""
        return rich_html(block, self.reader)

    def markdown(self, text: object) -> Markup:
        """Return Markdown."""
        return markdown_html(text)

    def link(self, url: object, words: object) -> Markup:
        """Return a link to elsewhere."""
        return link(str(url), words if isinstance(words, Markup) else str(words))

    def cell(self, cell: object) -> Markup:
        """Return what stands in a cell of a table."""
        found = as_object(cell)
        if found.get("type") == "rich_text":
            return self.rich(found)
        shown = found.get("text") or found.get("value", "")
        return Markup("{}").format(shown)

    def chart(self, block: Json) -> dict[str, Any]:
        """Return the picture of a chart, its names and its numbers."""
        chart = block.get("chart")
        names, numbers = charts.legend(chart), charts.rows(chart)
        return {"picture": charts.chart_html(chart), "names": names, "rows": numbers}

    def raw(self, block: object) -> str:
        """Return a block as JSON, for whoever wonders."""
        return json.dumps(block, indent=2, ensure_ascii=False)

    def id(self, block: Json, element: Json, part: str = "") -> str:
        """Return the id of an element's control on the page, or of a `part` of it."""
        action = str(element.get("action_id", ""))
        block_id, kind = str(block.get("block_id")), str(element["type"])
        return dom_id(self.pane, self.place, block_id, action, kind, part)

    def block_id(self, block: Json) -> str:
        """Return the id of a whole block on the page; a block without a name has none."""
        name = block.get("block_id")
        return dom_id(self.pane, self.place, str(name)) if name else ""

    def at(self, block: Json, element: Json) -> str:
        """Return where an element is, as the control API wants it."""
        key = "message" if self.kind == "message" else "view"
        at = {key: self.place, "block": block.get("block_id"), "action": element.get("action_id")}
        return json.dumps(at)

    def confirm(self, element: Json) -> str:
        """Return what is asked before an element is used, as JSON for the script; "" if nothing."""
        asked = as_object(element.get("confirm"))
        if not asked:
            return ""
        texts = {key: str(self.words(asked.get(key))) for key in ("title", "text")}
        plain = {key: as_object(asked.get(key)).get("text") for key in ("confirm", "deny")}
        return json.dumps(texts | plain | {"style": asked.get("style", "primary")})

    def held(self, block: Json, element: Json) -> Any:  # noqa: ANN401 - as many shapes as elements
        """Return what an input holds now."""
        key = STATEFUL[element["type"]].key
        entry = self._state.get(str(block.get("block_id")), {}).get(element.get("action_id"))
        if entry is None or key not in entry:
            return first_value(element)
        return entry[key]

    def typed(self, block: Json, element: Json) -> str:
        """Return the text in an input, as somebody would have typed it."""
        value = self.held(block, element)
        if element["type"] == "rich_text_input":
            users = self.actor.workspace.users
            return markup_from_rich(value, {one: user.name for one, user in users.items()})
        if element["type"] == "datetimepicker" and value:
            moment = datetime.fromtimestamp(value, UTC).astimezone(ZoneInfo(self.reader.tz))
            return moment.strftime("%Y-%m-%dT%H:%M")
        return "" if value is None else str(value)

    def enters(self, block: Json, element: Json) -> bool:
        """Tell whether the Enter key in a text input tells the app something."""
        config = as_object(element.get("dispatch_action_config"))
        triggers = config.get("trigger_actions_on", ["on_enter_pressed"])
        return block.get("dispatch_action") is True and "on_enter_pressed" in triggers

    def choices(self, block: Json, element: Json) -> list[Choice]:
        """Return what can be chosen in a menu, radio buttons or checkboxes."""
        target = Target(element, block)
        offered = choosable(self.actor, self.spot, target)
        is_stateful = element["type"] in STATEFUL
        chosen = chosen_options(self.spot, target) if is_stateful else []
        return [self._choice(n, one, one in chosen) for n, one in enumerate(offered)]

    def _choice(self, position: int, option: Json, chosen: bool) -> Choice:  # noqa: FBT001 - a fact
        plain = str(as_object(option.get("text")).get("text", ""))
        described = self.words(option["description"]) if option.get("description") else Markup()
        value = str(option.get("value", ""))
        return Choice(position, self.words(option.get("text")), plain, described, value, chosen)

    def grouped(self, block: Json, element: Json) -> list[tuple[str, list[Choice]]]:
        """Return the choices by group; those in no group are in one without a name."""
        offered = self.choices(block, element)
        groups: list[tuple[str, list[Choice]]] = []
        start = 0
        for group in as_list(element.get("option_groups")):
            count = len(options({"options": group.get("options")}))
            label = str(as_object(group.get("label")).get("text", ""))
            groups.append((label, offered[start : start + count]))
            start += count
        return [*groups, *([("", offered[start:])] if offered[start:] else [])]

    def people(self, block: Json, element: Json) -> list[Choice]:
        """Return the people or conversations that a menu of them offers."""
        value = self.held(block, element)
        chosen = value if isinstance(value, list) else [value]
        workspace = self.actor.workspace
        if "users" in element["type"]:
            known = [(one.id, one.real_name) for one in workspace.users.values() if not one.deleted]
        else:
            wanted = element if "conversations" in element["type"] else _CHANNELS
            rooms = conversations(self.actor, wanted)
            known = [(room.id, channel_words(workspace, room.id)) for room in rooms]
        named = [*known, *((one, str(one)) for one in chosen if one and one not in dict(known))]
        return [
            Choice(n, Markup("{}").format(words), words, Markup(), one, one in chosen)
            for n, (one, words) in enumerate(named)
        ]

    def picture(self, image: Json) -> Picture:
        """Return an image of a block; one from elsewhere is not fetched."""
        file = as_object(image.get("slack_file"))
        address = str(image.get("image_url") or file.get("url") or file.get("id") or "")
        kept = file_named(self.actor.world, file or {"url": address})
        shows = kept is not None and kept.mimetype in PICTURES and kept.content is not None
        source = f"/page/files/{kept.id}?as={self.actor.id}" if kept and shows else ""
        return Picture(str(image.get("alt_text", "")), address, source)

    def name(self, user: str) -> str:
        """Return what somebody is called."""
        found = self.actor.workspace.users.get(user)
        return found.real_name if found else user

    def is_for_me(self, element: Json) -> bool:
        """Tell whether an icon button is shown to this person."""
        people: Sequence[str] = element.get("visible_to_user_ids") or [self.actor.id]
        return self.actor.id in people


_CHANNELS: Json = {"filter": {"include": ["public", "private"]}}


def channel_words(workspace: Workspace, channel_id: str) -> str:
    """Return what a conversation is called."""
    channel = workspace.channels[channel_id]
    if channel.kind != "im":
        return f"#{channel.name}"
    others = [workspace.users[one].real_name for one in sorted(channel.members)]
    return " and ".join(others)


def canvas_of(actor: Actor, place: Post | View, pane: str = "") -> Canvas:
    """Return `place` before `actor`, in a `pane` of the page."""
    spot = view_spot(place) if isinstance(place, View) else post_spot(actor, place)
    return Canvas(actor, spot, pane)
