"""Conversion of entered values to the values of inputs, and the checks of Slack's client."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ..blockkit import STATEFUL
from ..composer_text import find_mentions
from ..errors import NotVisibleError
from ..json_codec import Json, as_object
from ..rich_text_markup import markup_to_rich_text
from ..snapshots import element_options
from ..state_values import BlockElement, initial_value, interactive_elements
from ..visible_text import render_text_object
from ..workspace import InputEntries
from ..world import World

UserInput: TypeAlias = str | int | float | Sequence[str] | None
"""A value that a user enters: a text, number, option text, user or channel, or a list of these."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
MAX_TEXT_CHARS = 3000
"""Slack: a plain_text_input takes at most 3,000 characters."""


def to_input_value(
    world: World, target: BlockElement, value: UserInput, *, many: bool, tz: str = "UTC"
) -> object:
    """Return the value of the input `target` after `value` was entered.

    Text for a rich text input may have mrkdwn markup. A date with a time is in seconds since 1970,
    or a text such as "2026-11-23T10:00" in the time zone `tz`. With `many`, the result is a list.

    Raises:
        NotVisibleError: if `value` is not an option, or not a known user or channel.
    """
    if many:
        values = [value] if isinstance(value, (str, int, float)) else value or ()
        return [to_input_value(world, target, item, many=False) for item in values]
    if value is None or value == "":
        return None
    key = STATEFUL[target.kind].key if target.kind in STATEFUL else "selected_option"
    if key.startswith("selected_option"):
        return _find_option(target, str(value))
    if key.startswith(("selected_user", "selected_channel", "selected_conversation")):
        return _find_id(world, str(value))
    if key == "rich_text_value":
        return markup_to_rich_text(str(value), world.ids.block_id(), find_mentions(world.workspace))
    return _to_unix_seconds(value, tz) if key == "selected_date_time" else str(value)


def _to_unix_seconds(value: object, tz: str) -> object:
    if not isinstance(value, str):
        return value
    if value.isdecimal():
        return int(value)
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        message = f"{value!r} is not a date with a time, such as 2026-11-23T10:00"
        raise NotVisibleError(message) from None
    return int((time if time.tzinfo else time.replace(tzinfo=ZoneInfo(tz))).timestamp())


def _find_option(target: BlockElement, text: str) -> Json:
    for option in element_options(target.element):
        if text in {render_text_object(option.get("text"), str), option.get("value")}:
            return option
    texts = [
        render_text_object(option.get("text"), str) for option in element_options(target.element)
    ]
    raise NotVisibleError(problem=f"no option {text!r}", visible=f"{texts}")


def _find_id(world: World, text: str) -> str:
    workspace = world.workspace
    if text in workspace.users or text in workspace.channels:
        return text
    for user in workspace.users.values():
        if text in {user.name, user.real_name}:
            return user.id
    for channel in workspace.channels.values():
        if channel.kind != "im" and text.removeprefix("#") == channel.name:
            return channel.id
    names = [user.name for user in workspace.users.values()]
    raise NotVisibleError(problem=f"no user or channel is called {text!r}", visible=f"{names}")


def client_errors(blocks: list[Json], inputs: InputEntries) -> dict[str, str]:
    """Return the errors for which Slack's client rejects a submission, by block_id."""
    return {
        target.block_id: error
        for target in interactive_elements(blocks)
        if target.is_input
        for error in _input_errors(target, _current_value(target, inputs))
    }


def _current_value(target: BlockElement, inputs: InputEntries) -> object:
    entry = inputs.get((target.block_id, target.action_id))
    if entry is None or entry["type"] != target.kind:
        return initial_value(target.element)
    return entry[STATEFUL[target.kind].key]


def _input_errors(target: BlockElement, value: object) -> Iterator[str]:
    if value in (None, "", []):
        if target.block.get("optional") is not True:
            yield "Please complete this required field."
        return
    if isinstance(value, str):
        yield from _text_errors(target, value)
    if isinstance(value, list):
        yield from _count_errors(target.element, value)


def _text_errors(target: BlockElement, value: str) -> Iterator[str]:
    element = target.element
    if target.kind == "plain_text_input":
        yield from _length_errors(value, element)
    if target.kind == "email_text_input" and not _EMAIL.fullmatch(value):
        yield "Please enter a valid email address."
    if target.kind == "url_text_input" and not _is_url(value):
        yield "Please enter a valid URL."
    if target.kind == "number_input":
        yield from _number_errors(value, element)


def _length_errors(value: str, element: Json) -> Iterator[str]:
    minimum, maximum = element.get("min_length", 0), element.get("max_length", MAX_TEXT_CHARS)
    if len(value) < minimum:
        yield f"Please enter at least {minimum} characters."
    if len(value) > maximum:
        yield f"Please enter no more than {maximum} characters."


def _is_url(value: str) -> bool:
    url = urlsplit(value)
    return url.scheme in {"http", "https"} and bool(url.netloc)


def _number_errors(value: str, element: Json) -> Iterator[str]:
    if not _NUMBER.fullmatch(value):
        yield "Please enter a number."
        return
    if "." in value and not element.get("is_decimal_allowed"):
        yield "Please enter a whole number."
    if float(value) < float(element.get("min_value", "-inf")):
        yield f"Please enter a number of at least {element['min_value']}."
    if float(value) > float(element.get("max_value", "inf")):
        yield f"Please enter a number of at most {element['max_value']}."


def _count_errors(element: Json, values: list[object]) -> Iterator[str]:
    maximum = element.get("max_selected_items") or element.get("max_files")
    if maximum and len(values) > maximum:
        yield f"Please choose no more than {maximum}."


def slug(label: str) -> str:
    """Return `label` as a Python name, so that it can be a keyword argument."""
    return re.sub(r"\W+", "_", label.lower()).strip("_")


def find_input(blocks: list[Json], keyword: str) -> BlockElement | None:
    """Return the input whose action_id, block_id or label slug is `keyword`."""
    for target in interactive_elements(blocks):
        if target.kind in STATEFUL:
            label = render_text_object(as_object(target.block.get("label")), str)
            if keyword in {target.action_id, target.block_id, slug(label)}:
                return target
    return None
