"""Surfaces: the places in Slack that show blocks."""

from __future__ import annotations

from enum import StrEnum


class Surface(StrEnum):
    """A place that renders blocks; each allows its own set of blocks and elements."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


MESSAGES = frozenset({Surface.MESSAGE})
MODALS = frozenset({Surface.MODAL})
HOMES = frozenset({Surface.HOME})
EVERYWHERE = MESSAGES | MODALS | HOMES
