"""A rendered Slack message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.slack.blockkit.blocks import Block


@dataclass(frozen=True, slots=True)
class Message:
    """The fallback text, which Slack shows as the notification, and the blocks of a message.

    `shown` maps the key of each passage to its length and to how many characters are in the blocks.
    """

    text: str
    blocks: list[Block]
    shown: dict[str, Any] = field(default_factory=dict)
