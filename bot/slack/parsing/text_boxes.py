"""The text of a box in a modal: as typed, or as Markdown if the box has formatting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.parsing.message_text import rich_text_markdown
from bot.slack.parsing.modal_metadata import UnreadableDialogError


def is_formatted(element: Mapping[str, Any]) -> bool:
    """Return whether an element of `state.values` is a box with formatting."""
    return element.get("type") == "rich_text_input"


def has_formatted_box(state: Mapping[str, Mapping[str, Any]]) -> bool:
    """Return whether a modal with these `state.values` has a box with formatting."""
    return any(is_formatted(element) for block in state.values() for element in block.values())


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
