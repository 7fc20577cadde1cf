"""Boxes with formatting, with a text as their initial value.

Slack's editor shows bold, lists, quotes and code. An answer is stored as Markdown, so a text is
shown formatted only if that gives the same text back; otherwise its source is shown and kept.
"""

from __future__ import annotations

import orjson

from bot.slack.blockkit.blocks import rich_text_section, text_element
from bot.slack.blockkit.rich_text import formatted_elements
from bot.slack.blockkit.types import RichTextInput, RichTextValue
from bot.slack.parsing.message_text import rich_text_markdown

MAX_FORMATTED_BYTES = 13_000
"""Largest formatted text in a box, as JSON: 15 boxes stay below Slack's 250 kB of a modal."""


def rich_text_input(key: str, text: str) -> RichTextInput:
    """Return a box with formatting that holds a text."""
    element: RichTextInput = {"type": "rich_text_input", "action_id": key}
    if text:
        element["initial_value"] = _initial_value(text)
    return element


def _initial_value(text: str) -> RichTextValue:
    formatted: RichTextValue = {"type": "rich_text", "elements": formatted_elements(text)}
    is_small = len(orjson.dumps(formatted)) <= MAX_FORMATTED_BYTES
    if formatted["elements"] and is_small and rich_text_markdown(formatted) == text:
        return formatted
    return {"type": "rich_text", "elements": [rich_text_section([text_element(text)])]}
