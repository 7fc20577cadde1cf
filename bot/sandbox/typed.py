"""What people type, as Slack stores and sends it: escaped, with links and mentions in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.wire import Json
from bot.sandbox.workspace import Workspace

_FOUND = re.compile(
    r"(?P<link>https?://[^\s<>|]+)"
    r"|(?P<address>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w&])(?P<user>@[\w.-]*\w)"
)
_NAME = re.compile(r"(?<![\w&])([@#])([\w.-]*\w)")

Names = Mapping[str, str]
"""The ids of people by their names."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what was typed, and what it means."""

    text: str
    kind: Literal["text", "link", "address", "user"] = "text"


def names_of(workspace: Workspace) -> Names:
    """Return what people can be mentioned by."""
    return {user.name: user.id for user in workspace.users.values()}


def escaped(text: str) -> str:
    """Return `text` with Slack's three escapes, and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_sent(text: str, names: Names) -> str:
    """Return the `text` of a typed message: links, addresses and people are marked."""
    return "".join(_marked(piece, names) for piece in _pieces(text, names))


def as_rich_text(text: str, block_id: str, names: Names) -> Json:
    """Return the block that Slack makes of what somebody typed."""
    leaves = [_leaf(piece, names) for piece in _pieces(text, names)]
    section = {"type": "rich_text_section", "elements": leaves}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def as_text(text: str, _workspace: Workspace) -> str:
    """Return the `text` of a command without `should_escape`."""
    return escaped(text)


def as_escaped(text: str, workspace: Workspace) -> str:
    """Return the `text` of a command with `should_escape`: names become ids."""
    people = {("@", name): f"<@{person}|{name}>" for name, person in names_of(workspace).items()}
    rooms = {
        ("#", room.name): f"<#{room.id}|{room.name}>"
        for room in workspace.channels.values()
        if room.kind != "im"
    }
    known = people | rooms
    return _NAME.sub(lambda found: known.get((found[1], found[2]), found[0]), escaped(text))


def _marked(piece: Piece, names: Names) -> str:
    if piece.kind == "user":
        return f"<@{names[piece.text[1:]]}>"
    if piece.kind == "address":
        return f"<mailto:{piece.text}|{piece.text}>"
    return f"<{escaped(piece.text)}>" if piece.kind == "link" else escaped(piece.text)


def _leaf(piece: Piece, names: Names) -> Json:
    if piece.kind == "user":
        return {"type": "user", "user_id": names[piece.text[1:]]}
    if piece.kind == "address":
        return {"type": "link", "url": f"mailto:{piece.text}", "text": piece.text}
    if piece.kind == "link":
        return {"type": "link", "url": piece.text}
    return {"type": "text", "text": piece.text}


def _pieces(text: str, names: Names) -> Iterator[Piece]:
    """Yield the pieces of `text`, none of them empty."""
    start = 0
    for found in _FOUND.finditer(text):
        piece = _meant(found, names)
        if piece is not None:
            if start < found.start():
                yield Piece(text[start : found.start()])
            yield piece
            start = found.end()
    if start < len(text):
        yield Piece(text[start:])


def _meant(found: re.Match[str], names: Names) -> Piece | None:
    """Return what was found, or None for an @ before a word that is nobody's name."""
    if found["link"]:
        return Piece(found["link"], "link")
    if found["address"]:
        return Piece(found["address"], "address")
    return Piece(found["user"], "user") if found["user"][1:] in names else None
