"""Markdown as models write it, drawn as Slack's rich text: bold, lists, code; never a live link.

The text of a link is followed by its address, both plain. Images show their words and address.
Tables become aligned preformatted text. Nothing of the text is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.slack.blockkit.text_table import format_table

TextElement: TypeAlias = dict[str, Any]
Element: TypeAlias = dict[str, Any]

MAX_LIST_INDENT = 8
"""Slack's deepest list indent."""

MAX_TEXT_ELEMENTS = 1_000
"""Beyond this a text is nearly all marks, and a view of it would pass Slack's 250 kB."""

MAX_TABLE_CELLS = 10_000
"""Cells of a table that are still drawn: Markdown gives every row as many as the head has."""

MAX_ADDED_CHARACTERS = 2_000
"""Characters that formatting may add to twice a text: wide tables are filled up with spaces."""


class _LiteralLinkMarkdown(MarkdownIt):
    """Markdown whose addresses stay as they were written: they are shown, never followed."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        """Return the address of a link."""
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the library's name
        """Return the address of a link that has no other words."""
        return link


# References are switched off because CommonMark drops their definitions from the text, entities
# and raw HTML because what a model wrote should be seen as it wrote it.
_MARKDOWN = _LiteralLinkMarkdown("commonmark", {"html": False}).enable(["table", "strikethrough"])
_MARKDOWN.disable(["reference", "entity"])

_WORD_PATTERN = re.compile(r"[^\W_]+")
_MARKER_PATTERN = re.compile(r"^(?:[ \t>*+-]|\d{1,9}[.)](?=[ \t]|$))+", re.MULTILINE)


def rich_text(text: str, *, title: str = "", markdown: bool = True, block_id: str) -> Element:
    """Return one rich_text block with a bold title and the text."""
    heading = [_section([_text_element(title, bold=True)])] if title else []
    body = (_render_if_lossless(text) if markdown else []) or _plain_elements(text)
    return {"type": "rich_text", "block_id": block_id, "elements": [*heading, *body]}


def plain_rich_text(text: str) -> Element:
    """Return a sentence as a rich_text block, as it is.

    Every message of ours holds rich text, because Slack does not let one with rich text be replaced
    by one without (`block_mismatch`).
    """
    return {"type": "rich_text", "elements": _plain_elements(text)}


def _render_if_lossless(text: str) -> list[Element]:
    """Return the text drawn; nothing if that would drop a word, or swell beyond what Slack takes.

    Markdown itself drops words: cells without a column, and what is nested too deep.
    """
    lines = text.splitlines()
    if max((line.count("|") for line in lines), default=0) * len(lines) > MAX_TABLE_CELLS:
        return []
    try:
        elements = render_markdown(text)
    except RecursionError:
        return []
    texts = list(_texts_of(elements))
    is_too_large = (
        len(texts) > MAX_TEXT_ELEMENTS
        or sum(map(len, texts)) > 2 * len(text) + MAX_ADDED_CHARACTERS
    )
    return [] if is_too_large or not _has_all_words(text, texts) else elements


def _texts_of(elements: Iterable[Element]) -> Iterator[str]:
    for element in elements:
        if "elements" in element:
            yield from _texts_of(element["elements"])
        else:
            yield element["text"]


def _has_all_words(text: str, texts: Iterable[str]) -> bool:
    """Say whether every word is told, in order. Slack itself numbers the items of a list."""
    shown_words = (word for part in texts for word in _WORD_PATTERN.findall(part))
    return all(word in shown_words for word in _WORD_PATTERN.findall(_MARKER_PATTERN.sub("", text)))


def render_markdown(text: str) -> list[Element]:
    """Return a Markdown text as the elements of a rich_text block; none for a blank text."""
    tree = SyntaxTreeNode(_MARKDOWN.parse(text.replace("\x00", "\N{REPLACEMENT CHARACTER}")))
    elements = [element for node in tree.children for element in _render_block(node)]
    for before, after in pairwise(elements):
        if before["type"] == after["type"] == "rich_text_section":
            before["elements"].append(_text_element("\n"))
    return elements


def _plain_elements(text: str) -> list[Element]:
    return [
        _section([_text_element(text) if text.strip() else _text_element("(empty)", italic=True)])
    ]


def _text_element(text: str, **style: bool) -> TextElement:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _section(leaves: Sequence[TextElement]) -> Element:
    return {"type": "rich_text_section", "elements": list(leaves) or [_text_element(" ")]}


def _render_block(node: SyntaxTreeNode) -> Iterator[Element]:
    """Draw one block; one that nobody foresaw is shown as its own source text."""
    yield from _BLOCK_RENDERERS.get(node.type, _render_source)(node)


def _render_source(node: SyntaxTreeNode) -> Iterator[Element]:
    if node.children:
        for child in node.children:
            yield from _render_block(child)
    elif node.content:
        yield _section([_text_element(node.content)])


def _render_paragraph(node: SyntaxTreeNode) -> Iterator[Element]:
    leaves = _inline_elements(node)
    if leaves:
        yield _section(leaves)


def _render_heading(node: SyntaxTreeNode) -> Iterator[Element]:
    leaves = _inline_elements(node, bold=True)
    if leaves:
        yield _section(leaves)


def _render_code(node: SyntaxTreeNode) -> Iterator[Element]:
    if node.info.strip():
        yield _section([_text_element(node.info.strip(), italic=True)])
    yield _preformatted(node.content.rstrip("\n") or " ")


def _preformatted(text: str) -> Element:
    return {"type": "rich_text_preformatted", "elements": [_text_element(text)]}


def _render_rule(_node: SyntaxTreeNode) -> Iterator[Element]:
    yield _section([_text_element("———")])


def _render_quote(node: SyntaxTreeNode) -> Iterator[Element]:
    lines = [
        leaf for child in node.children for leaf in (*_flatten_block(child), _text_element("\n"))
    ]
    if lines:
        yield {"type": "rich_text_quote", "elements": lines[:-1]}


def _flatten_block(node: SyntaxTreeNode) -> list[TextElement]:
    """Draw a block inside a quote, where Slack allows nothing but text."""
    if node.type in ("fence", "code_block"):
        return [_text_element(f"{node.info}\n{node.content}".strip("\n") or " ", code=True)]
    if node.type in ("paragraph", "heading"):
        return _inline_elements(node)
    if node.type == "list_item":
        mark = f"{node.info}{node.markup} " if node.info else "• "
        return [_text_element(mark), *_join_blocks(node.children)]
    if node.type == "table":
        return [_text_element(_format_table_node(node), code=True)]
    return _join_blocks(node.children)


def _join_blocks(nodes: Sequence[SyntaxTreeNode]) -> list[TextElement]:
    lines = [leaf for node in nodes for leaf in (*_flatten_block(node), _text_element("\n"))]
    return lines[:-1]


def _render_list(node: SyntaxTreeNode, depth: int = 0) -> Iterator[Element]:
    """Draw a list; what no item can hold (code, a deeper list) stands between its parts."""
    ordered = node.type == "ordered_list"
    offset = int(node.attrs.get("start", 1)) - 1 if ordered else 0
    items: list[Element] = []
    for item in node.children:
        leaves, rest = _split_list_item(item)
        items.append(_section(leaves))
        if rest:
            yield _list_element(items, ordered=ordered, depth=depth, offset=offset)
            offset += len(items)
            items = []
            for child in rest:
                is_list = child.type in ("bullet_list", "ordered_list")
                yield from _render_list(child, depth + 1) if is_list else _render_block(child)
    if items:
        yield _list_element(items, ordered=ordered, depth=depth, offset=offset)


def _list_element(items: list[Element], *, ordered: bool, depth: int, offset: int) -> Element:
    return {
        "type": "rich_text_list",
        "style": "ordered" if ordered else "bullet",
        "indent": min(depth, MAX_LIST_INDENT),
        **({"offset": offset} if ordered and offset > 0 else {}),
        "elements": items,
    }


def _split_list_item(item: SyntaxTreeNode) -> tuple[list[TextElement], list[SyntaxTreeNode]]:
    """Return an item's leading paragraphs as leaves, and the blocks behind them."""
    leaves: list[TextElement] = []
    children = list(item.children)
    while children and children[0].type == "paragraph":
        if leaves:
            leaves.append(_text_element("\n"))
        leaves.extend(_inline_elements(children.pop(0)))
    return leaves, children


def _render_table(node: SyntaxTreeNode) -> Iterator[Element]:
    yield _preformatted(_format_table_node(node))


def _format_table_node(table: SyntaxTreeNode) -> str:
    rows = [
        [
            "".join(leaf["text"] for leaf in _inline_elements(cell)).replace("\n", " ")
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


_BLOCK_RENDERERS: dict[str, Callable[[SyntaxTreeNode], Iterator[Element]]] = {
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


def _inline_elements(node: SyntaxTreeNode, **style: bool) -> list[TextElement]:
    """Draw what stands in a line, with the styles around it, neighbours of one style joined."""
    joined: list[TextElement] = []
    for leaf in _styled_elements(node, style):
        if joined and joined[-1].get("style") == leaf.get("style"):
            joined[-1] = {**leaf, "text": joined[-1]["text"] + leaf["text"]}
        elif leaf["text"]:
            joined.append(leaf)
    return joined


_STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
_BREAKS = ("softbreak", "hardbreak")


def _styled_elements(node: SyntaxTreeNode, style: dict[str, bool]) -> Iterator[TextElement]:
    if node.type == "code_inline":
        yield _text_element(node.content, **style, code=True)
    elif node.type in _BREAKS:
        yield _text_element("\n", **style)
    elif node.type == "image":
        yield _text_element(f"{node.content} ({_address_with_title(node, 'src')})", **style)
    elif node.type == "text":
        yield _text_element(node.content, **style)
    else:
        inner = {**style, _STYLES[node.type]: True} if node.type in _STYLES else style
        for child in node.children:
            yield from _styled_elements(child, inner)
        if node.type == "link":
            yield from _link_address(node, style)


def _link_address(link: SyntaxTreeNode, style: dict[str, bool]) -> Iterator[TextElement]:
    """Show where a link leads, unless its text is the address itself."""
    address = _address_with_title(link, "href")
    if address and link.info != "auto":
        yield _text_element(f" ({address})", **style)


def _address_with_title(node: SyntaxTreeNode, key: str) -> str:
    title = node.attrs.get("title")
    return f"{node.attrs.get(key, '')} {title or ''}".strip()
