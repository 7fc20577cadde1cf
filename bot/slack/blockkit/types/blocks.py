"""Blocks of messages, modals and the Home tab."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, TypeAlias, TypedDict

from bot.slack.blockkit.types.elements import ActionElement, InputElement
from bot.slack.blockkit.types.rich_text import RichTextElement
from bot.slack.blockkit.types.text_objects import PlainText


class HeaderBlock(TypedDict):
    """A header."""

    type: Literal["header"]
    text: PlainText


class SectionBlock(TypedDict):
    """A text with a button or menu beside it."""

    type: Literal["section"]
    text: PlainText
    accessory: NotRequired[ActionElement]


class ContextBlock(TypedDict):
    """Small gray lines."""

    type: Literal["context"]
    block_id: NotRequired[str]
    elements: list[PlainText]


class DividerBlock(TypedDict):
    """A line."""

    type: Literal["divider"]


class ActionsBlock(TypedDict):
    """A row of buttons and menus."""

    type: Literal["actions"]
    block_id: str
    elements: list[ActionElement]


class SlackFile(TypedDict):
    """A file in Slack by its id. Until a message is sent, a stored image has its URL here."""

    id: str


class ImageBlock(TypedDict):
    """An image that Slack fetches from its URL, or that was uploaded to Slack."""

    type: Literal["image"]
    block_id: str
    image_url: NotRequired[str]
    slack_file: NotRequired[SlackFile]
    alt_text: str
    title: NotRequired[PlainText]


class InputBlock(TypedDict):
    """A label with an input. Slack returns its entry under `block_id`."""

    type: Literal["input"]
    block_id: str
    label: PlainText
    element: InputElement
    optional: bool
    hint: NotRequired[PlainText]
    dispatch_action: NotRequired[bool]


class RichTextBlock(TypedDict):
    """Formatted text."""

    type: Literal["rich_text"]
    elements: Sequence[RichTextElement]
    block_id: NotRequired[str]


class RawTextCell(TypedDict):
    """A plain cell of a table."""

    type: Literal["raw_text"]
    text: str


class ColumnSettings(TypedDict):
    """How a column of a table is aligned."""

    align: Literal["left", "right"]


class TableBlock(TypedDict):
    """A table."""

    type: Literal["table"]
    column_settings: list[ColumnSettings]
    rows: Sequence[Sequence[RawTextCell | RichTextBlock]]


Block: TypeAlias = (
    HeaderBlock
    | SectionBlock
    | ContextBlock
    | DividerBlock
    | ActionsBlock
    | ImageBlock
    | InputBlock
    | RichTextBlock
    | TableBlock
)
"""A block of a message, a modal or the Home tab."""
