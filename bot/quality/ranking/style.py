"""The style of a response: its length and its Markdown, as LMArena's style control counts them.

Tianle Li, Anastasios Angelopoulos and Wei-Lin Chiang, *Does Style Matter? Disentangling Style and
Substance in Chatbot Arena* (2024). They count tokens; this counts characters, which needs no
tokenizer. Code blocks are counted as well, and nothing within them counts as Markdown.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CODE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
_BOLD = re.compile(r"\*\*(?=\S).+?\*\*|__(?=\S).+?__")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
"""How a line begins that is a list item. Lines are matched one by one, because a search in the
whole text tries every character."""

_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)


class Style(NamedTuple):
    """What a reader sees of a response before reading it.

    Attributes:
        length: characters.
        lists: list items.
        bold: passages in bold.
        headings: headings.
        code: code blocks.
    """

    length: int
    lists: int = 0
    bold: int = 0
    headings: int = 0
    code: int = 0


def style_of(text: str) -> Style:
    """Return the style of a response.

    One character is found much faster than several, and most texts do not have it.
    """
    code, prose = 0, text
    if ("`" in text and "```" in text) or ("~" in text and "~~~" in text):
        prose, code = _CODE.subn("", text)
    has_bold = ("*" in prose and "**" in prose) or ("_" in prose and "__" in prose)
    bold = len(_BOLD.findall(prose)) if has_bold else 0
    headings = len(_HEADING.findall(prose)) if "#" in prose else 0
    return Style(len(text), _count_list_items(prose), bold, headings, code)


def _count_list_items(prose: str) -> int:
    if "\n" not in prose:
        return 1 if _LIST_ITEM.match(prose) else 0
    return sum(map(bool, map(_LIST_ITEM.match, prose.split("\n"))))
