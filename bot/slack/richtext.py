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

from bot.slack.tabling import aligned

Leaf: TypeAlias = dict[str, Any]
Element: TypeAlias = dict[str, Any]

DEEPEST = 8
"""Slack's deepest list indent."""

MOST_LEAVES = 1_000
"""Beyond this a text is nearly all marks, and a view of it would pass Slack's 250 kB."""

MOST_CELLS = 10_000
"""Cells of a table that are still drawn: Markdown gives every row as many as the head has."""

SWELLS = 2_000
"""Characters that formatting may add to twice a text: wide tables are filled up with spaces."""


class _AsWritten(MarkdownIt):
    """Markdown whose addresses stay as they were written: they are shown, never followed."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        """Return the address of a link."""
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the library's name
        """Return the address of a link that has no other words."""
        return link


# References are switched off because CommonMark drops their definitions from the text, entities
# and raw HTML because what a model wrote should be seen as it wrote it.
_MARKDOWN = _AsWritten("commonmark", {"html": False}).enable(["table", "strikethrough"])
_MARKDOWN.disable(["reference", "entity"])

_WORD = re.compile(r"[^\W_]+")
_MARKERS = re.compile(r"^(?:[ \t>*+-]|\d{1,9}[.)](?=[ \t]|$))+", re.MULTILINE)


def rich_text(text: str, *, title: str = "", markdown: bool = True, block_id: str) -> Element:
    """Return one rich_text block with a bold title and the text."""
    heading = [_section([_leaf(title, bold=True)])] if title else []
    body = (_formatted(text) if markdown else []) or _as_it_is(text)
    return {"type": "rich_text", "block_id": block_id, "elements": [*heading, *body]}


def words(text: str) -> Element:
    """Return a sentence as a rich_text block, as it is.

    Every message of ours holds rich text, because Slack does not let one with rich text be replaced
    by one without (`block_mismatch`).
    """
    return {"type": "rich_text", "elements": _as_it_is(text)}


def _formatted(text: str) -> list[Element]:
    """Return the text drawn; nothing if that would drop a word, or swell beyond what Slack takes.

    Markdown itself drops words: cells without a column, and what is nested too deep.
    """
    lines = text.splitlines()
    if max((line.count("|") for line in lines), default=0) * len(lines) > MOST_CELLS:
        return []
    try:
        elements = drawn(text)
    except RecursionError:
        return []
    told = list(_told(elements))
    swollen = len(told) > MOST_LEAVES or sum(map(len, told)) > 2 * len(text) + SWELLS
    return [] if swollen or not _says_all(text, told) else elements


def _told(elements: Iterable[Element]) -> Iterator[str]:
    for element in elements:
        if "elements" in element:
            yield from _told(element["elements"])
        else:
            yield element["text"]


def _says_all(text: str, told: Iterable[str]) -> bool:
    """Say whether every word is told, in order. Slack itself numbers the items of a list."""
    words_told = (word for part in told for word in _WORD.findall(part))
    return all(word in words_told for word in _WORD.findall(_MARKERS.sub("", text)))


def drawn(text: str) -> list[Element]:
    """Return a Markdown text as the elements of a rich_text block; none for a blank text."""
    tree = SyntaxTreeNode(_MARKDOWN.parse(text.replace("\x00", "\N{REPLACEMENT CHARACTER}")))
    elements = [element for node in tree.children for element in _block(node)]
    for before, after in pairwise(elements):
        if before["type"] == after["type"] == "rich_text_section":
            before["elements"].append(_leaf("\n"))
    return elements


def _as_it_is(text: str) -> list[Element]:
    return [_section([_leaf(text) if text.strip() else _leaf("(empty)", italic=True)])]


def _leaf(text: str, **style: bool) -> Leaf:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _section(leaves: Sequence[Leaf]) -> Element:
    return {"type": "rich_text_section", "elements": list(leaves) or [_leaf(" ")]}


def _block(node: SyntaxTreeNode) -> Iterator[Element]:
    """Draw one block; one that nobody foresaw is shown as its own source text."""
    yield from _BLOCKS.get(node.type, _as_source)(node)


def _as_source(node: SyntaxTreeNode) -> Iterator[Element]:
    if node.children:
        for child in node.children:
            yield from _block(child)
    elif node.content:
        yield _section([_leaf(node.content)])


def _paragraph(node: SyntaxTreeNode) -> Iterator[Element]:
    leaves = _inline(node)
    if leaves:
        yield _section(leaves)


def _heading(node: SyntaxTreeNode) -> Iterator[Element]:
    leaves = _inline(node, bold=True)
    if leaves:
        yield _section(leaves)


def _code(node: SyntaxTreeNode) -> Iterator[Element]:
    if node.info.strip():
        yield _section([_leaf(node.info.strip(), italic=True)])
    yield _preformatted(node.content.rstrip("\n") or " ")


def _preformatted(text: str) -> Element:
    return {"type": "rich_text_preformatted", "elements": [_leaf(text)]}


def _rule(_node: SyntaxTreeNode) -> Iterator[Element]:
    yield _section([_leaf("———")])


def _quote(node: SyntaxTreeNode) -> Iterator[Element]:
    lines = [leaf for child in node.children for leaf in (*_flat(child), _leaf("\n"))]
    if lines:
        yield {"type": "rich_text_quote", "elements": lines[:-1]}


def _flat(node: SyntaxTreeNode) -> list[Leaf]:
    """Draw a block inside a quote, where Slack allows nothing but text."""
    if node.type in ("fence", "code_block"):
        return [_leaf(f"{node.info}\n{node.content}".strip("\n") or " ", code=True)]
    if node.type in ("paragraph", "heading"):
        return _inline(node)
    if node.type == "list_item":
        mark = f"{node.info}{node.markup} " if node.info else "• "
        return [_leaf(mark), *_joined(node.children)]
    if node.type == "table":
        return [_leaf(_aligned(node), code=True)]
    return _joined(node.children)


def _joined(nodes: Sequence[SyntaxTreeNode]) -> list[Leaf]:
    lines = [leaf for node in nodes for leaf in (*_flat(node), _leaf("\n"))]
    return lines[:-1]


def _list(node: SyntaxTreeNode, depth: int = 0) -> Iterator[Element]:
    """Draw a list; what no item can hold (code, a deeper list) stands between its parts."""
    ordered = node.type == "ordered_list"
    offset = int(node.attrs.get("start", 1)) - 1 if ordered else 0
    gathered: list[Element] = []
    for item in node.children:
        leaves, rest = _item(item)
        gathered.append(_section(leaves))
        if rest:
            yield _list_element(gathered, ordered=ordered, depth=depth, offset=offset)
            offset += len(gathered)
            gathered = []
            for child in rest:
                is_list = child.type in ("bullet_list", "ordered_list")
                yield from _list(child, depth + 1) if is_list else _block(child)
    if gathered:
        yield _list_element(gathered, ordered=ordered, depth=depth, offset=offset)


def _list_element(items: list[Element], *, ordered: bool, depth: int, offset: int) -> Element:
    return {
        "type": "rich_text_list",
        "style": "ordered" if ordered else "bullet",
        "indent": min(depth, DEEPEST),
        **({"offset": offset} if ordered and offset > 0 else {}),
        "elements": items,
    }


def _item(item: SyntaxTreeNode) -> tuple[list[Leaf], list[SyntaxTreeNode]]:
    """Return an item's leading paragraphs as leaves, and the blocks behind them."""
    leaves: list[Leaf] = []
    children = list(item.children)
    while children and children[0].type == "paragraph":
        if leaves:
            leaves.append(_leaf("\n"))
        leaves.extend(_inline(children.pop(0)))
    return leaves, children


def _table(node: SyntaxTreeNode) -> Iterator[Element]:
    yield _preformatted(_aligned(node))


def _aligned(table: SyntaxTreeNode) -> str:
    rows = [
        ["".join(leaf["text"] for leaf in _inline(cell)).replace("\n", " ") for cell in row]
        for part in table.children
        for row in (line.children for line in part.children)
    ]
    return aligned(rows, [_side(cell) for cell in table.children[0].children[0].children])


def _side(cell: SyntaxTreeNode) -> str:
    return str(cell.attrs.get("style", "")).removeprefix("text-align:")


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], Iterator[Element]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "fence": _code,
    "code_block": _code,
    "blockquote": _quote,
    "bullet_list": _list,
    "ordered_list": _list,
    "table": _table,
    "hr": _rule,
}


def _inline(node: SyntaxTreeNode, **style: bool) -> list[Leaf]:
    """Draw what stands in a line, with the styles around it, neighbours of one style joined."""
    joined: list[Leaf] = []
    for leaf in _leaves(node, style):
        if joined and joined[-1].get("style") == leaf.get("style"):
            joined[-1] = {**leaf, "text": joined[-1]["text"] + leaf["text"]}
        elif leaf["text"]:
            joined.append(leaf)
    return joined


_STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
_BREAKS = ("softbreak", "hardbreak")


def _leaves(node: SyntaxTreeNode, style: dict[str, bool]) -> Iterator[Leaf]:
    if node.type == "code_inline":
        yield _leaf(node.content, **style, code=True)
    elif node.type in _BREAKS:
        yield _leaf("\n", **style)
    elif node.type == "image":
        yield _leaf(f"{node.content} ({_place(node, 'src')})", **style)
    elif node.type == "text":
        yield _leaf(node.content, **style)
    else:
        inner = {**style, _STYLES[node.type]: True} if node.type in _STYLES else style
        for child in node.children:
            yield from _leaves(child, inner)
        if node.type == "link":
            yield from _address(node, style)


def _address(link: SyntaxTreeNode, style: dict[str, bool]) -> Iterator[Leaf]:
    """Show where a link leads, unless its text is the address itself."""
    address = _place(link, "href")
    if address and link.info != "auto":
        yield _leaf(f" ({address})", **style)


def _place(node: SyntaxTreeNode, key: str) -> str:
    title = node.attrs.get("title")
    return f"{node.attrs.get(key, '')} {title or ''}".strip()
