"""Shape of Open Assistant: trees of messages, one tree or one message per row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from bot.imports.row import InvalidRowError
from bot.imports.shapes.shape import GROUP, Fields, Shape, has_columns

ROLES = {"prompter": "user", "assistant": "assistant"}
TREE_COLUMN = "message_tree_id"
TREE_KEYS = ("message_id", "parent_id", "text", "role")

Node = Mapping[str, object]


def _is_message(row: Fields) -> bool:
    return has_columns(TREE_COLUMN, *TREE_KEYS)(row)


def _is_tree(row: Fields) -> bool:
    prompt = row.get("prompt")
    return TREE_COLUMN in row and isinstance(prompt, Mapping) and "replies" in prompt


def _convert_messages(group: Fields, count: int) -> Iterator[Fields]:
    rows = cast("Sequence[Node]", group[GROUP])
    replies: dict[object, list[Node]] = {}
    for row in rows:
        replies.setdefault(row.get("parent_id") or None, []).append(row)
    known = {row.get("message_id") for row in rows}
    roots = [row for row in rows if (row.get("parent_id") or None) not in known]
    for root in roots:
        yield from _walk(root, (), lambda node: replies.get(node.get("message_id"), []), count)


def _convert_tree(row: Fields, count: int) -> Iterator[Fields]:
    root = row.get("prompt")
    if not isinstance(root, Mapping):
        message = "the tree has no prompt"
        raise InvalidRowError(message)
    yield from _walk(root, (), lambda node: cast("list[Node]", node.get("replies") or []), count)


def _walk(node: Node, path: tuple[Node, ...], replies_to: object, count: int) -> Iterator[Fields]:
    """Yield an item for each prompt below a node with as many replies as the kind needs."""
    find = cast("type", replies_to)
    children: list[Node] = [child for child in find(node) if not _is_deleted(child)]
    path = (*path, node)
    if node.get("role") != "assistant":
        yield from _items_at(path, children, count)
    for child in children:
        yield from _walk(child, path, replies_to, count)


def _is_deleted(node: Node) -> bool:
    """Return whether a message is deleted; CSV files have the answer as a word."""
    return str(node.get("deleted")).lower() in ("true", "1")


def _items_at(path: tuple[Node, ...], replies: Sequence[Node], count: int) -> Iterator[Fields]:
    prompt = [_message(node) for node in path]
    key = path[-1].get("message_id")
    meta = {"lang": path[-1]["lang"]} if path[-1].get("lang") else {}
    if count == 0:
        yield {"id": key, "prompt": prompt, **meta}
    elif count == 1:
        for reply in replies:
            yield {
                "id": reply.get("message_id"),
                "prompt": prompt,
                "candidates": [reply.get("text")],
                **meta,
            }
    elif len(replies) >= 2:  # noqa: PLR2004 - a comparison or a ranking needs several
        shown = replies[:count] if count == 2 else replies  # noqa: PLR2004 - a pair
        rest = {"other_replies": [r.get("text") for r in replies[count:]]}
        yield {
            "id": key,
            "prompt": prompt,
            "candidates": [reply.get("text") for reply in shown],
            **(rest if len(shown) < len(replies) else {}),
            **meta,
        }


def _message(node: Node) -> dict[str, object]:
    return {"role": ROLES.get(str(node.get("role")), node.get("role")), "content": node.get("text")}


OASST_MESSAGES = Shape(
    "oasst",
    "Open Assistant: one message per row",
    _is_message,
    _convert_messages,
    group_by=TREE_COLUMN,
)

OASST_TREES = Shape(
    "oasst-trees",
    "Open Assistant: one tree of messages per row",
    _is_tree,
    _convert_tree,
)
