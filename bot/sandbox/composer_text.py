"""Typed text as Slack stores and sends it: as mrkdwn, and as elements of rich text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from .emoji import (
    EMOJI_LABEL_PATTERN,
    EmojiUse,
    emoji_by_characters,
    emoji_characters_pattern,
    find_emoji,
)
from .json_codec import Json
from .typed_links import LINK_KINDS, LINK_PATTERN, is_link, link_url, trim_link
from .workspace import Channel, Workspace

_MENTION = re.compile(r"(?<![\w&])([@#])([\w.-]*\w)")
_NAME_PATTERN = (
    r"(?P<code>```.+?```|`[^`\n]+`)"
    r"|(?P<name>(?<![\w&/])[@#][\w.-]*\w)"
    rf"|(?P<emoji>{EMOJI_LABEL_PATTERN})"
)
BROADCASTS = ("here", "channel", "everyone")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The ids of what a typed name mentions, by its sign and name, such as `@ada` or `#general`."""

    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    usergroups: Mapping[str, str] = field(default_factory=dict)
    has_broadcasts: bool = False

    def names_by_id(self) -> dict[str, str]:
        """Return the typed name of everything that can be mentioned, by its id."""
        everything = {**self.users, **self.channels, **self.usergroups}
        return {object_id: name for name, object_id in everything.items()}


@dataclass(frozen=True, slots=True)
class TypedPart:
    """A part of a typed text: the element of rich text for it, and its mrkdwn."""

    element: Json
    mrkdwn: str


def find_mentions(
    workspace: Workspace, user_id: str = "", channel: Channel | None = None
) -> Mentions:
    """Return what a user can mention in `channel`; `@here` and the like only in channels."""
    return Mentions(
        {f"@{user.name}": user.id for user in workspace.users.values()},
        {
            f"#{other.name}": other.id
            for other in workspace.channels.values()
            if other.kind == "public" or (other.kind == "private" and user_id in other.members)
        },
        {f"@{group.handle}": group.id for group in workspace.usergroups.values()},
        has_broadcasts=channel is not None and channel.kind != "im",
    )


def escape_mrkdwn(text: str) -> str:
    """Return `text` with `&`, `<` and `>` escaped, the only characters Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_mrkdwn(text: str, mentions: Mentions) -> str:
    """Return the mrkdwn of a typed message, with links, mentions and emoji marked."""
    return "".join(part.mrkdwn for part in split_typed_text(text, mentions))


def to_rich_text_block(text: str, block_id: str, mentions: Mentions) -> Json:
    """Return the rich_text block that Slack builds from typed text."""
    leaves = [part.element for part in split_typed_text(text, mentions)]
    section = {"type": "rich_text_section", "elements": leaves}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def to_command_text(text: str, _mentions: Mentions) -> str:
    """Return the `text` of a command without `should_escape`."""
    return escape_mrkdwn(text)


def to_escaped_command_text(text: str, mentions: Mentions) -> str:
    """Return the `text` of a command with `should_escape`, with names replaced by ids."""
    ids = {**mentions.users, **mentions.channels}

    def mark(match: re.Match[str]) -> str:
        sign, name = match.groups()
        object_id = ids.get(match[0])
        return f"<{sign}{object_id}|{name}>" if object_id else match[0]

    return _MENTION.sub(mark, escape_mrkdwn(text))


def split_typed_text(text: str, mentions: Mentions) -> Iterator[TypedPart]:
    """Yield the parts of `text`, in order; adjacent text is one part."""
    start = position = 0
    while match := _token_pattern().search(text, position):
        part, length = _parse_token(match, mentions)
        if part is None:
            position = match.start() + max(1, length)
            continue
        if start < match.start():
            yield _text_part(text[start : match.start()])
        yield part
        start = position = match.start() + length
    if start < len(text):
        yield _text_part(text[start:])


@cache
def _token_pattern() -> re.Pattern[str]:
    characters = f"(?P<characters>{emoji_characters_pattern()})"
    return re.compile(f"{_NAME_PATTERN}|{LINK_PATTERN}|{characters}", re.IGNORECASE | re.DOTALL)


def _parse_token(match: re.Match[str], mentions: Mentions) -> tuple[TypedPart | None, int]:
    """Return the part for a match, None if it is plain text, and the number of its characters."""
    kind, typed = str(match.lastgroup), match[0]
    if kind in LINK_KINDS:
        link = trim_link(typed)
        return (_link_part(kind, link) if is_link(kind, link) else None), len(link)
    if kind == "name":
        return _mention_part(typed, mentions), len(typed)
    if kind == "emoji":
        return _emoji_part(find_emoji(typed.strip(":"))), len(typed)
    if kind == "characters":
        return _emoji_part(emoji_by_characters().get(typed)), len(typed)
    return None, len(typed)


def _text_part(text: str) -> TypedPart:
    return TypedPart({"type": "text", "text": text}, escape_mrkdwn(text))


def _link_part(kind: str, typed: str) -> TypedPart:
    url = link_url(kind, typed)
    label = {} if url == typed else {"text": typed}
    mrkdwn = escape_mrkdwn(url) + (f"|{escape_mrkdwn(typed)}" if label else "")
    return TypedPart({"type": "link", "url": url, **label}, f"<{mrkdwn}>")


def _mention_part(typed: str, mentions: Mentions) -> TypedPart | None:
    name = typed[1:]
    if typed in mentions.users:
        user_id = mentions.users[typed]
        return TypedPart({"type": "user", "user_id": user_id}, f"<@{user_id}>")
    if typed in mentions.channels:
        channel_id = mentions.channels[typed]
        return TypedPart({"type": "channel", "channel_id": channel_id}, f"<#{channel_id}|{name}>")
    if typed in mentions.usergroups:
        group_id = mentions.usergroups[typed]
        element = {"type": "usergroup", "usergroup_id": group_id}
        return TypedPart(element, f"<!subteam^{group_id}|{typed}>")
    if mentions.has_broadcasts and typed.startswith("@") and name in BROADCASTS:
        return TypedPart({"type": "broadcast", "range": name}, f"<!{name}>")
    return None


def _emoji_part(emoji: EmojiUse | None) -> TypedPart | None:
    if emoji is None:
        return None
    element: Json = {"type": "emoji", "name": emoji.name, "unicode": emoji.code_points}
    tone = {"skin_tone": emoji.skin_tone} if emoji.skin_tone > 1 else {}
    return TypedPart(element | tone, emoji.label)
