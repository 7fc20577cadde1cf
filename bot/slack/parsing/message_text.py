"""Converts what people type in Slack to Markdown, with their bold, lists and code.

Slack sends a typed message as mrkdwn `text` and as a rich_text block. The block is exact, so the
text is used only if there is no block, or one with unknown elements. A box with formatting has only
the block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

Node = Mapping[str, Any]

_REFERENCE_PATTERN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")

_SCHEME_PATTERN = re.compile(r"[a-z][a-z0-9+.-]*:(?://)?", re.IGNORECASE)

_BACKTICKS = re.compile("`+")

_STYLE_MARKS = (("strike", "~~"), ("italic", "_"), ("bold", "**"))


def message_markdown(message: Node) -> str:
    """Return the text of a message as Markdown."""
    blocks = message.get("blocks") or []
    if blocks and all(map(_is_supported, blocks)):
        return "\n".join(map(_format_block, blocks))
    return unescape_mrkdwn(str(message.get("text") or ""))


def rich_text_markdown(block: Node) -> str:
    """Return a rich_text block as Markdown; elements that nobody can type become their texts."""
    return _join_elements(block.get("elements") or [])


def unescape_mrkdwn(text: str) -> str:
    """Return mrkdwn as it was typed: the label of `<url|label>`, an ampersand for `&amp;`.

    Slack escapes exactly `&`, `<` and `>`.
    """
    plain = _REFERENCE_PATTERN.sub(lambda match: match[2] or match[1], text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _is_supported(block: Node) -> bool:
    return block.get("type") == "rich_text" and all(
        element.get("type") in _ELEMENT_FORMATTERS for element in block["elements"]
    )


def _format_block(block: Node) -> str:
    return _join_elements(block["elements"])


def _join_elements(elements: Sequence[Node]) -> str:
    """Join elements with newlines. A blank line ends a quote, which a paragraph would continue."""
    text = ""
    for number, element in enumerate(elements):
        ends_quote = number and elements[number - 1]["type"] == "rich_text_quote"
        text += ("\n\n" if ends_quote else "\n") if number else ""
        formatted = _ELEMENT_FORMATTERS.get(element["type"], _format_section)(element)
        is_last = number == len(elements) - 1
        text += formatted if is_last else formatted.removesuffix("\n")
    return text


def _format_section(element: Node) -> str:
    return _format_inline(element["elements"])


def _format_preformatted(element: Node) -> str:
    code = "".join(str(leaf.get("text", leaf.get("url", ""))) for leaf in element["elements"])
    fence = "`" * max(3, _longest_run(code) + 1)
    return f"{fence}\n{code.strip(chr(10))}\n{fence}"


def _longest_run(text: str) -> int:
    """Return how many backticks follow each other in a text at most."""
    return max(map(len, _BACKTICKS.findall(text)), default=0)


def _format_quote(element: Node) -> str:
    return "\n".join(f"> {line}" for line in _format_inline(element["elements"]).split("\n"))


def _format_list(element: Node) -> str:
    indent = "   " * int(element.get("indent", 0))
    start = int(element.get("offset", 0)) + 1
    ordered = element.get("style") == "ordered"
    items = [_format_inline(item["elements"]) for item in element["elements"]]
    marks = [f"{start + number}." if ordered else "-" for number in range(len(items))]
    lines = (
        f"{indent}{mark} {item.replace(chr(10), chr(10) + indent + ' ' * (len(mark) + 1))}"
        for mark, item in zip(marks, items, strict=True)
    )
    return "\n".join(lines)


_ELEMENT_FORMATTERS: dict[str, Callable[[Node], str]] = {
    "rich_text_section": _format_section,
    "rich_text_preformatted": _format_preformatted,
    "rich_text_quote": _format_quote,
    "rich_text_list": _format_list,
}


def _format_inline(leaves: Sequence[Node]) -> str:
    return "".join(_apply_style(_format_leaf(leaf), leaf.get("style") or {}) for leaf in leaves)


_REFERENCE_FIELDS = {
    "user": ("@", "user_id"),
    "usergroup": ("@", "usergroup_id"),
    "channel": ("#", "channel_id"),
    "broadcast": ("@", "range"),
    "color": ("", "value"),
    "date": ("", "fallback"),
}
"""Elements whose content is not in `text`: the sign before it, and its field."""


def _format_leaf(leaf: Node) -> str:
    element_type = str(leaf.get("type", ""))
    if element_type == "link":
        return _format_link(leaf)
    if element_type == "emoji":
        return _format_emoji(leaf)
    sign, key = _REFERENCE_FIELDS.get(element_type, ("", "text"))
    return f"{sign}{leaf.get(key, '')}"


def _format_link(leaf: Node) -> str:
    label, url = str(leaf.get("text") or ""), str(leaf.get("url", ""))
    if not label:
        return url
    return label if is_typed_address(label, url) else f"[{label}]({url})"


def is_typed_address(label: str, url: str) -> bool:
    """Return whether Slack made a link of what a person typed: the address adds only a scheme."""
    scheme = _SCHEME_PATTERN.match(url)
    address = url[scheme.end() :] if scheme else url
    if scheme and scheme[0].lower() == "tel:":
        return _digits(label) == _digits(address)
    texts = [unquote(text).casefold().removesuffix("/") for text in (label, url, address)]
    return texts[0] in texts[1:]


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _format_emoji(leaf: Node) -> str:
    """Return an emoji as its characters, or as `:name:` if it is a custom one of the workspace."""
    codes = str(leaf.get("unicode") or "")
    try:
        characters = "".join(chr(int(code, 16)) for code in codes.split("-") if codes)
    except ValueError:
        characters = ""
    return characters or f":{leaf.get('name', '')}:"


def _apply_style(text: str, style: Node) -> str:
    """Put the marks of a style around a text but inside its outer spaces, as Markdown requires."""
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: text.index(inner[0])], text[len(text.rstrip()) :]
    if style.get("code"):
        inner = _format_code(inner)
    for name, mark in _STYLE_MARKS:
        if style.get(name):
            inner = f"{mark}{inner}{mark}"
    return f"{before}{inner}{after}"


def _format_code(text: str) -> str:
    """Return inline code between more backticks than it has in a row, as CommonMark requires."""
    marks = "`" * (_longest_run(text) + 1)
    space = " " if "`" in (text[0], text[-1]) else ""
    return f"{marks}{space}{text}{space}{marks}"
