"""The inputs of our own modals, drawn and read back: both directions side by side.

An input's block and action both bear its key, so that what was chosen is found by it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from bot.slack.blockkit.blocks import Block, plain_text

Options: TypeAlias = Sequence[tuple[str, str]]
"""What can be chosen: values of at most 150 characters with words of at most 75."""

MAX_OPTION_CHARS = 75
"""Characters of an option that Slack shows."""

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
"""Where in `state.values` each element keeps what was entered or chosen, options left out."""


def text_input(  # noqa: PLR0913 - they are what Slack lets an input say
    key: str,
    label: str,
    *,
    value: str = "",
    hint: str = "",
    placeholder: str = "",
    optional: bool = False,
    multiline: bool = False,
    max_length: int = 3000,
) -> Block:
    """Return a box to write in, of at most `most` characters (Slack: 3,000)."""
    element = {"type": "plain_text_input", "multiline": multiline, "max_length": max_length}
    initial = {"initial_value": value[:max_length]} if value else {}
    return _input_block(
        key, label, {**element, **initial, **_placeholder(placeholder)}, hint, optional=optional
    )


def number_input(  # noqa: PLR0913 - they are what Slack lets an input say
    key: str,
    label: str,
    *,
    minimum: int,
    maximum: int,
    value: int | None = None,
    hint: str = "",
    optional: bool = False,
) -> Block:
    """Return a box for a whole number from `least` to `most`."""
    element = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(minimum),
        "max_value": str(maximum),
        **({"initial_value": str(value)} if value is not None else {}),
    }
    return _input_block(key, label, element, hint, optional=optional)


def url_input(
    key: str, label: str, *, value: str = "", hint: str = "", optional: bool = False
) -> Block:
    """Return a box for a link."""
    initial = {"initial_value": value} if value else {}
    return _input_block(key, label, {"type": "url_text_input", **initial}, hint, optional=optional)


def select_input(  # noqa: PLR0913 - they are what Slack lets an input say
    key: str,
    label: str,
    options: Options,
    *,
    chosen: str = "",
    hint: str = "",
    optional: bool = False,
    as_radio: bool = False,
) -> Block:
    """Return a menu (radio buttons: at most 10) to choose one of `options` from."""
    element_type = "radio_buttons" if as_radio else "static_select"
    option_objects = [_option_object(value, words) for value, words in options]
    initial = [option for option in option_objects if option["value"] == chosen]
    element = {
        "type": element_type,
        "options": option_objects,
        **({"initial_option": initial[0]} if initial else {}),
    }
    return _input_block(key, label, element, hint, optional=optional)


def multi_select_input(  # noqa: PLR0913 - they are what Slack lets an input say
    key: str,
    label: str,
    options: Options,
    *,
    chosen: Sequence[str] = (),
    hint: str = "",
    optional: bool = False,
    as_checkboxes: bool = False,
) -> Block:
    """Return a menu (check boxes: at most 10) to choose several of `options` from, in any order."""
    element_type = "checkboxes" if as_checkboxes else "multi_static_select"
    option_objects = [_option_object(value, words) for value, words in options]
    by_value = {option["value"]: option for option in option_objects}
    initial = [by_value[value] for value in chosen if value in by_value]
    element = {
        "type": element_type,
        "options": option_objects,
        **({"initial_options": initial} if initial else {}),
    }
    return _input_block(key, label, element, hint, optional=optional)


def users_input(
    key: str, label: str, *, chosen: Sequence[str] = (), hint: str = "", optional: bool = False
) -> Block:
    """Return a menu to choose people from."""
    initial = {"initial_users": list(chosen)} if chosen else {}
    return _input_block(
        key, label, {"type": "multi_users_select", **initial}, hint, optional=optional
    )


def channel_input(
    key: str, label: str, *, chosen: str = "", hint: str = "", optional: bool = False
) -> Block:
    """Return a menu to choose a public or private channel from."""
    element = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": chosen} if chosen else {}),
    }
    return _input_block(key, label, element, hint, optional=optional)


def date_input(
    key: str, label: str, *, chosen: date | None = None, hint: str = "", optional: bool = False
) -> Block:
    """Return a calendar to choose a day from."""
    initial = {"initial_date": chosen.isoformat()} if chosen else {}
    return _input_block(key, label, {"type": "datepicker", **initial}, hint, optional=optional)


def time_input(
    key: str, label: str, *, chosen: str = "", hint: str = "", optional: bool = False
) -> Block:
    """Return a clock to choose a time such as 09:30 from."""
    initial = {"initial_time": chosen} if chosen else {}
    return _input_block(key, label, {"type": "timepicker", **initial}, hint, optional=optional)


def file_input(
    key: str, label: str, filetypes: Sequence[str], *, hint: str = "", optional: bool = False
) -> Block:
    """Return a place to drop one file of one of these types."""
    element = {"type": "file_input", "filetypes": list(filetypes), "max_files": 1}
    return _input_block(key, label, element, hint, optional=optional)


def _input_block(key: str, label: str, element: Block, hint: str, *, optional: bool) -> Block:
    return {
        "type": "input",
        "block_id": key,
        "label": plain_text(label),
        "element": {**element, "action_id": key},
        "optional": optional,
        **({"hint": plain_text(hint)} if hint else {}),
    }


def _placeholder(placeholder: str) -> Block:
    return {"placeholder": plain_text(placeholder)} if placeholder else {}


def _option_object(value: str, label: str) -> Block:
    label = label if label.strip() else "(no name)"
    shown = label if len(label) <= MAX_OPTION_CHARS else f"{label[: MAX_OPTION_CHARS - 1]}…"
    return {"text": plain_text(shown), "value": value}


def parse_inputs(values: Mapping[str, Any]) -> dict[str, Any]:
    """Read `state.values` of a modal back, by key: texts, values, lists, files; None where empty.

    Texts are stripped at both ends.
    """
    return {
        key: _element_value(elements[key]) for key, elements in values.items() if key in elements
    }


def _element_value(element: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a text, a list or nothing
    element_type = element.get("type", "")
    if element_type in VALUE_KEYS:
        value = element.get(VALUE_KEYS[element_type])
        return (value.strip() or None) if isinstance(value, str) else value
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    return (element.get("selected_option") or {}).get("value")
