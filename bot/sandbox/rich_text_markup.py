"""Conversion between typed markup (*bold*, `code`, - lists) and rich text blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from .composer_text import Mentions, split_typed_text
from .json_codec import Json, as_list, as_object
from .typed_links import typed_text

_STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
_INLINE_MARK = re.compile(
    r"<(?P<url>https?://[^\s<>|]+)\|(?P<label>[^<>]+)>"
    r"|(?<![\w*_~`])(?P<mark>[*_~`])(?P<inside>(?!(?P=mark))\S(?:[^\n]*?\S)?)(?P=mark)(?![\w*_~`])"
)
_LINE_PATTERNS = (
    ("bullet", re.compile(r"\s*[-•*]\s+(.*)")),
    ("ordered", re.compile(r"\s*\d+[.)]\s+(.*)")),
    ("quote", re.compile(r"\s*>\s?(.*)")),
)
_MENTION_KEYS = {"user": "user_id", "channel": "channel_id", "usergroup": "usergroup_id"}
_CODE_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)


def markup_to_rich_text(text: str, block_id: str, mentions: Mentions) -> Json:
    """Return the rich_text block of a rich text input into which `text` was typed.

    `mentions` is what can be mentioned with an @ or a #.
    """
    elements: list[Json] = []
    for index, part in enumerate(_CODE_FENCE.split(text)):
        if index % 2:
            code = {"type": "text", "text": part}
            elements.append({"type": "rich_text_preformatted", "elements": [code]})
        elif part.strip("\n"):
            elements += _parse_paragraphs(part.strip("\n"), mentions)
    return {"type": "rich_text", "block_id": block_id, "elements": elements}


def _parse_paragraphs(text: str, mentions: Mentions) -> Iterator[Json]:
    lines = [_classify_line(line) for line in text.split("\n")]
    for kind, group in groupby(lines, key=lambda line: line[0]):
        texts = [text for _kind, text in group]
        if kind in {"bullet", "ordered"}:
            items = [_build_section(_parse_inline(item, mentions)) for item in texts]
            yield {"type": "rich_text_list", "style": kind, "elements": items}
        else:
            section = _build_section(_parse_inline("\n".join(texts), mentions))
            yield section | ({"type": "rich_text_quote"} if kind == "quote" else {})


def _classify_line(line: str) -> tuple[str, str]:
    for kind, pattern in _LINE_PATTERNS:
        match = pattern.fullmatch(line)
        if match:
            return kind, match[1]
    return "text", line


def _build_section(leaves: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": leaves}


def _parse_inline(
    text: str, mentions: Mentions, style: Mapping[str, bool] | None = None
) -> list[Json]:
    leaves: list[Json] = []
    start = 0
    for match in _INLINE_MARK.finditer(text):
        leaves += _parse_plain(text[start : match.start()], mentions, style)
        start = match.end()
        if match["url"]:
            link = {"type": "link", "url": match["url"], "text": match["label"]}
            leaves.append(_with_style(link, style))
        else:
            nested_style = {**(style or {}), _STYLES[match["mark"]]: True}
            leaves += _parse_inline(match["inside"], mentions, nested_style)
    return leaves + _parse_plain(text[start:], mentions, style)


def _parse_plain(text: str, mentions: Mentions, style: Mapping[str, bool] | None) -> list[Json]:
    if not text:
        return []
    if style and style.get("code"):
        return [_with_style({"type": "text", "text": text}, style)]
    return [_with_style(part.element, style) for part in split_typed_text(text, mentions)]


def _with_style(leaf: Json, style: Mapping[str, bool] | None) -> Json:
    return leaf | {"style": dict(style)} if style else leaf


def rich_text_to_markup(block: object, names_by_id: Mapping[str, str]) -> str:
    """Return the markup that produces the rich text `block`; `names_by_id` are names."""
    parts = [
        _element_to_markup(element, names_by_id)
        for element in as_list(as_object(block).get("elements"))
    ]
    return "\n".join(parts)


def _element_to_markup(element: Json, names_by_id: Mapping[str, str]) -> str:
    kind = element.get("type")
    children = as_list(element.get("elements"))
    if kind == "rich_text_list":
        bullet = "1. " if element.get("style") == "ordered" else "- "
        return "\n".join(bullet + _element_to_markup(item, names_by_id) for item in children)
    text = "".join(_leaf_to_markup(leaf, names_by_id) for leaf in children)
    if kind == "rich_text_preformatted":
        return f"```\n{text}\n```"
    if kind == "rich_text_quote":
        return "\n".join(f"> {line}" for line in text.split("\n"))
    return text


def _leaf_to_markup(leaf: Json, names_by_id: Mapping[str, str]) -> str:
    text = _leaf_to_text(leaf, names_by_id)
    style: dict[str, Any] = as_object(leaf.get("style"))
    for mark, flag in _STYLES.items():
        text = f"{mark}{text}{mark}" if style.get(flag) else text
    return text


def _leaf_to_text(leaf: Json, names_by_id: Mapping[str, str]) -> str:
    kind = str(leaf.get("type"))
    if kind in _MENTION_KEYS:
        object_id = str(leaf.get(_MENTION_KEYS[kind]))
        return names_by_id.get(object_id, object_id)
    if kind == "link":
        return typed_text(leaf) or f"<{leaf.get('url')}|{leaf.get('text')}>"
    if kind == "broadcast":
        return f"@{leaf.get('range')}"
    return str(leaf.get("text") or _emoji_label(leaf))


def _emoji_label(leaf: Json) -> str:
    label = f":{leaf.get('name')}:"
    return f"{label}:skin-tone-{leaf['skin_tone']}:" if "skin_tone" in leaf else label
