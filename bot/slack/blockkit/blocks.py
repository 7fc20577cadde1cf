"""The few blocks our messages are made of, as Slack wants them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

Block: TypeAlias = dict[str, Any]


def plain_text(text: str) -> Block:
    """Return a plain text object: nothing in it is parsed, no emoji either."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """Return a text object for words of our own; bare links and names in it stay what they are."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    """Return a headline of at most 150 characters."""
    return {"type": "header", "text": plain_text(text)}


def section(text: str, accessory: Block | None = None) -> Block:
    """Return a paragraph in words of our own, with a button or menu beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return {**block, "accessory": accessory} if accessory else block


def plain_section(text: str, accessory: Block | None = None) -> Block:
    """Return a paragraph that may quote what somebody wrote."""
    block: Block = {"type": "section", "text": plain_text(text)}
    return {**block, "accessory": accessory} if accessory else block


def context(*texts: str) -> Block:
    """Return small grey lines of plain text."""
    return {"type": "context", "elements": [plain_text(text) for text in texts]}


def divider() -> Block:
    """Return a line."""
    return {"type": "divider"}


def button(
    text: str, action_id: str, value: str, *, style: str = "", accessibility_label: str = ""
) -> Block:
    """Return a button. `says` is what a screen reader says where the text alone is not enough."""
    return {
        "type": "button",
        "text": plain_text(text),
        "action_id": action_id,
        "value": value,
        **({"style": style} if style else {}),
        **({"accessibility_label": accessibility_label[:75]} if accessibility_label else {}),
    }


def link_button(
    text: str, action_id: str, value: str, url: str, *, accessibility_label: str = ""
) -> Block:
    """Return a button that leads elsewhere; Slack tells of the tap all the same."""
    return {**button(text, action_id, value, accessibility_label=accessibility_label), "url": url}


def static_select(placeholder: str, action_id: str, options: list[tuple[str, str]]) -> Block:
    """Return a menu of (text, value)."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder),
        "options": [{"text": plain_text(text), "value": value} for text, value in options],
    }


def overflow(action_id: str, options: list[tuple[str, str]]) -> Block:
    """Return the three dots behind which 1 to 5 options of (text, value) wait."""
    return {
        "type": "overflow",
        "action_id": action_id,
        "options": [{"text": plain_text(text), "value": value} for text, value in options],
    }


def actions(block_id: str, *elements: Block) -> Block:
    """Return a row of buttons and menus."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def labelled_values(values: Mapping[str, str]) -> Block:
    """Return facts as a rich_text block: a line each, its name in bold."""
    elements: list[Block] = []
    for name, value in values.items():
        prefix = f"\n{name}: " if elements else f"{name}: "
        elements += [_text_element(prefix, bold=True), _text_element(value)]
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "elements": [section]}


def _text_element(text: str, **style: bool) -> Block:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], right_aligned: Collection[int] = ()
) -> Block:
    """Return a table with a bold head; columns in `right` hold numbers. One fits in a message."""
    settings = [{"align": "right" if n in right_aligned else "left"} for n in range(len(head))]
    cells = [[{"type": "raw_text", "text": text or " "} for text in row] for row in rows]
    return {"type": "table", "column_settings": settings, "rows": [_bold_cells(head), *cells]}


def _bold_cells(head: Iterable[str]) -> list[Block]:
    sections = (
        {"type": "rich_text_section", "elements": [_text_element(text, bold=True)]} for text in head
    )
    return [{"type": "rich_text", "elements": [section]} for section in sections]


def modal(
    callback_id: str,
    title: str,
    blocks: list[Block],
    *,
    submit: str | None = None,
    metadata: str = "",
) -> dict[str, Any]:
    """Draw a window: one that is sent has `submit` on its button, any other only shows something.

    `title` has 24 characters at the most; `metadata` comes back with whatever is done in it.
    """
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title),
        **({"submit": plain_text(submit)} if submit else {}),
        "close": plain_text("Cancel" if submit else "Close"),
        **({"private_metadata": metadata} if metadata else {}),
        "blocks": blocks,
    }
