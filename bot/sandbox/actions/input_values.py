"""From what a test writes to what an input holds, and what Slack's client checks of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.sandbox.blockkit import STATEFUL
from bot.sandbox.composer_text import user_ids_by_name
from bot.sandbox.errors import NotVisibleError
from bot.sandbox.json_codec import Json, as_object
from bot.sandbox.rich_text_markup import markup_to_rich_text
from bot.sandbox.snapshots import element_options
from bot.sandbox.state_values import BlockElement, initial_value, interactive_elements
from bot.sandbox.visible_text import render_text_object
from bot.sandbox.workspace import InputEntries
from bot.sandbox.world import World

UserInput: TypeAlias = str | int | float | Sequence[str] | None
"""What a person enters: a text, a number, the text of an option, somebody's id, or several."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
MAX_TEXT_CHARS = 3000
"""Slack: a plain_text_input takes at most 3,000 characters."""


def to_input_value(
    world: World, target: BlockElement, value: UserInput, *, many: bool, tz: str = "UTC"
) -> object:
    """Return what the input `target` holds once `value` was entered.

    What is entered into a rich text input may be marked up as in mrkdwn. A date with a time is in
    seconds since 1970, or "2026-11-23T10:00" by the clock of `tz`.

    Raises:
        NotVisible: if `value` is not among the options, or names nobody.
    """
    if many:
        several = [value] if isinstance(value, (str, int, float)) else value or ()
        return [to_input_value(world, target, one, many=False) for one in several]
    if value is None or value == "":
        return None
    key = STATEFUL[target.kind].key if target.kind in STATEFUL else "selected_option"
    if key.startswith("selected_option"):
        return _find_option(target, str(value))
    if key.startswith(("selected_user", "selected_channel", "selected_conversation")):
        return _find_id(world, str(value))
    if key == "rich_text_value":
        return markup_to_rich_text(
            str(value), world.ids.block_id(), user_ids_by_name(world.workspace)
        )
    return _to_unix_seconds(value, tz) if key == "selected_date_time" else str(value)


def _to_unix_seconds(value: object, tz: str) -> object:
    if not isinstance(value, str):
        return value
    if value.isdecimal():
        return int(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise NotVisibleError(
            wanted=f"{value!r} is no date with a time", seen="a calendar"
        ) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(tz))).timestamp())


def _find_option(target: BlockElement, text: str) -> Json:
    for option in element_options(target.element):
        if text in {render_text_object(option.get("text"), str), option.get("value")}:
            return option
    offered = [
        render_text_object(option.get("text"), str) for option in element_options(target.element)
    ]
    raise NotVisibleError(wanted=f"the option {text!r} is not there", seen=f"{offered}")


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
    known = [user.name for user in workspace.users.values()]
    raise NotVisibleError(wanted=f"nobody and no channel is called {text!r}", seen=f"{known}")


def client_errors(blocks: list[Json], inputs: InputEntries) -> dict[str, str]:
    """Return what Slack's client refuses to submit, by block_id."""
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
    least, most = element.get("min_length", 0), element.get("max_length", MAX_TEXT_CHARS)
    if len(value) < least:
        yield f"Please enter at least {least} characters."
    if len(value) > most:
        yield f"Please enter no more than {most} characters."


def _is_url(value: str) -> bool:
    address = urlsplit(value)
    return address.scheme in {"http", "https"} and bool(address.netloc)


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
    most = element.get("max_selected_items") or element.get("max_files")
    if most and len(values) > most:
        yield f"Please choose no more than {most}."


def slug(label: str) -> str:
    """Return `label` as a Python name, so that a keyword can name it."""
    return re.sub(r"\W+", "_", label.lower()).strip("_")


def find_input(blocks: list[Json], keyword: str) -> BlockElement | None:
    """Return the input that `keyword` names by action_id, block_id or the slug of its label."""
    for target in interactive_elements(blocks):
        if target.kind in STATEFUL:
            label = render_text_object(as_object(target.block.get("label")), str)
            if keyword in {target.action_id, target.block_id, slug(label)}:
                return target
    return None
