"""Whether a delivery posted something new: a message or a file, not an update of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

POSTING_METHODS = ("chat.postMessage", "files.completeUploadExternal")
"""Methods that post something new in the channel that is one of their arguments.

A file that is uploaded without a channel is only stored in Slack.
"""


@dataclass(slots=True)
class Contact:
    """What one delivery did. Its tasks share this object."""

    has_posted: bool = False


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


def record_call(method: str, arguments: Mapping[str, Any]) -> None:
    """Record a call that Slack accepted."""
    contact = _CURRENT.get()
    if contact and method in POSTING_METHODS and arguments.get("channel"):
        contact.has_posted = True
