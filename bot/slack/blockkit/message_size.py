"""The limits of Slack for a message, and how messages are kept below them.

Slack refuses longer messages with `msg_blocks_too_long`. It documents no limit; people report it
for 11,341 characters in all blocks together: https://github.com/slackapi/bolt-js/issues/2867
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.slack.blockkit.message import Message

MAX_MESSAGE_CHARACTERS = 10_500
"""Most characters in all blocks of a message."""

MAX_BLOCKS = 50
"""Most blocks of a message."""

MAX_TEXT_CHARACTERS = 40_000
"""Most characters of the text of a message: https://docs.slack.dev/reference/methods/chat.postMessage"""

HIDDEN_KEYS = frozenset(
    {
        *("type", "block_id", "action_id", "value", "style", "image_url", "name", "user_id"),
        *("accessibility_label", "slack_file"),
    }
)
"""Keys whose strings are not shown. All others count, because Slack does not say which do."""

MAX_FIT_ATTEMPTS = 8
"""Times that a message is rendered with fewer characters before the longest texts are cut."""


def count_characters(value: object) -> int:
    """Return the number of characters in blocks or a part of them."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):  # not a Mapping, which takes three times as long
        shown = [part for key, part in value.items() if key not in HIDDEN_KEYS]
        return sum(map(count_characters, shown))
    return sum(map(count_characters, value)) if isinstance(value, list | tuple) else 0


def fit_message(
    render: Callable[[int], Message], max_characters: int, reserved_characters: int = 0
) -> Message:
    """Render a message with at most `max_characters` of the texts that a dialog shows too.

    It is rendered again with fewer if the message would be too long: text in tables takes more
    characters than its source. `reserved_characters` are left for blocks that are added to it.
    """
    limit = MAX_MESSAGE_CHARACTERS - reserved_characters
    message = render(max_characters)
    for _ in range(MAX_FIT_ATTEMPTS):
        excess = count_characters(message.blocks) - limit
        if excess <= 0:
            return message
        max_characters = max(min(max_characters - excess, max_characters * 3 // 4), 0)
        message = render(max_characters)
    return replace(message, blocks=shorten_blocks(message.blocks, limit))


def split_message(message: Message) -> list[Message]:
    """Return a message as one or more that Slack accepts; only texts of single blocks are cut."""
    text = _cut(message.text, MAX_TEXT_CHARACTERS)
    parts: list[list[Any]] = [[]]
    characters = 0
    for block in message.blocks:
        length = count_characters(block)
        is_full = len(parts[-1]) == MAX_BLOCKS or characters + length > MAX_MESSAGE_CHARACTERS
        if is_full and parts[-1]:
            parts.append([])
            characters = 0
        parts[-1].append(block)
        characters += length
    return [replace(message, text=text, blocks=shorten_blocks(part)) for part in parts]


def shorten_blocks(blocks: Sequence[Any], limit: int = MAX_MESSAGE_CHARACTERS) -> list[Any]:
    """Return blocks with at most `limit` characters; if they have more, cut their longest texts."""
    excess = count_characters(list(blocks)) - limit
    if excess <= 0:
        return list(blocks)
    lengths = sorted(map(len, _texts_of(list(blocks))), reverse=True)
    return [_cut_texts(block, _longest_allowed(lengths, excess)) for block in blocks]


def _longest_allowed(lengths: Sequence[int], excess: int) -> int:
    """Return the length to which to cut longer texts, so that `excess` characters are left out."""
    for count, next_length in enumerate([*lengths[1:], 0], start=1):
        surplus = sum(lengths[:count]) - excess
        if surplus >= count * next_length:
            return max(surplus // count, 1)
    return 1


def _texts_of(value: object) -> Iterator[str]:
    """Yield the strings that can be cut: those of text objects and rich text."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key == "text" and isinstance(part, str):
                yield part
            else:
                yield from _texts_of(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts_of(part)


def _cut_texts(value: Any, length: int) -> Any:  # noqa: ANN401 - any part of a block
    if isinstance(value, Mapping):
        return {
            key: _cut(part, length)
            if key == "text" and isinstance(part, str)
            else _cut_texts(part, length)
            for key, part in value.items()
        }
    return [_cut_texts(part, length) for part in value] if isinstance(value, list) else value


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
