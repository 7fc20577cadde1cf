"""Whether a delivery posted something new: a message or a file, not an update of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

POSTING_METHODS = ("chat.postMessage", "files.completeUploadExternal")
"""Methods that post something new in the channel that is one of their arguments.

A file that is uploaded without a channel is only stored in Slack.
"""


@dataclass(slots=True)
class Contact:
    """What one delivery did. Its tasks share this object.

    `replies` are the messages that it posted in threads: channel, `ts` and `thread_ts` of each.
    """

    has_posted: bool = False
    replies: list[tuple[str, str, str]] = field(default_factory=list)


_CURRENT: ContextVar[Contact | None] = ContextVar("contact", default=None)


@contextmanager
def observe_contact() -> Iterator[Contact]:
    """Return what the calls inside post."""
    contact = Contact()
    token = _CURRENT.set(contact)
    try:
        yield contact
    finally:
        _CURRENT.reset(token)


def record_call(method: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Record a call that Slack accepted, and its answer."""
    contact = _CURRENT.get()
    if not contact or method not in POSTING_METHODS or not arguments.get("channel"):
        return
    contact.has_posted = True
    if arguments.get("thread_ts") and answer.get("ts"):
        channel = str(answer.get("channel") or arguments["channel"])
        contact.replies.append((channel, str(answer["ts"]), str(arguments["thread_ts"])))
