"""Inputs of modals.

The key of an input is both its `block_id` and its `action_id`, so that `parse_inputs` in
`bot/slack/blockkit/entries.py` finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from bot.slack.blockkit.blocks import plain_text
from bot.slack.blockkit.types import (
    ConversationsSelect,
    DatePicker,
    FileInput,
    InitialConversation,
    InitialDate,
    InitialOption,
    InitialOptions,
    InitialTime,
    InitialUsers,
    InitialValue,
    InputBlock,
    InputElement,
    ItemSelect,
    MultiSelectInput,
    NumberInput,
    OptionObject,
    OptionsResponse,
    PlainTextInput,
    SelectInput,
    TextBoxState,
    TimePicker,
    UrlInput,
    UsersSelect,
)

Options: TypeAlias = Sequence[tuple[str, str] | tuple[str, str, str]]
"""Options to choose from: (value, label) or (value, label, description).

A value has at most 150 characters, a label and a description 75 each.
"""

MAX_OPTION_CHARS = 75
"""Longest label or description of an option that Slack accepts."""


def text_input(  # noqa: PLR0913 - the properties of a Slack input
    key: str,
    label: str,
    *,
    value: str = "",
    hint: str = "",
    placeholder: str = "",
    optional: bool = False,
    multiline: bool = False,
    max_length: int = 3000,
) -> InputBlock:
    """Return a text input of at most `max_length` characters (Slack's limit: 3,000)."""
    state: TextBoxState = {"initial_value": value[:max_length]} if value else {}
    if placeholder:
        state["placeholder"] = plain_text(placeholder)
    element: PlainTextInput = {
        "type": "plain_text_input",
        "multiline": multiline,
        "max_length": max_length,
        **state,
        "action_id": key,
    }
    return input_block(key, label, element, hint, optional=optional)


def number_input(  # noqa: PLR0913 - the properties of a Slack input
    key: str,
    label: str,
    *,
    minimum: int,
    maximum: int,
    value: int | None = None,
    hint: str = "",
    optional: bool = False,
) -> InputBlock:
    """Return an input for a whole number from `minimum` to `maximum`."""
    initial: InitialValue = {"initial_value": str(value)} if value is not None else {}
    element: NumberInput = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(minimum),
        "max_value": str(maximum),
        **initial,
        "action_id": key,
    }
    return input_block(key, label, element, hint, optional=optional)


def url_input(
    key: str, label: str, *, value: str = "", hint: str = "", optional: bool = False
) -> InputBlock:
    """Return an input for a URL."""
    initial: InitialValue = {"initial_value": value} if value else {}
    element: UrlInput = {"type": "url_text_input", **initial, "action_id": key}
    return input_block(key, label, element, hint, optional=optional)


def select_input(  # noqa: PLR0913 - the properties of a Slack input
    key: str,
    label: str,
    options: Options,
    *,
    chosen: str = "",
    hint: str = "",
    optional: bool = False,
    as_radio: bool = False,
) -> InputBlock:
    """Return a select menu, or at most 10 radio buttons, to choose one option."""
    option_objects = [_option_object(*option) for option in options]
    matches = [option for option in option_objects if option["value"] == chosen]
    initial: InitialOption = {"initial_option": matches[0]} if matches else {}
    element: SelectInput = {
        "type": "radio_buttons" if as_radio else "static_select",
        "options": option_objects,
        **initial,
        "action_id": key,
    }
    return input_block(key, label, element, hint, optional=optional)


def multi_select_input(  # noqa: PLR0913 - the properties of a Slack input
    key: str,
    label: str,
    options: Options,
    *,
    chosen: Sequence[str] = (),
    hint: str = "",
    optional: bool = False,
    as_checkboxes: bool = False,
) -> InputBlock:
    """Return a menu, or at most 10 checkboxes, to choose any number of options."""
    option_objects = [_option_object(*option) for option in options]
    by_value = {option["value"]: option for option in option_objects}
    matches = [by_value[value] for value in chosen if value in by_value]
    initial: InitialOptions = {"initial_options": matches} if matches else {}
    element: MultiSelectInput = {
        "type": "checkboxes" if as_checkboxes else "multi_static_select",
        "options": option_objects,
        **initial,
        "action_id": key,
    }
    return input_block(key, label, element, hint, optional=optional)


def item_search_input(
    key: str, label: str, *, has_many: bool = False, hint: str = ""
) -> InputBlock:
    """Return a menu to find items by what is typed, optional; the app returns the options."""
    element: ItemSelect = {
        "type": "multi_external_select" if has_many else "external_select",
        "placeholder": plain_text("Type a text, an id or a reference"),
        "min_query_length": 0,
        "action_id": key,
    }
    return input_block(key, label, element, hint, optional=True)


def options_response(options: Sequence[tuple[str, str, str]]) -> OptionsResponse:
    """Return the options of a menu that asks for them while the person types.

    An option is (value, label, description).
    """
    return {"options": [_option_object(*option) for option in options]}


def users_input(
    key: str, label: str, *, chosen: Sequence[str] = (), hint: str = "", optional: bool = False
) -> InputBlock:
    """Return a menu to choose people."""
    initial: InitialUsers = {"initial_users": list(chosen)} if chosen else {}
    element: UsersSelect = {"type": "multi_users_select", **initial, "action_id": key}
    return input_block(key, label, element, hint, optional=optional)


def channel_input(
    key: str, label: str, *, chosen: str = "", hint: str = "", optional: bool = False
) -> InputBlock:
    """Return a menu to choose a public or private channel."""
    initial: InitialConversation = {"initial_conversation": chosen} if chosen else {}
    element: ConversationsSelect = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **initial,
        "action_id": key,
    }
    return input_block(key, label, element, hint, optional=optional)


def date_input(
    key: str, label: str, *, chosen: date | None = None, hint: str = "", optional: bool = False
) -> InputBlock:
    """Return a date picker."""
    initial: InitialDate = {"initial_date": chosen.isoformat()} if chosen else {}
    element: DatePicker = {"type": "datepicker", **initial, "action_id": key}
    return input_block(key, label, element, hint, optional=optional)


def time_input(
    key: str, label: str, *, chosen: str = "", hint: str = "", optional: bool = False
) -> InputBlock:
    """Return a time picker; `chosen` is a time such as 09:30."""
    initial: InitialTime = {"initial_time": chosen} if chosen else {}
    element: TimePicker = {"type": "timepicker", **initial, "action_id": key}
    return input_block(key, label, element, hint, optional=optional)


def file_input(
    key: str, label: str, filetypes: Sequence[str], *, hint: str = "", optional: bool = False
) -> InputBlock:
    """Return an input for one file of one of these types (endings without the dot)."""
    element: FileInput = {
        "type": "file_input",
        "filetypes": list(filetypes),
        "max_files": 1,
        "action_id": key,
    }
    return input_block(key, label, element, hint, optional=optional)


def input_block(
    key: str, label: str, element: InputElement, hint: str = "", *, optional: bool = False
) -> InputBlock:
    """Return an input block. `key` is its `block_id`; the element has its own `action_id`."""
    block: InputBlock = {
        "type": "input",
        "block_id": key,
        "label": plain_text(label),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain_text(hint)
    return block


def _option_object(value: str, label: str, description: str = "") -> OptionObject:
    label = label if label.strip() else "(no name)"
    option: OptionObject = {"text": plain_text(_shorten(label)), "value": value}
    if description:
        option["description"] = plain_text(_shorten(description))
    return option


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_OPTION_CHARS else f"{text[: MAX_OPTION_CHARS - 1]}…"
