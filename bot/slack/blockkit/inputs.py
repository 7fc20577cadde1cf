"""Inputs of modals: rendering them, and parsing what was entered.

The key of an input is both its `block_id` and its `action_id`, so that `parse_inputs` finds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

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
    MultiSelectInput,
    NumberInput,
    OptionObject,
    PlainTextInput,
    SelectInput,
    TextBoxState,
    TimePicker,
    UrlInput,
    UsersSelect,
)

Options: TypeAlias = Sequence[tuple[str, str]]
"""Options to choose from: (value, label). A value has at most 150 characters, a label 75."""

StateValues: TypeAlias = Mapping[str, Mapping[str, Any]]
"""`state.values` of a modal, as Slack sends it: elements by `action_id`, by `block_id`."""

Entries: TypeAlias = Mapping[str, Any]
"""What was entered, by the key of the input: a text, a list of values or files, or None."""

MAX_OPTION_CHARS = 75
"""Longest label of an option that Slack accepts."""

VALUE_KEYS = {
    "plain_text_input": "value",
    "number_input": "value",
    "url_text_input": "value",
    "email_text_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "file_input": "files",
}
"""The field of `state.values` with the entry, by element type. Options have fields of their own."""


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


def _option_object(value: str, label: str) -> OptionObject:
    label = label if label.strip() else "(no name)"
    shown = label if len(label) <= MAX_OPTION_CHARS else f"{label[: MAX_OPTION_CHARS - 1]}…"
    return {"text": plain_text(shown), "value": value}


def parse_inputs(values: StateValues) -> Entries:
    """Parse `state.values` of a modal: the entry of each input by its key, None if it is empty.

    Entries are stripped texts, option values, lists of values, or file objects.
    """
    return {
        key: _element_value(elements[key]) for key, elements in values.items() if key in elements
    }


def _element_value(element: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a text, a list or None
    element_type = element.get("type", "")
    if element_type in VALUE_KEYS:
        value = element.get(VALUE_KEYS[element_type])
        return (value.strip() or None) if isinstance(value, str) else value
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    return (element.get("selected_option") or {}).get("value")
