"""What was entered in the inputs of a modal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from bot.errors import FieldsError
from bot.slack.parsing.modal_metadata import UnreadableDialogError

StateValues: TypeAlias = Mapping[str, Mapping[str, Any]]
"""`state.values` of a modal, as Slack sends it: elements by `action_id`, by `block_id`."""

Entries: TypeAlias = Mapping[str, Any]
"""What was entered, by the key of the input: a text, a list of values or files, or None."""

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

MAX_NUMBER_DIGITS = 9
"""Most digits of a number in an input, so that every column can store it."""


class Inputs(dict[str, Any]):
    """The entries of a modal by key. Its dialog has all inputs, so a missing one is an error.

    The methods raise UnreadableDialogError if the entry has another type.
    """

    def __missing__(self, key: str) -> Any:  # noqa: ANN401 - a text, a list or None
        """Refuse a modal that lacks an input.

        Raises:
            UnreadableDialogError: always.
        """
        raise UnreadableDialogError(problem=f"no input {key}")

    def text(self, key: str) -> str:
        """Return the text or chosen option of an input, "" if it is empty or not in the modal."""
        value = self.get(key)
        if value is not None and not isinstance(value, str):
            raise UnreadableDialogError(problem=f"input {key} is no text")
        return value or ""

    def required_text(self, key: str) -> str:
        """Return the text or chosen option of an input that cannot be empty."""
        text = self.text(key)
        if not text:
            raise UnreadableDialogError(problem=f"input {key} is empty")
        return text

    def texts(self, key: str) -> list[str]:
        """Return the chosen options or ids of an input, [] if it is empty or not in the modal."""
        values = self.get(key) or []
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise UnreadableDialogError(problem=f"input {key} is no list of texts")
        return values

    def number(self, key: str, default: int) -> int:
        """Return the whole number that was entered, or the default for an empty input.

        Raises:
            FieldsError: it is not a whole number, or too large.
        """
        text = self.text(key) or str(default)
        if not (text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS):
            raise FieldsError({key: "Enter a whole number."})
        return int(text)

    def day(self, key: str) -> date | None:
        """Return the chosen day, None if there is none."""
        try:
            return date.fromisoformat(self.text(key)) if self.text(key) else None
        except ValueError:
            raise UnreadableDialogError(problem=f"input {key} is no day") from None

    def files(self, key: str) -> list[dict[str, Any]]:
        """Return the uploaded files of an input, [] if it is empty or not in the modal."""
        files = self.get(key) or []
        if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
            raise UnreadableDialogError(problem=f"input {key} is no list of files")
        return files


def parse_inputs(values: StateValues) -> Inputs:
    """Parse `state.values` of a modal: the entry of each input by its key, None if it is empty.

    Entries are stripped texts, option values, lists of values, or file objects.
    """
    return Inputs(
        {key: _element_value(elements[key]) for key, elements in values.items() if key in elements}
    )


def _element_value(element: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a text, a list or None
    element_type = element.get("type", "")
    if element_type in VALUE_KEYS:
        value = element.get(VALUE_KEYS[element_type])
        return (value.strip() or None) if isinstance(value, str) else value
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    return (element.get("selected_option") or {}).get("value")


def entered_number(inputs: Entries, name: str, default: int) -> int:
    """Return the whole number that was entered, or the default."""
    value = inputs.get(name)
    return int(value) if isinstance(value, str) and value.isdecimal() else default


def number_within(inputs: Inputs, key: str, minimum: int, maximum: int) -> int | None:
    """Return the whole number that was entered, if Slack accepts it in an input with these limits.

    None for anything else, so that a dialog can be drawn again with any entry.
    """
    text = inputs.text(key)
    is_short = text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS
    return int(text) if is_short and minimum <= int(text) <= maximum else None
