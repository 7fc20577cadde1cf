"""What a person wrote in a message, as Markdown: their bold, lists and code survive the way here.

Slack sends a typed message twice, as mrkdwn `text` and as a rich_text block. The block says
exactly what was meant, so it is read first; the text only where there is no block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Node = Mapping[str, Any]

_TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")

_MARKS = (("code", "`"), ("strike", "~~"), ("italic", "_"), ("bold", "**"))


def text_of(message: Node) -> str:
    """Return what a message says, as Markdown."""
    blocks = message.get("blocks") or []
    if blocks and all(map(_is_known, blocks)):
        return "\n".join(map(_rich, blocks))
    return unescaped(str(message.get("text") or ""))


def unescaped(text: str) -> str:
    """Return mrkdwn as it was typed: `<url|label>` is its label, `&amp;` an ampersand.

    Slack escapes exactly `&`, `<` and `>` in what it sends.
    """
    plain = _TOKEN.sub(lambda found: found[2] or found[1], text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _is_known(block: Node) -> bool:
    return block.get("type") == "rich_text" and all(
        element.get("type") in _ELEMENTS for element in block["elements"]
    )


def _rich(block: Node) -> str:
    return "\n".join(_ELEMENTS[element["type"]](element) for element in block["elements"])


def _section(element: Node) -> str:
    return _line(element["elements"]).removesuffix("\n")


def _preformatted(element: Node) -> str:
    code = "".join(str(leaf.get("text", leaf.get("url", ""))) for leaf in element["elements"])
    return f"```\n{code.strip(chr(10))}\n```"


def _quote(element: Node) -> str:
    return "\n".join(f"> {line}" for line in _line(element["elements"]).split("\n"))


def _list(element: Node) -> str:
    indent = "   " * int(element.get("indent", 0))
    start = int(element.get("offset", 0)) + 1
    ordered = element.get("style") == "ordered"
    items = [_line(item["elements"]) for item in element["elements"]]
    marks = [f"{start + number}." if ordered else "-" for number in range(len(items))]
    return "\n".join(f"{indent}{mark} {item}" for mark, item in zip(marks, items, strict=True))


_ELEMENTS: dict[str, Callable[[Node], str]] = {
    "rich_text_section": _section,
    "rich_text_preformatted": _preformatted,
    "rich_text_quote": _quote,
    "rich_text_list": _list,
}


def _line(leaves: Sequence[Node]) -> str:
    return "".join(_styled(_leaf(leaf), leaf.get("style") or {}) for leaf in leaves)


_NAMED = {
    "user": ("@", "user_id"),
    "usergroup": ("@", "usergroup_id"),
    "channel": ("#", "channel_id"),
    "broadcast": ("@", "range"),
    "color": ("", "value"),
    "date": ("", "fallback"),
}
"""Leaves that say something other than `text`: the sign before it, and where it is."""


def _leaf(leaf: Node) -> str:
    kind = str(leaf.get("type", ""))
    if kind == "link":
        return _link(leaf)
    if kind == "emoji":
        return _emoji(leaf)
    sign, key = _NAMED.get(kind, ("", "text"))
    return f"{sign}{leaf.get(key, '')}"


def _link(leaf: Node) -> str:
    label, url = leaf.get("text"), str(leaf.get("url", ""))
    return f"[{label}]({url})" if label and label != url else url


def _emoji(leaf: Node) -> str:
    codes = str(leaf.get("unicode") or "")
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("-")) if codes else _name(leaf)
    except ValueError:
        return _name(leaf)


def _name(leaf: Node) -> str:
    return f":{leaf.get('name', '')}:"


def _styled(text: str, style: Node) -> str:
    """Put a style's marks around a text, inside its outer spaces, where Markdown wants them."""
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: text.index(inner[0])], text[len(text.rstrip()) :]
    for name, mark in _MARKS:
        if style.get(name):
            inner = f"{mark}{inner}{mark}"
    return f"{before}{inner}{after}"
