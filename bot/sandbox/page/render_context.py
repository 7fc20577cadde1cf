"""The context in which the blocks of a message or view are rendered for one user."""

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

from ..actions.actor import Actor
from ..actions.addressed_elements import (
    available_options,
    selectable_conversations,
    selected_options,
)
from ..actions.visibility import ElementContainer, post_container, view_container
from ..blockkit import STATEFUL
from ..composer_text import find_mentions
from ..file_transfer import find_slack_file
from ..json_codec import Json, as_list, as_object
from ..rich_text_markup import rich_text_to_markup
from ..snapshots import element_options
from ..state_values import BlockElement, build_state_values, initial_value
from ..workspace import Post, View, Workspace
from . import charts
from .markdown import markdown_html
from .mrkdwn import Reader, link_html, text_html
from .rich_text import rich_text_html

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Types of images that the page shows; other files are played or can only be downloaded."""

PLAYER_TYPES = {"audio/": "audio", "video/": "video"}
"""The element that plays a file, by the beginning of its type."""


def player_of(mimetype: str) -> str:
    """Return the element that plays a file of this type, "" if none does."""
    return next((name for start, name in PLAYER_TYPES.items() if mimetype.startswith(start)), "")


@dataclass(frozen=True, slots=True)
class OptionItem:
    """An option of a menu, chosen by `position`, or by `value` in menus of users and channels."""

    position: int
    text: Markup
    plain_text: str
    description: Markup
    value: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class ImageSource:
    """An image; `local_url` is its address on this server, or "" for an external image."""

    alt_text: str
    url: str
    local_url: str


def dom_id(*parts: str) -> str:
    """Return an HTML id for `parts`, the same at each rendering."""
    return "e" + blake2s("\0".join(parts).encode(), digest_size=8).hexdigest()


def build_reader(actor: Actor) -> Reader:
    """Return `actor` as the reader of texts."""
    return Reader(actor.workspace, actor.id, actor.user.tz)


class RenderContext:
    """A message or view as one user sees it; templates call its methods."""

    def __init__(self, actor: Actor, container: ElementContainer, pane: str = "") -> None:
        """Render `container` for `actor`; `pane` makes ids unique if a message is shown twice."""
        self.actor, self.container, self.reader = actor, container, build_reader(actor)
        self.pane = pane

    @property
    def surface(self) -> str:
        """`message`, `modal` or `home`."""
        return self.container.source.kind if isinstance(self.container.source, View) else "message"

    @property
    def container_id(self) -> str:
        """The id of the view, or the ts of the message."""
        return (
            self.container.source.id
            if isinstance(self.container.source, View)
            else self.container.source.ts
        )

    @property
    def errors(self) -> dict[str, str]:
        """The errors of the inputs, by block_id."""
        return self.container.source.errors if isinstance(self.container.source, View) else {}

    @cached_property
    def _state_values(self) -> Json:
        return build_state_values(self.container.blocks, self.container.inputs)

    def render_text(self, text: object) -> Markup:
        """Return the HTML of a text object."""
        return text_html(text, self.reader)

    def render_rich_text(self, block: object) -> Markup:
        """Return the HTML of rich text."""
        return rich_text_html(block, self.reader)

    def render_markdown(self, text: object) -> Markup:
        """Return the HTML of Markdown."""
        return markdown_html(text)

    def render_link(self, url: object, text: object) -> Markup:
        """Return a link that opens in a new tab."""
        return link_html(str(url), text if isinstance(text, Markup) else str(text))

    def render_cell(self, cell: object) -> Markup:
        """Return the content of a table cell."""
        cell_object = as_object(cell)
        if cell_object.get("type") == "rich_text":
            return self.render_rich_text(cell_object)
        return Markup("{}").format(cell_object.get("text") or cell_object.get("value", ""))

    def chart_parts(self, block: Json) -> dict[str, Any]:
        """Return the SVG of a chart, its legend and its numbers."""
        chart = block.get("chart")
        legend, table_rows = charts.legend_labels(chart), charts.table_rows(chart)
        return {"svg": charts.chart_html(chart), "legend": legend, "rows": table_rows}

    def raw_json(self, block: object) -> str:
        """Return a block as indented JSON."""
        return json.dumps(block, indent=2, ensure_ascii=False)

    def element_dom_id(self, block: Json, element: Json, part: str = "") -> str:
        """Return the HTML id of an element's control, or of a `part` of it."""
        action = str(element.get("action_id", ""))
        block_id, kind = str(block.get("block_id")), str(element["type"])
        return dom_id(self.pane, self.container_id, block_id, action, kind, part)

    def block_dom_id(self, block: Json) -> str:
        """Return the HTML id of a block, or "" for a block without a block_id."""
        block_id = block.get("block_id")
        return dom_id(self.pane, self.container_id, str(block_id)) if block_id else ""

    def element_address(self, block: Json, element: Json) -> str:
        """Return the address of an element, as JSON for the control API."""
        key = "message_ts" if self.surface == "message" else "view_id"
        address = {
            key: self.container_id,
            "block_id": block.get("block_id"),
            "action_id": element.get("action_id"),
        }
        return json.dumps(address)

    def confirm_json(self, element: Json) -> str:
        """Return the texts of an element's confirmation dialog as JSON, or "" if it has none."""
        dialog = as_object(element.get("confirm"))
        if not dialog:
            return ""
        texts = {key: str(self.render_text(dialog.get(key))) for key in ("title", "text")}
        buttons = {key: as_object(dialog.get(key)).get("text") for key in ("confirm", "deny")}
        return json.dumps(texts | buttons | {"style": dialog.get("style", "primary")})

    def input_value(self, block: Json, element: Json) -> Any:  # noqa: ANN401 - as many shapes as elements
        """Return the current value of an input."""
        key = STATEFUL[element["type"]].key
        entry = self._state_values.get(str(block.get("block_id")), {}).get(element.get("action_id"))
        if entry is None or key not in entry:
            return initial_value(element)
        return entry[key]

    def input_text(self, block: Json, element: Json) -> str:
        """Return the current value of an input as text that can be edited."""
        value = self.input_value(block, element)
        if element["type"] == "rich_text_input":
            mentions = find_mentions(self.actor.workspace, self.actor.id)
            return rich_text_to_markup(value, mentions.names_by_id())
        if element["type"] == "datetimepicker" and value:
            moment = datetime.fromtimestamp(value, UTC).astimezone(ZoneInfo(self.reader.tz))
            return moment.strftime("%Y-%m-%dT%H:%M")
        return "" if value is None else str(value)

    def dispatches_on_enter(self, block: Json, element: Json) -> bool:
        """Tell whether the Enter key in a text input sends an action to the app."""
        config = as_object(element.get("dispatch_action_config"))
        triggers = config.get("trigger_actions_on", ["on_enter_pressed"])
        return block.get("dispatch_action") is True and "on_enter_pressed" in triggers

    def option_items(self, block: Json, element: Json) -> list[OptionItem]:
        """Return the options of a menu, radio buttons or checkboxes."""
        element_in_block = BlockElement(element, block)
        available = available_options(self.actor, self.container, element_in_block)
        is_stateful = element["type"] in STATEFUL
        selected = selected_options(self.container, element_in_block) if is_stateful else []
        return [
            self._option_item(position, option, option in selected)
            for position, option in enumerate(available)
        ]

    def _option_item(self, position: int, option: Json, is_selected: bool) -> OptionItem:  # noqa: FBT001 - passed on as it is
        plain_text = str(as_object(option.get("text")).get("text", ""))
        description = (
            self.render_text(option["description"]) if option.get("description") else Markup()
        )
        value = str(option.get("value", ""))
        return OptionItem(
            position,
            self.render_text(option.get("text")),
            plain_text,
            description,
            value,
            is_selected,
        )

    def grouped_options(self, block: Json, element: Json) -> list[tuple[str, list[OptionItem]]]:
        """Return the options by group label; options without a group come last, under ""."""
        items = self.option_items(block, element)
        groups: list[tuple[str, list[OptionItem]]] = []
        start = 0
        for group in as_list(element.get("option_groups")):
            count = len(element_options({"options": group.get("options")}))
            label = str(as_object(group.get("label")).get("text", ""))
            groups.append((label, items[start : start + count]))
            start += count
        return [*groups, *([("", items[start:])] if items[start:] else [])]

    def entity_options(self, block: Json, element: Json) -> list[OptionItem]:
        """Return the users or conversations that a menu offers, and those that are selected."""
        value = self.input_value(block, element)
        selected = value if isinstance(value, list) else [value]
        workspace = self.actor.workspace
        if "users" in element["type"]:
            labels = [
                (user.id, user.real_name) for user in workspace.users.values() if not user.deleted
            ]
        else:
            filtered = element if "conversations" in element["type"] else _CHANNEL_FILTER
            channels = selectable_conversations(self.actor, filtered)
            labels = [(channel.id, channel_label(workspace, channel.id)) for channel in channels]
        labels_with_selected = [
            *labels,
            *(
                (entity, str(entity))
                for entity in selected
                if entity and entity not in dict(labels)
            ),
        ]
        return [
            OptionItem(n, Markup("{}").format(label), label, Markup(), entity, entity in selected)
            for n, (entity, label) in enumerate(labels_with_selected)
        ]

    def image_source(self, image: Json) -> ImageSource:
        """Return the source of a block's image; external images are not loaded."""
        file = as_object(image.get("slack_file"))
        url = str(image.get("image_url") or file.get("url") or file.get("id") or "")
        stored = find_slack_file(self.actor.world, file or {"url": url})
        is_local = stored and stored.mimetype in IMAGE_TYPES and stored.content is not None
        local_url = f"/page/files/{stored.id}?as={self.actor.id}" if stored and is_local else ""
        return ImageSource(str(image.get("alt_text", "")), url, local_url)

    def is_visible_to_me(self, element: Json) -> bool:
        """Tell whether an icon button is visible to the user."""
        user_ids: Sequence[str] = element.get("visible_to_user_ids") or [self.actor.id]
        return self.actor.id in user_ids


_CHANNEL_FILTER: Json = {"filter": {"include": ["public", "private"]}}


def channel_label(workspace: Workspace, channel_id: str) -> str:
    """Return the name of a conversation, or of the members of a direct message."""
    channel = workspace.channels[channel_id]
    if channel.kind != "im":
        return f"#{channel.name}"
    member_names = [workspace.users[user_id].real_name for user_id in sorted(channel.members)]
    return " and ".join(member_names)


def build_render_context(actor: Actor, post_or_view: Post | View, pane: str = "") -> RenderContext:
    """Return the context of a message or view for `actor`, in a `pane` of the page."""
    container = (
        view_container(post_or_view)
        if isinstance(post_or_view, View)
        else post_container(actor, post_or_view)
    )
    return RenderContext(actor, container, pane)
