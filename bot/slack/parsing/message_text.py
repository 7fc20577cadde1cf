"""What a person wrote in a message, as Markdown: their bold, lists and code survive the way here.

Slack sends a typed message twice, as mrkdwn `text` and as a rich_text block. The block says
exactly what was meant, so it is read first; the text only where there is no block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Node = Mapping[str, Any]

_REFERENCE_PATTERN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")

_STYLE_MARKS = (("code", "`"), ("strike", "~~"), ("italic", "_"), ("bold", "**"))


def message_markdown(message: Node) -> str:
    """Return what a message says, as Markdown."""
    blocks = message.get("blocks") or []
    if blocks and all(map(_is_supported, blocks)):
        return "\n".join(map(_format_block, blocks))
    return unescape_mrkdwn(str(message.get("text") or ""))


def unescape_mrkdwn(text: str) -> str:
    """Return mrkdwn as it was typed: `<url|label>` is its label, `&amp;` an ampersand.

    Slack escapes exactly `&`, `<` and `>` in what it sends.
    """
    plain = _REFERENCE_PATTERN.sub(lambda found: found[2] or found[1], text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _is_supported(block: Node) -> bool:
    return block.get("type") == "rich_text" and all(
        element.get("type") in _ELEMENT_FORMATTERS for element in block["elements"]
    )


def _format_block(block: Node) -> str:
    return "\n".join(_ELEMENT_FORMATTERS[element["type"]](element) for element in block["elements"])


def _format_section(element: Node) -> str:
    return _format_inline(element["elements"]).removesuffix("\n")


def _format_preformatted(element: Node) -> str:
    code = "".join(str(leaf.get("text", leaf.get("url", ""))) for leaf in element["elements"])
    return f"```\n{code.strip(chr(10))}\n```"


def _format_quote(element: Node) -> str:
    return "\n".join(f"> {line}" for line in _format_inline(element["elements"]).split("\n"))


def _format_list(element: Node) -> str:
    indent = "   " * int(element.get("indent", 0))
    start = int(element.get("offset", 0)) + 1
    ordered = element.get("style") == "ordered"
    items = [_format_inline(item["elements"]) for item in element["elements"]]
    marks = [f"{start + number}." if ordered else "-" for number in range(len(items))]
    return "\n".join(f"{indent}{mark} {item}" for mark, item in zip(marks, items, strict=True))


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
"""Leaves that say something other than `text`: the sign before it, and where it is."""


def _format_leaf(leaf: Node) -> str:
    kind = str(leaf.get("type", ""))
    if kind == "link":
        return _format_link(leaf)
    if kind == "emoji":
        return _format_emoji(leaf)
    sign, key = _REFERENCE_FIELDS.get(kind, ("", "text"))
    return f"{sign}{leaf.get(key, '')}"


def _format_link(leaf: Node) -> str:
    label, url = leaf.get("text"), str(leaf.get("url", ""))
    return f"[{label}]({url})" if label and label != url else url


def _format_emoji(leaf: Node) -> str:
    codes = str(leaf.get("unicode") or "")
    try:
        return (
            "".join(chr(int(code, 16)) for code in codes.split("-"))
            if codes
            else _emoji_shortcode(leaf)
        )
    except ValueError:
        return _emoji_shortcode(leaf)


def _emoji_shortcode(leaf: Node) -> str:
    return f":{leaf.get('name', '')}:"


def _apply_style(text: str, style: Node) -> str:
    """Put a style's marks around a text, inside its outer spaces, where Markdown wants them."""
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: text.index(inner[0])], text[len(text.rstrip()) :]
    for name, mark in _STYLE_MARKS:
        if style.get(name):
            inner = f"{mark}{inner}{mark}"
    return f"{before}{inner}{after}"
