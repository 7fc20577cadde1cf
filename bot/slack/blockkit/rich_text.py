"""Texts as rich_text blocks: formatted if that loses no word, otherwise plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.slack.blockkit.blocks import rich_text_section, text_element
from bot.slack.blockkit.markdown import render_markdown
from bot.slack.blockkit.types import RichTextBlock, RichTextElement

MAX_TEXT_ELEMENTS = 1_000
"""Beyond this a text is nearly all markup, and a view would exceed Slack's 250 kB."""

MAX_ELEMENTS = 1_500
"""Texts, sections and lists together: each takes about 70 bytes, even an empty one."""

MAX_TABLE_CELLS = 10_000
"""Largest table that is rendered: Markdown gives every row as many cells as the head has."""

MAX_ADDED_CHARACTERS = 2_000
"""Rendered text may have twice the length of its source plus this: cells are padded with spaces."""

MARKUP = re.compile(r"[\\`*_\[\]<>#~|$\r]|^(?:[ \t]|[-+]|\d+[.)])", re.MULTILINE)
"""Whatever Markdown formats has such a character or such a beginning of a line."""

_TOKEN_PATTERN = re.compile(r"[^\W_]+|[^\w\s*_~`#>|+\-=:.()\[\]!<\"']")
"""Words, and characters that are no markup."""

_CODE_LINE = re.compile(
    r"\s*(?:(?:async )?def \w+\(.*|class \w+.*:|import [\w.]+(?: as \w+)?|from [\w.]+ import .+"
    r"|#include\s*[<\"].+|return\b.*[\w)\]}\"';]|(?:if|for|while|elif|with|except)\b.*:|else:|try:"
    r"|.*[;{]|[})\]]+;?|(?:const|let|var) \w+ =.*)\s*"
)
MIN_CODE_LINES = 2
"""Lines of code that make a text without code fences code as a whole."""

_MARKER_PATTERN = re.compile(r"^(?:[ \t>*+-]|\d{1,9}[.)](?=[ \t]|$))+", re.MULTILINE)


def rich_text(text: str, *, title: str = "", markdown: bool = True, block_id: str) -> RichTextBlock:
    """Return a rich_text block with a bold title and a text, which may be Markdown."""
    heading = [rich_text_section([text_element(title, bold=True)])] if title else []
    if markdown:
        text = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    body = (formatted_elements(text) if markdown else []) or _plain_elements(text)
    return {"type": "rich_text", "block_id": block_id, "elements": [*heading, *body]}


def plain_rich_text(text: str) -> RichTextBlock:
    """Return a sentence as a rich_text block, without formatting.

    All our messages contain a rich_text block, because Slack refuses to replace a message that has
    one by a message without (`block_mismatch`).
    """
    return {"type": "rich_text", "elements": _plain_elements(text)}


def formatted_elements(text: str) -> list[RichTextElement]:
    """Render Markdown; return nothing if it is better shown as it is.

    That is so if rendering loses a word or exceeds Slack's limits, if nothing is formatted, and for
    code without fences. Markdown itself loses words: cells without a column, deeply nested text.
    """
    if not MARKUP.search(text):  # most texts are prose, and parsing takes long
        return []
    lines = text.splitlines()
    if max((line.count("|") for line in lines), default=0) * len(lines) > MAX_TABLE_CELLS:
        return []
    if _is_code(lines):
        return []
    try:
        elements = render_markdown(text)
    except RecursionError:
        return []
    texts = list(_texts_of(elements))
    is_too_large = (
        len(texts) > MAX_TEXT_ELEMENTS
        or _count_elements(elements) > MAX_ELEMENTS
        or sum(map(len, texts)) > 2 * len(text) + MAX_ADDED_CHARACTERS
    )
    if is_too_large or not _is_formatted(text, elements) or not _has_all_words(text, texts):
        return []
    return elements


def _is_code(lines: Sequence[str]) -> bool:
    if any(line.lstrip().startswith(("```", "~~~")) for line in lines):
        return False
    return sum(bool(_CODE_LINE.fullmatch(line)) for line in lines) >= MIN_CODE_LINES


def _is_formatted(text: str, elements: Sequence[RichTextElement]) -> bool:
    """Return whether anything but white space changes by rendering a text."""
    if any(element["type"] != "rich_text_section" for element in elements):
        return True
    parts = [part for element in elements for part in element["elements"]]
    if any("style" in part for part in parts):
        return True
    shown = "".join(_texts_of(elements))
    return shown.split() != text.split()


def _texts_of(elements: Iterable[RichTextElement]) -> Iterator[str]:
    for element in elements:
        if element["type"] == "rich_text_list":
            yield from _texts_of(element["elements"])
        else:
            yield from (part["text"] for part in element["elements"] if part["type"] == "text")


def _count_elements(elements: Iterable[RichTextElement]) -> int:
    return sum(
        1
        + (
            _count_elements(element["elements"])
            if element["type"] == "rich_text_list"
            else len(element["elements"])
        )
        for element in elements
    )


def _has_all_words(text: str, texts: Iterable[str]) -> bool:
    """Check that every word and sign of a text is shown, in order; Slack adds list numbers."""
    shown_words = (word for part in texts for word in _TOKEN_PATTERN.findall(part))
    return all(
        word in shown_words for word in _TOKEN_PATTERN.findall(_MARKER_PATTERN.sub("", text))
    )


def _plain_elements(text: str) -> list[RichTextElement]:
    is_blank = not text.strip()
    element = text_element("(empty)", italic=True) if is_blank else text_element(text)
    return [rich_text_section([element])]
