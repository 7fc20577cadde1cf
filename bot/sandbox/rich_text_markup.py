"""Conversion between typed markup (*bold*, `code`, - lists) and rich text blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from .composer_text import UserIdByName, to_rich_text_block
from .json_codec import Json, as_list, as_object

_STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
_INLINE_MARK = re.compile(
    r"<(?P<url>https?://[^\s<>|]+)\|(?P<label>[^<>]+)>"
    r"|(?<![\w*_~`])(?P<mark>[*_~`])(?P<inside>\S(?:[^\n]*?\S)?)(?P=mark)(?!\w)"
)
_LINE_PATTERNS = (
    ("bullet", re.compile(r"\s*[-•*]\s+(.*)")),
    ("ordered", re.compile(r"\s*\d+[.)]\s+(.*)")),
    ("quote", re.compile(r"\s*>\s?(.*)")),
)
_CODE_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)


def markup_to_rich_text(text: str, block_id: str, user_ids: UserIdByName) -> Json:
    """Return the rich_text block of a rich text input into which `text` was typed.

    `user_ids` are the ids of the users who can be mentioned with an @, by name.
    """
    elements: list[Json] = []
    for index, part in enumerate(_CODE_FENCE.split(text)):
        if index % 2:
            code = {"type": "text", "text": part}
            elements.append({"type": "rich_text_preformatted", "elements": [code]})
        elif part.strip("\n"):
            elements += _parse_paragraphs(part.strip("\n"), user_ids)
    return {"type": "rich_text", "block_id": block_id, "elements": elements}


def _parse_paragraphs(text: str, user_ids: UserIdByName) -> Iterator[Json]:
    lines = [_classify_line(line) for line in text.split("\n")]
    for kind, group in groupby(lines, key=lambda line: line[0]):
        texts = [text for _kind, text in group]
        if kind in {"bullet", "ordered"}:
            items = [_build_section(_parse_inline(item, user_ids)) for item in texts]
            yield {"type": "rich_text_list", "style": kind, "elements": items}
        else:
            section = _build_section(_parse_inline("\n".join(texts), user_ids))
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
    text: str, user_ids: UserIdByName, style: Mapping[str, bool] | None = None
) -> list[Json]:
    leaves: list[Json] = []
    start = 0
    for match in _INLINE_MARK.finditer(text):
        leaves += _parse_plain(text[start : match.start()], user_ids, style)
        start = match.end()
        if match["url"]:
            link = {"type": "link", "url": match["url"], "text": match["label"]}
            leaves.append(_with_style(link, style))
        else:
            nested_style = {**(style or {}), _STYLES[match["mark"]]: True}
            leaves += _parse_inline(match["inside"], user_ids, nested_style)
    return leaves + _parse_plain(text[start:], user_ids, style)


def _parse_plain(text: str, user_ids: UserIdByName, style: Mapping[str, bool] | None) -> list[Json]:
    if not text:
        return []
    section = as_list(to_rich_text_block(text, "", user_ids)["elements"])[0]
    return [_with_style(leaf, style) for leaf in as_list(section["elements"])]


def _with_style(leaf: Json, style: Mapping[str, bool] | None) -> Json:
    return leaf | {"style": dict(style)} if style else leaf


def rich_text_to_markup(block: object, names_by_id: Mapping[str, str]) -> str:
    """Return the markup that produces the rich text `block`; `names_by_id` are user names."""
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
    if leaf.get("type") == "user":
        return f"@{names_by_id.get(str(leaf.get('user_id')), leaf.get('user_id'))}"
    if leaf.get("type") == "link":
        url, text = str(leaf.get("url")), leaf.get("text")
        return f"<{url}|{text}>" if text and text != url else url
    return str(leaf.get("text") or f":{leaf.get('name')}:")
