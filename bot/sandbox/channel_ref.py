"""Channels, as tests hold them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChannelRef:
    """A channel of the workspace."""

    id: str
    name: str
