"""Elements of actions blocks and sections, and of inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, TypeAlias, TypedDict

from bot.slack.blockkit.types.rich_text import RichTextElement
from bot.slack.blockkit.types.text_objects import OptionObject, PlainText

ButtonStyle: TypeAlias = Literal["primary", "danger"]


class Button(TypedDict):
    """A button; with `url` it is a link."""

    type: Literal["button"]
    text: PlainText
    action_id: str
    value: str
    style: NotRequired[ButtonStyle]
    url: NotRequired[str]
    accessibility_label: NotRequired[str]


class OverflowMenu(TypedDict):
    """A menu behind three dots."""

    type: Literal["overflow"]
    action_id: str
    options: list[OptionObject]


class StaticSelect(TypedDict):
    """A menu of options."""

    type: Literal["static_select"]
    action_id: str
    options: list[OptionObject]
    placeholder: PlainText


ActionElement: TypeAlias = Button | OverflowMenu | StaticSelect
"""An element of an actions block, or beside a section."""


class InitialValue(TypedDict, total=False):
    """What a box holds at first, if anything."""

    initial_value: str


class InitialOption(TypedDict, total=False):
    """The option that is chosen at first, if any."""

    initial_option: OptionObject


class InitialOptions(TypedDict, total=False):
    """The options that are chosen at first, if any."""

    initial_options: list[OptionObject]


class InitialUsers(TypedDict, total=False):
    """The people who are chosen at first, if any."""

    initial_users: list[str]


class InitialConversation(TypedDict, total=False):
    """The channel that is chosen at first, if any."""

    initial_conversation: str


class InitialDate(TypedDict, total=False):
    """The date that is chosen at first, if any."""

    initial_date: str


class InitialTime(TypedDict, total=False):
    """The time that is chosen at first, if any."""

    initial_time: str


class TextBoxState(InitialValue, total=False):
    """What a text box holds or shows at first, and whether it has the cursor."""

    placeholder: PlainText
    focus_on_load: bool


class PlainTextInput(TextBoxState):
    """A text box."""

    type: Literal["plain_text_input"]
    action_id: str
    multiline: bool
    max_length: int


class RichTextValue(TypedDict):
    """Formatted text in a box with formatting."""

    type: Literal["rich_text"]
    elements: Sequence[RichTextElement]


class RichTextInput(TypedDict):
    """A text box with formatting."""

    type: Literal["rich_text_input"]
    action_id: str
    initial_value: NotRequired[RichTextValue]
    focus_on_load: NotRequired[bool]


class NumberInput(InitialValue):
    """A box for a number. Slack expects its numbers as strings."""

    type: Literal["number_input"]
    action_id: str
    is_decimal_allowed: bool
    min_value: str
    max_value: str


class UrlInput(InitialValue):
    """A box for a URL."""

    type: Literal["url_text_input"]
    action_id: str


class SelectInput(InitialOption):
    """A menu or radio buttons, of which one option is chosen."""

    type: Literal["static_select", "radio_buttons"]
    action_id: str
    options: list[OptionObject]


class MultiSelectInput(InitialOptions):
    """A menu or checkboxes, of which several options are chosen."""

    type: Literal["multi_static_select", "checkboxes"]
    action_id: str
    options: list[OptionObject]


class ItemSelect(TypedDict):
    """A menu whose options the app returns while the person types; one or several are chosen."""

    type: Literal["external_select", "multi_external_select"]
    action_id: str
    placeholder: PlainText
    min_query_length: int


class UsersSelect(InitialUsers):
    """A menu of people."""

    type: Literal["multi_users_select"]
    action_id: str


class ConversationFilter(TypedDict):
    """The conversations that a menu offers."""

    include: list[Literal["public", "private"]]
    exclude_bot_users: bool


class ConversationsSelect(InitialConversation):
    """A menu of channels."""

    type: Literal["conversations_select"]
    action_id: str
    filter: ConversationFilter


class DatePicker(InitialDate):
    """A date picker."""

    type: Literal["datepicker"]
    action_id: str


class TimePicker(InitialTime):
    """A time picker."""

    type: Literal["timepicker"]
    action_id: str


class FileInput(TypedDict):
    """An input for files."""

    type: Literal["file_input"]
    action_id: str
    filetypes: list[str]
    max_files: int


InputElement: TypeAlias = (
    PlainTextInput
    | RichTextInput
    | NumberInput
    | UrlInput
    | SelectInput
    | MultiSelectInput
    | ItemSelect
    | UsersSelect
    | ConversationsSelect
    | DatePicker
    | TimePicker
    | FileInput
)
"""An element of an input block."""
