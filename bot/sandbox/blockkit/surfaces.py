"""Where blocks are shown: in messages, in modals, in Home tabs."""

from __future__ import annotations

from enum import StrEnum


class Surface(StrEnum):
    """A place in Slack that renders blocks; each admits its own set of blocks and elements."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


MESSAGES = frozenset({Surface.MESSAGE})
MODALS = frozenset({Surface.MODAL})
HOMES = frozenset({Surface.HOME})
EVERYWHERE = MESSAGES | MODALS | HOMES
