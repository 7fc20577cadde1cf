"""The inputs of our own modals, drawn and read back: both directions side by side.

An input's block and action both bear its key, so that what was chosen is found by it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from bot.slack.blocks import Block, plain

Options: TypeAlias = Sequence[tuple[str, str]]
"""What can be chosen: values of at most 150 characters with words of at most 75."""

LONGEST_WORDS = 75
"""Characters of an option that Slack shows."""

CHOSEN = {
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
    most: int = 3000,
) -> Block:
    """Return a box to write in, of at most `most` characters (Slack: 3,000)."""
    element = {"type": "plain_text_input", "multiline": multiline, "max_length": most}
    begins = {"initial_value": value[:most]} if value else {}
    return _input(key, label, {**element, **begins, **_says(placeholder)}, hint, optional=optional)


def number_input(  # noqa: PLR0913 - they are what Slack lets an input say
    key: str,
    label: str,
    *,
    least: int,
    most: int,
    value: int | None = None,
    hint: str = "",
    optional: bool = False,
) -> Block:
    """Return a box for a whole number from `least` to `most`."""
    element = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
        **({"initial_value": str(value)} if value is not None else {}),
    }
    return _input(key, label, element, hint, optional=optional)


def link_input(
    key: str, label: str, *, value: str = "", hint: str = "", optional: bool = False
) -> Block:
    """Return a box for a link."""
    begins = {"initial_value": value} if value else {}
    return _input(key, label, {"type": "url_text_input", **begins}, hint, optional=optional)


def choice_input(  # noqa: PLR0913 - they are what Slack lets an input say
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
    kind = "radio_buttons" if as_radio else "static_select"
    drawn = [_option(value, words) for value, words in options]
    begins = [option for option in drawn if option["value"] == chosen]
    element = {
        "type": kind,
        "options": drawn,
        **({"initial_option": begins[0]} if begins else {}),
    }
    return _input(key, label, element, hint, optional=optional)


def choices_input(  # noqa: PLR0913 - they are what Slack lets an input say
    key: str,
    label: str,
    options: Options,
    *,
    chosen: Sequence[str] = (),
    hint: str = "",
    optional: bool = False,
    as_ticks: bool = False,
) -> Block:
    """Return a menu (check boxes: at most 10) to choose several of `options` from, in any order."""
    kind = "checkboxes" if as_ticks else "multi_static_select"
    drawn = [_option(value, words) for value, words in options]
    by_value = {option["value"]: option for option in drawn}
    begins = [by_value[value] for value in chosen if value in by_value]
    element = {"type": kind, "options": drawn, **({"initial_options": begins} if begins else {})}
    return _input(key, label, element, hint, optional=optional)


def people_input(
    key: str, label: str, *, chosen: Sequence[str] = (), hint: str = "", optional: bool = False
) -> Block:
    """Return a menu to choose people from."""
    begins = {"initial_users": list(chosen)} if chosen else {}
    return _input(key, label, {"type": "multi_users_select", **begins}, hint, optional=optional)


def channel_input(
    key: str, label: str, *, chosen: str = "", hint: str = "", optional: bool = False
) -> Block:
    """Return a menu to choose a public or private channel from."""
    element = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": chosen} if chosen else {}),
    }
    return _input(key, label, element, hint, optional=optional)


def date_input(
    key: str, label: str, *, chosen: date | None = None, hint: str = "", optional: bool = False
) -> Block:
    """Return a calendar to choose a day from."""
    begins = {"initial_date": chosen.isoformat()} if chosen else {}
    return _input(key, label, {"type": "datepicker", **begins}, hint, optional=optional)


def time_input(
    key: str, label: str, *, chosen: str = "", hint: str = "", optional: bool = False
) -> Block:
    """Return a clock to choose a time such as 09:30 from."""
    begins = {"initial_time": chosen} if chosen else {}
    return _input(key, label, {"type": "timepicker", **begins}, hint, optional=optional)


def file_input(
    key: str, label: str, filetypes: Sequence[str], *, hint: str = "", optional: bool = False
) -> Block:
    """Return a place to drop one file of one of these types."""
    element = {"type": "file_input", "filetypes": list(filetypes), "max_files": 1}
    return _input(key, label, element, hint, optional=optional)


def _input(key: str, label: str, element: Block, hint: str, *, optional: bool) -> Block:
    return {
        "type": "input",
        "block_id": key,
        "label": plain(label),
        "element": {**element, "action_id": key},
        "optional": optional,
        **({"hint": plain(hint)} if hint else {}),
    }


def _says(placeholder: str) -> Block:
    return {"placeholder": plain(placeholder)} if placeholder else {}


def _option(value: str, words: str) -> Block:
    words = words if words.strip() else "(no name)"
    shown = words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"
    return {"text": plain(shown), "value": value}


def entered(values: Mapping[str, Any]) -> dict[str, Any]:
    """Read `state.values` of a modal back, by key: texts, values, lists, files; None where empty.

    Texts are stripped at both ends.
    """
    return {key: _one(elements[key]) for key, elements in values.items() if key in elements}


def _one(element: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a text, a list or nothing
    kind = element.get("type", "")
    if kind in CHOSEN:
        found = element.get(CHOSEN[kind])
        return (found.strip() or None) if isinstance(found, str) else found
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    return (element.get("selected_option") or {}).get("value")
