"""What people type, as Slack stores and sends it: escaped, with links and mentions in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.json_codec import Json
from bot.sandbox.workspace import Workspace

_TOKEN = re.compile(
    r"(?P<link>https?://[^\s<>|]+)"
    r"|(?P<address>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w&])(?P<user>@[\w.-]*\w)"
)
_MENTION = re.compile(r"(?<![\w&])([@#])([\w.-]*\w)")

UserIdByName = Mapping[str, str]
"""The ids of people by their names."""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A part of what was typed, and what it means."""

    text: str
    kind: Literal["text", "link", "address", "user"] = "text"


def user_ids_by_name(workspace: Workspace) -> UserIdByName:
    """Return what people can be mentioned by."""
    return {user.name: user.id for user in workspace.users.values()}


def escape_mrkdwn(text: str) -> str:
    """Return `text` with Slack's three escapes, and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_mrkdwn(text: str, user_ids: UserIdByName) -> str:
    """Return the `text` of a typed message: links, addresses and people are marked."""
    return "".join(_span_to_mrkdwn(piece, user_ids) for piece in _split_spans(text, user_ids))


def to_rich_text_block(text: str, block_id: str, user_ids: UserIdByName) -> Json:
    """Return the block that Slack makes of what somebody typed."""
    leaves = [_span_to_element(piece, user_ids) for piece in _split_spans(text, user_ids)]
    section = {"type": "rich_text_section", "elements": leaves}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def to_command_text(text: str, _workspace: Workspace) -> str:
    """Return the `text` of a command without `should_escape`."""
    return escape_mrkdwn(text)


def to_escaped_command_text(text: str, workspace: Workspace) -> str:
    """Return the `text` of a command with `should_escape`: names become ids."""
    people = {
        ("@", name): f"<@{user_id}|{name}>" for name, user_id in user_ids_by_name(workspace).items()
    }
    channels = {
        ("#", channel.name): f"<#{channel.id}|{channel.name}>"
        for channel in workspace.channels.values()
        if channel.kind != "im"
    }
    known = people | channels
    return _MENTION.sub(
        lambda found: known.get((found[1], found[2]), found[0]), escape_mrkdwn(text)
    )


def _span_to_mrkdwn(span: TextSpan, user_ids: UserIdByName) -> str:
    if span.kind == "user":
        return f"<@{user_ids[span.text[1:]]}>"
    if span.kind == "address":
        return f"<mailto:{span.text}|{span.text}>"
    return f"<{escape_mrkdwn(span.text)}>" if span.kind == "link" else escape_mrkdwn(span.text)


def _span_to_element(span: TextSpan, user_ids: UserIdByName) -> Json:
    if span.kind == "user":
        return {"type": "user", "user_id": user_ids[span.text[1:]]}
    if span.kind == "address":
        return {"type": "link", "url": f"mailto:{span.text}", "text": span.text}
    if span.kind == "link":
        return {"type": "link", "url": span.text}
    return {"type": "text", "text": span.text}


def _split_spans(text: str, user_ids: UserIdByName) -> Iterator[TextSpan]:
    """Yield the pieces of `text`, none of them empty."""
    start = 0
    for found in _TOKEN.finditer(text):
        piece = _classify_match(found, user_ids)
        if piece is not None:
            if start < found.start():
                yield TextSpan(text[start : found.start()])
            yield piece
            start = found.end()
    if start < len(text):
        yield TextSpan(text[start:])


def _classify_match(found: re.Match[str], user_ids: UserIdByName) -> TextSpan | None:
    """Return what was found, or None for an @ before a word that is nobody's name."""
    if found["link"]:
        return TextSpan(found["link"], "link")
    if found["address"]:
        return TextSpan(found["address"], "address")
    return TextSpan(found["user"], "user") if found["user"][1:] in user_ids else None
