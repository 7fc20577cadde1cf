"""The Block Kit objects that messages and modals are built from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

Block: TypeAlias = dict[str, Any]


def plain_text(text: str) -> Block:
    """Return a plain_text object. Slack parses nothing in it, not even emoji names."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """Return a mrkdwn object. Use it for our own texts only; bare URLs and names stay plain."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    """Return a header block of at most 150 characters."""
    return {"type": "header", "text": plain_text(text)}


def section(text: str, accessory: Block | None = None) -> Block:
    """Return a section with a mrkdwn text of our own and an optional button or menu."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return {**block, "accessory": accessory} if accessory else block


def plain_section(text: str, accessory: Block | None = None) -> Block:
    """Return a section with a plain text, which may quote what somebody wrote."""
    block: Block = {"type": "section", "text": plain_text(text)}
    return {**block, "accessory": accessory} if accessory else block


def context(*texts: str) -> Block:
    """Return a context block: small gray lines of plain text."""
    return {"type": "context", "elements": [plain_text(text) for text in texts]}


def divider() -> Block:
    """Return a divider block."""
    return {"type": "divider"}


def button(
    text: str, action_id: str, value: str, *, style: str = "", accessibility_label: str = ""
) -> Block:
    """Return a button. Screen readers read `accessibility_label` instead of the text."""
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
    """Return a button that opens a URL. Slack still sends a block_actions payload for it."""
    return {**button(text, action_id, value, accessibility_label=accessibility_label), "url": url}


def static_select(placeholder: str, action_id: str, options: list[tuple[str, str]]) -> Block:
    """Return a select menu of (text, value) options."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder),
        "options": [{"text": plain_text(text), "value": value} for text, value in options],
    }


def overflow(action_id: str, options: list[tuple[str, str]]) -> Block:
    """Return an overflow menu (three dots) of 1 to 5 (text, value) options."""
    return {
        "type": "overflow",
        "action_id": action_id,
        "options": [{"text": plain_text(text), "value": value} for text, value in options],
    }


def actions(block_id: str, *elements: Block) -> Block:
    """Return an actions block: a row of buttons and menus."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def labelled_values(values: Mapping[str, str]) -> Block:
    """Return a rich_text block with one line for each value, its name in bold."""
    elements: list[Block] = []
    for name, value in values.items():
        prefix = f"\n{name}: " if elements else f"{name}: "
        elements += [text_element(prefix, bold=True), text_element(value)]
    return {"type": "rich_text", "elements": [rich_text_section(elements)]}


def text_element(text: str, **style: bool) -> Block:
    """Return a text element of a rich_text block; `style` has bold, italic, strike or code."""
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def rich_text_section(elements: Sequence[Block]) -> Block:
    """Return a section of a rich_text block. Slack refuses an empty one, so it gets a space."""
    return {"type": "rich_text_section", "elements": list(elements) or [text_element(" ")]}


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], right_aligned: Collection[int] = ()
) -> Block:
    """Return a table with a bold head. Slack allows one table in a message."""
    settings = [{"align": "right" if n in right_aligned else "left"} for n in range(len(head))]
    cells = [[{"type": "raw_text", "text": text or " "} for text in row] for row in rows]
    return {"type": "table", "column_settings": settings, "rows": [_bold_cells(head), *cells]}


def _bold_cells(head: Iterable[str]) -> list[Block]:
    sections = (rich_text_section([text_element(text, bold=True)]) for text in head)
    return [{"type": "rich_text", "elements": [section]} for section in sections]


def modal(
    callback_id: str,
    title: str,
    blocks: list[Block],
    *,
    submit: str | None = None,
    metadata: str = "",
) -> dict[str, Any]:
    """Return a modal view. Without `submit` (the label of its button) it is read-only.

    `title` has at most 24 characters. Slack returns `metadata` with every payload of the modal.
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
