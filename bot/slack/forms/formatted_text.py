"""Boxes with formatting: a text as the initial value, and what was entered as Markdown.

Slack's editor shows bold, lists, quotes and code. An answer is stored as Markdown, so a text is
shown formatted only if that gives the same text back; otherwise its source is shown and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from bot.slack.blockkit.blocks import rich_text_section, text_element
from bot.slack.blockkit.rich_text import formatted_elements
from bot.slack.blockkit.types import RichTextInput, RichTextValue
from bot.slack.parsing.message_text import rich_text_markdown
from bot.slack.parsing.modal_metadata import UnreadableDialogError

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


def is_formatted(element: Mapping[str, Any]) -> bool:
    """Return whether an element of `state.values` is a box with formatting."""
    return element.get("type") == "rich_text_input"


def entered_text(element: Mapping[str, Any]) -> str:
    """Return the text of a box of `state.values`: as typed, or as Markdown if it has formatting.

    Raises:
        UnreadableDialogError: it is no rich text.
    """
    if not is_formatted(element):
        return str(element.get("value") or "")
    try:
        return rich_text_markdown(element.get("rich_text_value") or {})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableDialogError(problem=f"rich_text_value: {error!r}") from error
