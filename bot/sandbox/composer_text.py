"""Typed text as Slack stores and sends it: escaped, with links and mentions in angle brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from .json_codec import Json
from .workspace import Workspace

_TOKEN = re.compile(
    r"(?P<link>https?://[^\s<>|]+)"
    r"|(?P<address>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w&])(?P<user>@[\w.-]*\w)"
)
_MENTION = re.compile(r"(?<![\w&])([@#])([\w.-]*\w)")

UserIdByName = Mapping[str, str]
"""User ids by user name."""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A part of the typed text, and its kind."""

    text: str
    kind: Literal["text", "link", "address", "user"] = "text"


def user_ids_by_name(workspace: Workspace) -> UserIdByName:
    """Return the ids of all users by the name that mentions them."""
    return {user.name: user.id for user in workspace.users.values()}


def escape_mrkdwn(text: str) -> str:
    """Return `text` with `&`, `<` and `>` escaped, the only characters Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_mrkdwn(text: str, user_ids: UserIdByName) -> str:
    """Return the mrkdwn of a typed message, with links, e-mail addresses and mentions marked."""
    return "".join(_span_to_mrkdwn(span, user_ids) for span in _split_spans(text, user_ids))


def to_rich_text_block(text: str, block_id: str, user_ids: UserIdByName) -> Json:
    """Return the rich_text block that Slack builds from typed text."""
    leaves = [_span_to_element(span, user_ids) for span in _split_spans(text, user_ids)]
    section = {"type": "rich_text_section", "elements": leaves}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def to_command_text(text: str, _workspace: Workspace) -> str:
    """Return the `text` of a command without `should_escape`."""
    return escape_mrkdwn(text)


def to_escaped_command_text(text: str, workspace: Workspace) -> str:
    """Return the `text` of a command with `should_escape`, with names replaced by ids."""
    users = {
        ("@", name): f"<@{user_id}|{name}>" for name, user_id in user_ids_by_name(workspace).items()
    }
    channels = {
        ("#", channel.name): f"<#{channel.id}|{channel.name}>"
        for channel in workspace.channels.values()
        if channel.kind != "im"
    }
    mentions = users | channels
    return _MENTION.sub(
        lambda match: mentions.get((match[1], match[2]), match[0]), escape_mrkdwn(text)
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
    """Yield the non-empty spans of `text`, in order."""
    start = 0
    for match in _TOKEN.finditer(text):
        span = _classify_match(match, user_ids)
        if span is not None:
            if start < match.start():
                yield TextSpan(text[start : match.start()])
            yield span
            start = match.end()
    if start < len(text):
        yield TextSpan(text[start:])


def _classify_match(match: re.Match[str], user_ids: UserIdByName) -> TextSpan | None:
    """Return the matched span, or None for an @ that mentions no known user."""
    if match["link"]:
        return TextSpan(match["link"], "link")
    if match["address"]:
        return TextSpan(match["address"], "address")
    return TextSpan(match["user"], "user") if match["user"][1:] in user_ids else None
