"""A reference to a channel, for callers in any thread."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChannelRef:
    """The id and name of a channel."""

    id: str
    name: str
