"""Rich text as people type it with marks (*bold*, `code`, - lists), and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from bot.sandbox.typed import Names, as_rich_text
from bot.sandbox.wire import Json, as_list, as_object

_STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
_MARKED = re.compile(
    r"<(?P<url>https?://[^\s<>|]+)\|(?P<label>[^<>]+)>"
    r"|(?<![\w*_~`])(?P<mark>[*_~`])(?P<inside>\S(?:[^\n]*?\S)?)(?P=mark)(?!\w)"
)
_LINES = (
    ("bullet", re.compile(r"\s*[-•*]\s+(.*)")),
    ("ordered", re.compile(r"\s*\d+[.)]\s+(.*)")),
    ("quote", re.compile(r"\s*>\s?(.*)")),
)
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)


def rich_from_markup(text: str, block_id: str, names: Names) -> Json:
    """Return the rich text block that a rich text input holds after `text` was typed into it.

    `names` are those of people who can be mentioned with an @.
    """
    elements: list[Json] = []
    for index, part in enumerate(_FENCE.split(text)):
        if index % 2:
            code = {"type": "text", "text": part}
            elements.append({"type": "rich_text_preformatted", "elements": [code]})
        elif part.strip("\n"):
            elements += _paragraphs(part.strip("\n"), names)
    return {"type": "rich_text", "block_id": block_id, "elements": elements}


def _paragraphs(text: str, names: Names) -> Iterator[Json]:
    lines = [_line(line) for line in text.split("\n")]
    for kind, group in groupby(lines, key=lambda line: line[0]):
        inside = [words for _kind, words in group]
        if kind in {"bullet", "ordered"}:
            items = [_section(_leaves(words, names)) for words in inside]
            yield {"type": "rich_text_list", "style": kind, "elements": items}
        else:
            section = _section(_leaves("\n".join(inside), names))
            yield section | ({"type": "rich_text_quote"} if kind == "quote" else {})


def _line(line: str) -> tuple[str, str]:
    for kind, pattern in _LINES:
        found = pattern.fullmatch(line)
        if found:
            return kind, found[1]
    return "text", line


def _section(leaves: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": leaves}


def _leaves(text: str, names: Names, style: Mapping[str, bool] | None = None) -> list[Json]:
    leaves: list[Json] = []
    start = 0
    for found in _MARKED.finditer(text):
        leaves += _plain(text[start : found.start()], names, style)
        start = found.end()
        if found["url"]:
            link = {"type": "link", "url": found["url"], "text": found["label"]}
            leaves.append(_styled(link, style))
        else:
            deeper = {**(style or {}), _STYLES[found["mark"]]: True}
            leaves += _leaves(found["inside"], names, deeper)
    return leaves + _plain(text[start:], names, style)


def _plain(text: str, names: Names, style: Mapping[str, bool] | None) -> list[Json]:
    if not text:
        return []
    section = as_list(as_rich_text(text, "", names)["elements"])[0]
    return [_styled(leaf, style) for leaf in as_list(section["elements"])]


def _styled(leaf: Json, style: Mapping[str, bool] | None) -> Json:
    return leaf | {"style": dict(style)} if style else leaf


def markup_from_rich(block: object, name: Mapping[str, str]) -> str:
    """Return what somebody would have typed to make the rich text `block`.

    `name` holds the names of people by their ids.
    """
    parts = [_typed(one, name) for one in as_list(as_object(block).get("elements"))]
    return "\n".join(parts)


def _typed(element: Json, name: Mapping[str, str]) -> str:
    kind = element.get("type")
    inside = as_list(element.get("elements"))
    if kind == "rich_text_list":
        start = "1. " if element.get("style") == "ordered" else "- "
        return "\n".join(start + _typed(item, name) for item in inside)
    words = "".join(_typed_leaf(leaf, name) for leaf in inside)
    if kind == "rich_text_preformatted":
        return f"```\n{words}\n```"
    if kind == "rich_text_quote":
        return "\n".join(f"> {line}" for line in words.split("\n"))
    return words


def _typed_leaf(leaf: Json, name: Mapping[str, str]) -> str:
    words = _bare(leaf, name)
    style: dict[str, Any] = as_object(leaf.get("style"))
    for mark, flag in _STYLES.items():
        words = f"{mark}{words}{mark}" if style.get(flag) else words
    return words


def _bare(leaf: Json, name: Mapping[str, str]) -> str:
    if leaf.get("type") == "user":
        return f"@{name.get(str(leaf.get('user_id')), leaf.get('user_id'))}"
    if leaf.get("type") == "link":
        url, text = str(leaf.get("url")), leaf.get("text")
        return f"<{url}|{text}>" if text and text != url else url
    return str(leaf.get("text") or f":{leaf.get('name')}:")
