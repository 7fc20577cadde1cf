"""What people see, as plain text: no markup, no ids, nothing that Slack does not show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.state_values import first_value
from bot.sandbox.wire import Json, as_list, as_object
from bot.sandbox.workspace import Inputs, Post, View, Workspace

Name = Callable[[str], str]
"""Turns the id of a person or channel into the name that is shown."""

_ANGLE = re.compile(r"<([^<>]*)>")
_MARKS = tuple(
    re.compile(rf"(?<![\w{mark}]){mark}(\S(?:[^\n]*?\S)?){mark}(?![\w{mark}])")
    for mark in (r"\*", "_", "~", "`")
)


def names_in(workspace: Workspace) -> Name:
    """Return what turns ids of `workspace` into names."""

    def name(found: str) -> str:
        if found in workspace.users:
            return f"@{workspace.users[found].real_name}"
        return f"#{workspace.channels[found].name}" if found in workspace.channels else found

    return name


def shown_mrkdwn(text: str, name: Name) -> str:
    """Return what Slack shows for `text` written in mrkdwn."""
    text = _ANGLE.sub(lambda found: _shown_angle(found[1], name), text)
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown_angle(inside: str, name: Name) -> str:
    target, _, label = inside.partition("|")
    if target.startswith(("@", "#")):
        return label or name(target[1:])
    if target.startswith("!date^"):
        return label
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    return label or target.removeprefix("mailto:")


def shown_text(words: object, name: Name) -> str:
    """Return what a text object shows."""
    text = as_object(words)
    raw = str(text.get("text", ""))
    return shown_mrkdwn(raw, name) if text.get("type") == "mrkdwn" else raw


def shown_post(post: Post, workspace: Workspace) -> str:
    """Return everything readable of a message; its `text` only if it has no blocks."""
    if post.shown is None:
        post.shown = "\n".join(_post_lines(post, names_in(workspace)))
    return post.shown


def _post_lines(post: Post, name: Name) -> Iterator[str]:
    if post.blocks:
        yield from block_lines(post.blocks, {}, name)
    elif post.text:
        yield shown_mrkdwn(post.text, name)
    for attachment in post.attachments:
        yield from block_lines(as_list(attachment.get("blocks")), {}, name)
        yield shown_mrkdwn(str(attachment.get("text") or ""), name)
    for file in post.files:
        yield f"[file] {file.get('title') or file.get('name')}"


def shown_view(view: View, workspace: Workspace) -> str:
    """Return everything readable of a modal or Home tab, with what was entered so far."""
    name = names_in(workspace)
    lines = [shown_text(view.body.get("title"), name)]
    lines += block_lines(view.blocks, view.inputs, name)
    lines += view.errors.values()
    lines += [
        f"[{shown_text(view.body.get(key), name)}]"
        for key in ("close", "submit")
        if view.body.get(key)
    ]
    return "\n".join(line for line in lines if line)


def block_lines(blocks: list[Json], inputs: Inputs, name: Name) -> Iterator[str]:
    """Yield the readable lines of `blocks`, in order."""
    for block in blocks:
        yield from filter(None, _block(block, inputs, name))


def _block(block: Json, inputs: Inputs, name: Name) -> Iterator[str]:
    kind = str(block.get("type"))
    for key in ("title", "label", "caption", "text", "subtitle", "body", "subtext", "hint"):
        yield _words(block.get(key), name)
    if kind in {"rich_text", "plan"} or "rich_text_title" in block:
        yield rich_text(block, name)
    yield from (shown_text(one, name) for one in as_list(block.get("fields")))
    if kind in {"table", "data_table"}:
        yield from (_row(row, name) for row in as_list(block.get("rows")))
    if block.get("alt_text"):
        yield f"[{block['alt_text']}]"
    yield from _inside(block, inputs, name)


def _words(value: object, name: Name) -> str:
    """Return a text object, or the bare string that a few blocks have instead."""
    return value if isinstance(value, str) else shown_text(value, name)


def _inside(block: Json, inputs: Inputs, name: Name) -> Iterator[str]:
    own = [block.get("accessory"), block.get("element"), *as_list(block.get("actions"))]
    if block.get("type") in {"actions", "context_actions", "context", "carousel"}:
        own += as_list(block.get("elements"))
    for element in filter(None, own):
        entry = inputs.get((str(block.get("block_id")), str(element.get("action_id"))))
        yield from element_lines(element, entry, name)
    yield from block_lines(as_list(block.get("child_blocks")), inputs, name)
    yield from block_lines(as_list(block.get("tasks")), inputs, name)


def element_lines(element: Json, entry: Json | None, name: Name) -> Iterator[str]:
    """Yield what one element shows; `entry` is what was entered in it."""
    kind = str(element.get("type"))
    if kind in {"mrkdwn", "plain_text"}:
        yield shown_text(element, name)
    elif kind == "card":
        yield from _block(element, {}, name)
    elif kind == "image":
        yield f"[{element.get('alt_text', '')}]"
    else:
        yield from _control(element, entry, name)


def _control(element: Json, entry: Json | None, name: Name) -> Iterator[str]:
    if element.get("text"):
        yield f"[{shown_text(element['text'], name)}]"
    for key in ("positive_button", "negative_button"):
        if element.get(key):
            yield f"[{shown_text(as_object(element[key]).get('text'), name)}]"
    chosen = _entered(element, entry, name)
    if chosen:
        yield chosen
    elif element.get("placeholder"):
        yield shown_text(element["placeholder"], name)
    if element.get("type") in {"radio_buttons", "checkboxes"}:
        yield from (_option(option, name) for option in as_list(element.get("options")))


def _entered(element: Json, entry: Json | None, name: Name) -> str:
    holding = STATEFUL.get(str(element.get("type")))
    if holding is None:
        return ""
    value = entry.get(holding.key) if entry else first_value(element)
    values = value if isinstance(value, list) else [value]
    if element.get("type") in {"radio_buttons", "checkboxes"}:
        return ""  # their options are listed anyway
    return ", ".join(_value(one, name) for one in values if one is not None)


def _value(value: object, name: Name) -> str:
    if isinstance(value, Mapping):
        if value.get("type") == "rich_text":
            return rich_text(dict(value), name)
        return shown_text(value.get("text"), name) or str(value.get("name", ""))
    return name(value) if isinstance(value, str) else str(value)


def _option(option: Json, name: Name) -> str:
    described = shown_text(option.get("description"), name)
    return f"{shown_text(option.get('text'), name)} {described}".rstrip()


def _row(row: object, name: Name) -> str:
    return " | ".join(_cell(cell, name) for cell in as_list(row))


def _cell(cell: object, name: Name) -> str:
    words = as_object(cell)
    return rich_text(words, name) if words.get("type") == "rich_text" else str(words.get("text"))


def rich_text(piece: Json, name: Name) -> str:
    """Return what rich text shows, a line for each line of it."""
    kind = str(piece.get("type"))
    if kind in {"rich_text", "rich_text_list", "plan"}:
        parts = as_list(piece.get("elements"))
        return "\n".join(rich_text(part, name) for part in parts)
    if "elements" in piece:
        return "".join(rich_text(part, name) for part in as_list(piece["elements"]))
    leaf = _LEAVES.get(kind)
    return leaf(piece, name) if leaf else str(piece.get("text", ""))


_LEAVES: Mapping[str, Callable[[Json, Name], str]] = {
    "link": lambda leaf, _name: str(leaf.get("text") or leaf.get("url", "")),
    "user": lambda leaf, name: name(str(leaf.get("user_id"))),
    "channel": lambda leaf, name: name(str(leaf.get("channel_id"))),
    "usergroup": lambda leaf, _name: f"@{leaf.get('usergroup_id')}",
    "broadcast": lambda leaf, _name: f"@{leaf.get('range')}",
    "emoji": lambda leaf, _name: f":{leaf.get('name')}:",
    "date": lambda leaf, _name: str(leaf.get("fallback") or leaf.get("timestamp", "")),
    "color": lambda leaf, _name: str(leaf.get("value", "")),
}
"""Leaves that show something else than their `text`."""
