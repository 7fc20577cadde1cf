"""Markdown, as models write it, rendered as elements of a rich_text block.

Links and images are shown as their text followed by their URL, so that nothing is a live link.
Tables become aligned preformatted text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Unpack

from markdown_it.tree import SyntaxTreeNode

from bot.slack.blockkit.blocks import rich_text_section, styled_text, text_element
from bot.slack.blockkit.markdown_parser import build_parser
from bot.slack.blockkit.text_table import format_table
from bot.slack.blockkit.types import (
    InlineElement,
    ListOffset,
    RichTextElement,
    RichTextList,
    RichTextPreformatted,
    RichTextSection,
    TextElement,
    TextStyle,
)

MAX_LIST_INDENT = 8
"""Deepest list indent that Slack accepts."""


_MARKDOWN = build_parser()

URL_MARKS = (":", "/", ".", "#")
"""Marks of a URL. `f[i](x)` is code, not a link."""


def render_markdown(text: str) -> list[RichTextElement]:
    """Render Markdown as elements of a rich_text block; none for a blank text."""
    tree = SyntaxTreeNode(_MARKDOWN.parse(text))
    elements = [element for node in tree.children for element in _render_block(node)]
    for before, after in pairwise(elements):
        if before["type"] == after["type"] == "rich_text_section":
            before["elements"].append(text_element("\n"))
    return elements


def _render_block(node: SyntaxTreeNode) -> Iterator[RichTextElement]:
    """Render one Markdown block; an unknown type is shown as its source text."""
    yield from _BLOCK_RENDERERS.get(node.type, _render_source)(node)


def _render_source(node: SyntaxTreeNode) -> Iterator[RichTextElement]:
    if node.children:
        for child in node.children:
            yield from _render_block(child)
    elif node.content:
        yield rich_text_section([text_element(node.content)])


def _render_paragraph(node: SyntaxTreeNode) -> Iterator[RichTextElement]:
    elements = _inline_elements(node)
    if elements:
        yield rich_text_section(elements)


def _render_heading(node: SyntaxTreeNode) -> Iterator[RichTextElement]:
    elements = _inline_elements(node, bold=True)
    if elements:
        yield rich_text_section(elements)


def _render_code(node: SyntaxTreeNode) -> Iterator[RichTextElement]:
    if node.info.strip():
        yield rich_text_section([text_element(node.info.strip(), italic=True)])
    yield _preformatted_block(node.content.removesuffix("\n") or " ")


def _preformatted_block(text: str) -> RichTextPreformatted:
    return {"type": "rich_text_preformatted", "elements": [text_element(text)]}


def _render_rule(_node: SyntaxTreeNode) -> Iterator[RichTextElement]:
    yield rich_text_section([text_element("———")])


def _render_quote(node: SyntaxTreeNode) -> Iterator[RichTextElement]:
    elements = _join_blocks(node.children)
    if elements:
        yield {"type": "rich_text_quote", "elements": elements}


def _flatten_block(node: SyntaxTreeNode) -> Sequence[InlineElement]:
    """Render a block inside a quote, in which Slack allows only text."""
    if node.type in ("fence", "code_block"):
        return [text_element(f"{node.info}\n{node.content}".strip("\n") or " ", code=True)]
    if node.type in ("paragraph", "heading"):
        return _inline_elements(node)
    if node.type == "list_item":
        mark = f"{node.info}{node.markup} " if node.info else "• "
        return [text_element(mark), *_join_blocks(node.children)]
    if node.type == "table":
        return [text_element(_format_table_node(node), code=True)]
    return _join_blocks(node.children)


def _join_blocks(nodes: Sequence[SyntaxTreeNode]) -> list[InlineElement]:
    newline = text_element("\n")
    return [element for node in nodes for element in (*_flatten_block(node), newline)][:-1]


def _render_list(node: SyntaxTreeNode, depth: int = 0) -> Iterator[RichTextElement]:
    """Render a list. Code and nested lists, which no list item can hold, split it into parts.

    So do numbers that do not follow each other: they are shown as they are written.
    """
    ordered = node.type == "ordered_list"
    items: list[RichTextSection] = []
    first = number = 1
    for item in node.children:
        written = int(item.info) if ordered else number
        if items and written != number:
            yield _list_element(items, ordered=ordered, depth=depth, offset=first - 1)
            items = []
        first = first if items else written
        number = written + 1
        elements, rest = _split_list_item(item)
        items.append(rich_text_section(elements))
        if rest:
            yield _list_element(items, ordered=ordered, depth=depth, offset=first - 1)
            items = []
            for child in rest:
                is_list = child.type in ("bullet_list", "ordered_list")
                yield from _render_list(child, depth + 1) if is_list else _render_block(child)
    if items:
        yield _list_element(items, ordered=ordered, depth=depth, offset=first - 1)


def _list_element(
    items: list[RichTextSection], *, ordered: bool, depth: int, offset: int
) -> RichTextList:
    list_offset: ListOffset = {"offset": offset} if ordered and offset > 0 else {}
    return {
        "type": "rich_text_list",
        "style": "ordered" if ordered else "bullet",
        "indent": min(depth, MAX_LIST_INDENT),
        **list_offset,
        "elements": items,
    }


def _split_list_item(item: SyntaxTreeNode) -> tuple[list[InlineElement], list[SyntaxTreeNode]]:
    """Return the leading paragraphs of an item as text elements, and the blocks after them."""
    elements: list[InlineElement] = []
    children = list(item.children)
    while children and children[0].type == "paragraph":
        if elements:
            elements.append(text_element("\n"))
        elements.extend(_inline_elements(children.pop(0)))
    return elements, children


def _render_table(node: SyntaxTreeNode) -> Iterator[RichTextElement]:
    yield _preformatted_block(_format_table_node(node))


def _format_table_node(table: SyntaxTreeNode) -> str:
    rows = [
        [
            "".join(element["text"] for element in _inline_elements(cell)).replace("\n", " ")
            for cell in row
        ]
        for part in table.children
        for row in (line.children for line in part.children)
    ]
    return format_table(
        rows, [_cell_alignment(cell) for cell in table.children[0].children[0].children]
    )


def _cell_alignment(cell: SyntaxTreeNode) -> str:
    return str(cell.attrs.get("style", "")).removeprefix("text-align:")


_BLOCK_RENDERERS: dict[str, Callable[[SyntaxTreeNode], Iterator[RichTextElement]]] = {
    "paragraph": _render_paragraph,
    "heading": _render_heading,
    "fence": _render_code,
    "code_block": _render_code,
    "blockquote": _render_quote,
    "bullet_list": _render_list,
    "ordered_list": _render_list,
    "table": _render_table,
    "hr": _render_rule,
}


def _inline_elements(node: SyntaxTreeNode, **style: Unpack[TextStyle]) -> list[TextElement]:
    """Render inline content; adjacent text elements of the same style are joined."""
    joined: list[TextElement] = []
    for element in _styled_elements(node, style):
        if joined and joined[-1].get("style") == element.get("style"):
            joined[-1] = {**element, "text": joined[-1]["text"] + element["text"]}
        elif element["text"]:
            joined.append(element)
    return joined


_STYLES: dict[str, TextStyle] = {
    "strong": {"bold": True},
    "em": {"italic": True},
    "s": {"strike": True},
}
_NO_STYLE: TextStyle = {}
_BREAKS = ("softbreak", "hardbreak")


def _styled_elements(node: SyntaxTreeNode, style: TextStyle) -> Iterator[TextElement]:
    if node.type == "code_inline":
        yield styled_text(node.content, {**style, "code": True})
    elif node.type in _BREAKS:
        yield styled_text("\n", style)
    elif node.type == "image":
        yield styled_text(_describe_image(node), style)
    elif node.type == "text":
        yield styled_text(node.content, style)
    elif node.type == "link":
        yield from _render_link(node, style)
    else:
        yield from _render_children(node, {**style, **_STYLES.get(node.type, _NO_STYLE)})


def _render_children(node: SyntaxTreeNode, style: TextStyle) -> Iterator[TextElement]:
    for child in node.children:
        yield from _styled_elements(child, style)


def _render_link(link: SyntaxTreeNode, style: TextStyle) -> Iterator[TextElement]:
    """Render a link as its text and its URL; what has no URL as it is written."""
    target = _url_with_title(link, "href")
    if _is_url(link, "href"):
        yield from _render_children(link, style)
        yield styled_text(f" ({target})", style)
    else:
        yield styled_text("[", style)
        yield from _render_children(link, style)
        yield styled_text(f"]({target})", style)


def _describe_image(image: SyntaxTreeNode) -> str:
    target = _url_with_title(image, "src")
    is_url = _is_url(image, "src")
    return f"{image.content} ({target})" if is_url else f"![{image.content}]({target})"


def _is_url(node: SyntaxTreeNode, key: str) -> bool:
    return any(mark in str(node.attrs.get(key, "")) for mark in URL_MARKS)


def _url_with_title(node: SyntaxTreeNode, key: str) -> str:
    title = node.attrs.get("title")
    return f"{node.attrs.get(key, '')} {title or ''}".strip()
