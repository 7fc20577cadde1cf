"""Differences between two passages as a rich_text block."""

from __future__ import annotations

from bot.kinds.differences import Side, find_differences, shorten_common_parts
from bot.kinds.form import Passage
from bot.slack.blockkit.blocks import (
    context,
    divider,
    rich_text_section,
    styled_text,
    text_element,
)
from bot.slack.blockkit.types import Block, InlineElement, RichTextBlock, TextStyle

CONTEXT_CHARACTERS = 40
"""Characters of common text that stay on each side of a difference."""

MAX_DIFFERENCE_CHARACTERS = 3_000
"""Characters of all differences; the passages above have the rest."""


STYLES: dict[Side, TextStyle] = {"both": {}, "first": {"strike": True}, "second": {"bold": True}}


def difference_blocks(first: Passage, second: Passage) -> list[Block]:
    """Return what differs: struck through if only the first passage has it, bold if the second."""
    legend = f"Struck through: only in {first.title}. Bold: only in {second.title}."
    elements: list[InlineElement] = [text_element("Differences\n", bold=True)]
    left = MAX_DIFFERENCE_CHARACTERS
    parts = find_differences(first.text, second.text)
    previous: Side = "both"
    for part in shorten_common_parts(parts, CONTEXT_CHARACTERS):
        if left <= 0:
            elements.append(text_element("…"))
            break
        if (previous, part.side) == ("first", "second"):
            elements.append(text_element(" "))
        previous = part.side
        elements.append(styled_text(part.text[:left], STYLES[part.side]))
        left -= len(part.text)
    block: RichTextBlock = {
        "type": "rich_text",
        "block_id": "differences",
        "elements": [rich_text_section(elements)],
    }
    return [divider(), block, context(legend)]
