"""Rich text: its elements, and the texts and mentions in them."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict


class TextStyle(TypedDict, total=False):
    """How a text is formatted."""

    bold: bool
    italic: bool
    strike: bool
    code: bool


class TextElement(TypedDict):
    """A text, with one style."""

    type: Literal["text"]
    text: str
    style: NotRequired[TextStyle]


class UserElement(TypedDict):
    """A mention of a person."""

    type: Literal["user"]
    user_id: str


class ChannelElement(TypedDict):
    """A mention of a channel."""

    type: Literal["channel"]
    channel_id: str


InlineElement: TypeAlias = TextElement | UserElement | ChannelElement


class RichTextSection(TypedDict):
    """A paragraph, or an item of a list."""

    type: Literal["rich_text_section"]
    elements: list[InlineElement]


class RichTextPreformatted(TypedDict):
    """A code block."""

    type: Literal["rich_text_preformatted"]
    elements: list[InlineElement]


class RichTextQuote(TypedDict):
    """A block quote."""

    type: Literal["rich_text_quote"]
    elements: list[InlineElement]


class ListOffset(TypedDict, total=False):
    """How many numbers before the first one of a list are skipped, if any."""

    offset: int


class RichTextList(ListOffset):
    """A bullet list or a numbered list."""

    type: Literal["rich_text_list"]
    style: Literal["bullet", "ordered"]
    elements: list[RichTextSection]
    indent: NotRequired[int]


RichTextElement: TypeAlias = RichTextSection | RichTextPreformatted | RichTextQuote | RichTextList
