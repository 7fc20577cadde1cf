"""The Block Kit objects that messages and modals are built from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import cycle
from typing import Unpack

from bot.slack.blockkit.types import (
    ActionElement,
    ActionsBlock,
    Block,
    Button,
    ButtonStyle,
    ColumnSettings,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InlineElement,
    ModalView,
    OptionObject,
    OverflowMenu,
    PlainText,
    PrivateMetadata,
    RawTextCell,
    RichTextBlock,
    RichTextSection,
    SectionBlock,
    StaticSelect,
    SubmitButton,
    TableBlock,
    TextElement,
    TextStyle,
)

_CODE_SPAN = re.compile(r"`([^`\n]+)`")


def plain_text(text: str) -> PlainText:
    """Return a plain_text object. Slack parses nothing in it, not even emoji names."""
    return {"type": "plain_text", "text": text, "emoji": False}


def header(text: str) -> HeaderBlock:
    """Return a header block of at most 150 characters."""
    return {"type": "header", "text": plain_text(text)}


def plain_section(text: str, accessory: ActionElement | None = None) -> SectionBlock:
    """Return a section with a plain text, which may quote what somebody wrote."""
    block: SectionBlock = {"type": "section", "text": plain_text(text)}
    if accessory:
        block["accessory"] = accessory
    return block


def context(*texts: str) -> ContextBlock:
    """Return a context block: small gray lines of plain text."""
    return {"type": "context", "elements": [plain_text(text) for text in texts]}


def divider() -> DividerBlock:
    """Return a divider block."""
    return {"type": "divider"}


def button(
    text: str,
    action_id: str,
    value: str,
    *,
    style: ButtonStyle | None = None,
    accessibility_label: str = "",
) -> Button:
    """Return a button. Screen readers read `accessibility_label` instead of the text."""
    element: Button = {
        "type": "button",
        "text": plain_text(text),
        "action_id": action_id,
        "value": value,
    }
    if style:
        element["style"] = style
    if accessibility_label:
        element["accessibility_label"] = accessibility_label[:75]
    return element


def link_button(
    text: str, action_id: str, value: str, url: str, *, accessibility_label: str = ""
) -> Button:
    """Return a button that opens a URL. Slack still sends a block_actions payload for it."""
    element = button(text, action_id, value, accessibility_label=accessibility_label)
    element["url"] = url
    return element


def static_select(placeholder: str, action_id: str, options: list[tuple[str, str]]) -> StaticSelect:
    """Return a select menu of (text, value) options."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder),
        "options": _option_objects(options),
    }


def overflow(action_id: str, options: list[tuple[str, str]]) -> OverflowMenu:
    """Return an overflow menu (three dots) of 1 to 5 (text, value) options."""
    return {"type": "overflow", "action_id": action_id, "options": _option_objects(options)}


def _option_objects(options: list[tuple[str, str]]) -> list[OptionObject]:
    return [{"text": plain_text(text), "value": value} for text, value in options]


def actions(block_id: str, *elements: ActionElement) -> ActionsBlock:
    """Return an actions block: a row of buttons and menus."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def labelled_values(values: Mapping[str, str]) -> RichTextBlock:
    """Return a rich_text block with one line for each value, its name in bold."""
    elements: list[InlineElement] = []
    for name, value in values.items():
        prefix = f"\n{name}: " if elements else f"{name}: "
        elements += [text_element(prefix, bold=True), text_element(value)]
    return {"type": "rich_text", "elements": [rich_text_section(elements)]}


def text_with_code(text: str) -> RichTextBlock:
    """Return a rich_text block with a text that names commands in backticks, and nothing else."""
    elements: list[InlineElement] = [
        text_element(part, code=True) if is_code else text_element(part)
        for part, is_code in zip(_CODE_SPAN.split(text), cycle((False, True)), strict=False)
        if part
    ]
    return {"type": "rich_text", "elements": [rich_text_section(elements)]}


def text_element(text: str, **style: Unpack[TextStyle]) -> TextElement:
    """Return a text element of a rich_text block."""
    return styled_text(text, style)


def styled_text(text: str, style: TextStyle) -> TextElement:
    """Return a text element with a style, which may be empty."""
    return (
        {"type": "text", "text": text, "style": style} if style else {"type": "text", "text": text}
    )


def rich_text_section(elements: Sequence[InlineElement]) -> RichTextSection:
    """Return a section of a rich_text block. Slack refuses an empty one, so it gets a space."""
    return {"type": "rich_text_section", "elements": list(elements) or [text_element(" ")]}


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], right_aligned: Collection[int] = ()
) -> TableBlock:
    """Return a table with a bold head. Slack allows one table in a message."""
    settings: list[ColumnSettings] = [
        {"align": "right" if number in right_aligned else "left"} for number in range(len(head))
    ]
    cells = [[_raw_text_cell(text) for text in row] for row in rows]
    return {
        "type": "table",
        "column_settings": settings,
        "rows": [[_bold_cell(text) for text in head], *cells],
    }


def _raw_text_cell(text: str) -> RawTextCell:
    return {"type": "raw_text", "text": text or " "}


def _bold_cell(text: str) -> RichTextBlock:
    return {"type": "rich_text", "elements": [rich_text_section([text_element(text, bold=True)])]}


def modal(
    callback_id: str,
    title: str,
    blocks: list[Block],
    *,
    submit: str | None = None,
    metadata: str = "",
) -> ModalView:
    """Return a modal view. Without `submit` (the label of its button) it is read-only.

    `title` has at most 24 characters. Slack returns `metadata` with every payload of the modal.
    """
    submit_button: SubmitButton = {"submit": plain_text(submit)} if submit else {}
    private_metadata: PrivateMetadata = {"private_metadata": metadata} if metadata else {}
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title),
        **submit_button,
        "close": plain_text("Cancel" if submit else "Close"),
        **private_metadata,
        "blocks": blocks,
    }
