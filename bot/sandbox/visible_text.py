"""The visible text of messages and views, without markup and with names for ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from .blockkit import STATEFUL
from .emoji import emoji_character, show_emoji
from .json_codec import Json, as_list, as_object
from .state_values import initial_value
from .workspace import InputEntries, Post, View, Workspace

NameResolver = Callable[[str], str]
"""Returns the displayed name for the id of a user, channel or user group."""

_ANGLE_BRACKETS = re.compile(r"<([^<>]*)>")
_STYLE_MARKS = tuple(
    re.compile(rf"(?<![\w{mark}]){mark}(\S(?:[^\n]*?\S)?){mark}(?![\w{mark}])")
    for mark in (r"\*", "_", "~", "`")
)


def name_resolver(workspace: Workspace) -> NameResolver:
    """Return a function from ids of `workspace` to displayed names."""

    def resolve_name(object_id: str) -> str:
        if object_id in workspace.users:
            return f"@{workspace.users[object_id].real_name}"
        if object_id in workspace.usergroups:
            return f"@{workspace.usergroups[object_id].handle}"
        channel = workspace.channels.get(object_id)
        return f"#{channel.name}" if channel else object_id

    return resolve_name


def render_mrkdwn(text: str, name: NameResolver) -> str:
    """Return the visible text of mrkdwn."""
    text = _ANGLE_BRACKETS.sub(lambda match: _render_angle_brackets(match[1], name), text)
    for mark in _STYLE_MARKS:
        text = mark.sub(r"\1", text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return show_emoji(text)


def _render_angle_brackets(inside: str, name: NameResolver) -> str:
    target, _, label = inside.partition("|")
    if target.startswith(("@", "#")):
        return label or name(target[1:])
    if target.startswith("!date^"):
        return label
    if target.startswith("!subteam^"):
        return label or name(target.removeprefix("!subteam^"))
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    return label or target.removeprefix("mailto:").removeprefix("tel:")


def render_text_object(text_object: object, name: NameResolver) -> str:
    """Return the visible text of a text object."""
    text = as_object(text_object)
    raw = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return render_mrkdwn(raw, name)
    return raw if text.get("emoji") is False else show_emoji(raw)


def render_post(post: Post, workspace: Workspace) -> str:
    """Return the visible text of a message; its `text` only if it has no blocks."""
    if post.cached_text is None:
        post.cached_text = "\n".join(_render_post_lines(post, name_resolver(workspace)))
    return post.cached_text


def _render_post_lines(post: Post, name: NameResolver) -> Iterator[str]:
    if post.blocks:
        yield from render_blocks(post.blocks, {}, name)
    elif post.text:
        yield render_mrkdwn(post.text, name)
    for attachment in post.attachments:
        yield from render_blocks(as_list(attachment.get("blocks")), {}, name)
        yield render_mrkdwn(str(attachment.get("text") or ""), name)
    for file in post.files:
        yield f"[file] {file.get('title') or file.get('name')}"


def render_view(view: View, workspace: Workspace) -> str:
    """Return the visible text of a modal or Home tab, including the values of inputs."""
    name = name_resolver(workspace)
    lines = [render_text_object(view.body.get("title"), name)]
    lines += render_blocks(view.blocks, view.inputs, name)
    lines += view.errors.values()
    lines += [
        f"[{render_text_object(view.body.get(key), name)}]"
        for key in ("close", "submit")
        if view.body.get(key)
    ]
    return "\n".join(line for line in lines if line)


def render_blocks(blocks: list[Json], inputs: InputEntries, name: NameResolver) -> Iterator[str]:
    """Yield the visible lines of `blocks`, in order."""
    for block in blocks:
        yield from filter(None, _render_block(block, inputs, name))


def _render_block(block: Json, inputs: InputEntries, name: NameResolver) -> Iterator[str]:
    kind = str(block.get("type"))
    for key in ("title", "label", "caption", "text", "subtitle", "body", "subtext", "hint"):
        yield _render_text(block.get(key), name)
    if kind in {"rich_text", "plan"} or "rich_text_title" in block:
        yield render_rich_text(block, name)
    yield from (render_text_object(field, name) for field in as_list(block.get("fields")))
    if kind in {"table", "data_table"}:
        yield from (_render_row(row, name) for row in as_list(block.get("rows")))
    if block.get("alt_text"):
        yield f"[{block['alt_text']}]"
    yield from _render_nested(block, inputs, name)


def _render_text(value: object, name: NameResolver) -> str:
    """Return the text of a text object, or of the plain string that a few blocks have instead."""
    return value if isinstance(value, str) else render_text_object(value, name)


def _render_nested(block: Json, inputs: InputEntries, name: NameResolver) -> Iterator[str]:
    elements = [block.get("accessory"), block.get("element"), *as_list(block.get("actions"))]
    if block.get("type") in {"actions", "context_actions", "context", "carousel"}:
        elements += as_list(block.get("elements"))
    for element in filter(None, elements):
        entry = inputs.get((str(block.get("block_id")), str(element.get("action_id"))))
        yield from render_element(element, entry, name)
    yield from render_blocks(as_list(block.get("child_blocks")), inputs, name)
    yield from render_blocks(as_list(block.get("tasks")), inputs, name)


def render_element(element: Json, entry: Json | None, name: NameResolver) -> Iterator[str]:
    """Yield the visible lines of an element; `entry` is its entry of `state.values`, if any."""
    kind = str(element.get("type"))
    if kind in {"mrkdwn", "plain_text"}:
        yield render_text_object(element, name)
    elif kind == "card":
        yield from _render_block(element, {}, name)
    elif kind == "image":
        yield f"[{element.get('alt_text', '')}]"
    else:
        yield from _render_control(element, entry, name)


def _render_control(element: Json, entry: Json | None, name: NameResolver) -> Iterator[str]:
    if element.get("text"):
        yield f"[{render_text_object(element['text'], name)}]"
    for key in ("positive_button", "negative_button"):
        if element.get(key):
            yield f"[{render_text_object(as_object(element[key]).get('text'), name)}]"
    value = _render_entry(element, entry, name)
    if value:
        yield value
    elif element.get("placeholder"):
        yield render_text_object(element["placeholder"], name)
    if element.get("type") in {"radio_buttons", "checkboxes"}:
        yield from (_render_option(option, name) for option in as_list(element.get("options")))


def _render_entry(element: Json, entry: Json | None, name: NameResolver) -> str:
    field = STATEFUL.get(str(element.get("type")))
    if field is None:
        return ""
    value = entry.get(field.key) if entry else initial_value(element)
    values = value if isinstance(value, list) else [value]
    if element.get("type") in {"radio_buttons", "checkboxes"}:
        return ""  # all their options are listed anyway
    return ", ".join(_render_value(item, name) for item in values if item is not None)


def _render_value(value: object, name: NameResolver) -> str:
    if isinstance(value, Mapping):
        if value.get("type") == "rich_text":
            return render_rich_text(dict(value), name)
        return render_text_object(value.get("text"), name) or str(value.get("name", ""))
    return name(value) if isinstance(value, str) else str(value)


def _render_option(option: Json, name: NameResolver) -> str:
    description = render_text_object(option.get("description"), name)
    return f"{render_text_object(option.get('text'), name)} {description}".rstrip()


def _render_row(row: object, name: NameResolver) -> str:
    return " | ".join(_render_cell(cell, name) for cell in as_list(row))


def _render_cell(cell: object, name: NameResolver) -> str:
    cell_object = as_object(cell)
    return (
        render_rich_text(cell_object, name)
        if cell_object.get("type") == "rich_text"
        else str(cell_object.get("text"))
    )


def render_rich_text(element: Json, name: NameResolver) -> str:
    """Return the visible text of rich text, line by line."""
    kind = str(element.get("type"))
    if kind in {"rich_text", "rich_text_list", "plan"}:
        parts = as_list(element.get("elements"))
        return "\n".join(render_rich_text(part, name) for part in parts)
    if "elements" in element:
        return "".join(render_rich_text(part, name) for part in as_list(element["elements"]))
    renderer = _LEAF_RENDERERS.get(kind)
    return renderer(element, name) if renderer else str(element.get("text", ""))


def _render_emoji(leaf: Json) -> str:
    tone = leaf.get("skin_tone", 1)
    return emoji_character(str(leaf.get("name", "")), str(leaf.get("unicode") or ""), tone)


_LEAF_RENDERERS: Mapping[str, Callable[[Json, NameResolver], str]] = {
    "link": lambda leaf, _name: str(leaf.get("text") or leaf.get("url", "")),
    "user": lambda leaf, name: name(str(leaf.get("user_id"))),
    "channel": lambda leaf, name: name(str(leaf.get("channel_id"))),
    "usergroup": lambda leaf, name: name(str(leaf.get("usergroup_id"))),
    "broadcast": lambda leaf, _name: f"@{leaf.get('range')}",
    "emoji": lambda leaf, _name: _render_emoji(leaf),
    "date": lambda leaf, _name: str(leaf.get("fallback") or leaf.get("timestamp", "")),
    "color": lambda leaf, _name: str(leaf.get("value", "")),
}
"""Renderers of the leaf elements that show something other than their `text`."""
