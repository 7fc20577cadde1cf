"""What people type, as Slack stores and sends it: escaped, and with links in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.sandbox.wire import Json
from bot.sandbox.workspace import Workspace

_LINK = re.compile(r"(?P<url>https?://[^\s<>|]+)|(?P<address>[\w.+-]+@[\w-]+\.[\w.-]*\w)")
_NAME = re.compile(r"(?<![\w&])([@#])([\w.-]+)")


def escaped(text: str) -> str:
    """Return `text` with Slack's three escapes, and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_sent(text: str) -> str:
    """Return the `text` of a message that somebody typed: links and addresses are marked."""
    return "".join(_in_brackets(piece) if link else escaped(piece) for piece, link in _split(text))


def as_rich_text(text: str, block_id: str) -> Json:
    """Return the block that Slack makes of what somebody typed."""
    leaves = [_leaf(piece, is_link=link) for piece, link in _split(text) if piece]
    section = {"type": "rich_text_section", "elements": leaves}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def as_text(text: str, _workspace: Workspace) -> str:
    """Return the `text` of a command without `should_escape`."""
    return escaped(text)


def as_escaped(text: str, workspace: Workspace) -> str:
    """Return the `text` of a command with `should_escape`: names become ids."""
    people = {("@", user.name): f"<@{user.id}|{user.name}>" for user in workspace.users.values()}
    rooms = {
        ("#", room.name): f"<#{room.id}|{room.name}>"
        for room in workspace.channels.values()
        if room.kind != "im"
    }
    known = people | rooms
    return _NAME.sub(lambda found: known.get((found[1], found[2]), found[0]), escaped(text))


def _in_brackets(link: str) -> str:
    if "://" in link:
        return f"<{escaped(link)}>"
    return f"<mailto:{link}|{link}>"


def _leaf(piece: str, *, is_link: bool) -> Json:
    if not is_link:
        return {"type": "text", "text": piece}
    if "://" in piece:
        return {"type": "link", "url": piece}
    return {"type": "link", "url": f"mailto:{piece}", "text": piece}


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of `text`, each with whether it is a link."""
    start = 0
    for found in _LINK.finditer(text):
        yield text[start : found.start()], False
        yield found[0], True
        start = found.end()
    yield text[start:], False
