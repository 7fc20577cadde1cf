"""A rendered Slack message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from bot.slack.blockkit.types import Block


class ShownPassage(TypedDict):
    """The length of a passage, and how many of its characters are in the blocks."""

    characters: int
    shown: int


@dataclass(frozen=True, slots=True)
class Message:
    """The fallback text, which Slack shows as the notification, and the blocks of a message.

    `shown` says by key how much of each passage is in the blocks.
    """

    text: str
    blocks: list[Block]
    shown: dict[str, ShownPassage] = field(default_factory=dict)
