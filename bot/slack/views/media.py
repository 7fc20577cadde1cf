"""Messages that share stored audio and video."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn

MEDIA_NAMES = {"audio": "Audio", "video": "Video"}

DELAY_TEXT = (
    "{title}: Slack does not play the {media_type} yet. It appears here as soon as Slack does."
)

SHARED_TEXT = "You get the {media_type} in your messages with the bot."


def media_text(title: str, media_type: str, links: Sequence[str]) -> str:
    """Return the text of a message that shares files by their links; Slack shows players below."""
    name = MEDIA_NAMES[media_type]
    numbers = [f" {number}" for number in range(1, len(links) + 1)] if len(links) > 1 else [""]
    shared = [f"<{link}|{name}{number}>" for link, number in zip(links, numbers, strict=True)]
    return f"*{escape_mrkdwn(title)}*: {', '.join(shared)}"


def render_delay(title: str, media_type: str) -> Message:
    """Return the message about files that Slack does not play yet."""
    text = DELAY_TEXT.format(title=title, media_type=media_type)
    return Message(escape_mrkdwn(text), [plain_rich_text(text)])


def render_shared(media_type: str) -> Message:
    """Return the reply to a button that shares a file."""
    text = SHARED_TEXT.format(media_type=media_type)
    return Message(text, [plain_rich_text(text)])
