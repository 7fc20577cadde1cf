"""Inputs for the settings of any kind, rendered from the fields of its model and parsed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast, get_args, get_origin

from pydantic.fields import FieldInfo

from bot.kinds import kind_named
from bot.kinds.criteria_text import format_criteria, parse_criteria
from bot.slack.blockkit.inputs import multi_select_input, number_input, select_input, text_input
from bot.slack.blockkit.types import Block

SETTING_LABELS = {
    "criteria": "Criteria, one per line",
    "noun": "What is rated (singular, for example joke)",
    "strength": "Ask how much better it is",
    "reason": "Ask for a reason",
    "reason_categories": "Reasons to choose from, one per line",
    "confidence": "Ask for confidence",
    "levels": "Require confirmation by a second expert",
    "ties": "Allow ties",
    "task": "Type of text",
    "per_turn": "Rate each turn of a conversation",
    "write_better": "Offer to write a better response if both are bad",
}
"""Labels of settings. A setting without one is labeled with its name."""

OPTION_LABELS = {"levels": {1: "No", 2: "Yes"}}
"""Labels of options by setting and value, where the value itself is no label."""

CRITERIA_HINT = (
    "A name, an optional question in parentheses, and the points from low to high: "
    "Humor (How funny is it?): not funny | faint smile | laughed out loud"
)
CRITERIA = "criteria"
CATEGORIES = "reason_categories"
CHECKED_VALUE = "yes"


def input_key(kind: str, name: str) -> str:
    """Return the key of an input. It contains the kind because each kind has its own defaults."""
    return f"{kind}_{name}"


def kind_settings_inputs(kind: str, values: Mapping[str, Any]) -> list[Block]:
    """Return inputs for the settings of a kind, with the entries so far or the kind's defaults."""
    return [
        block
        for name, field in kind_named(kind).settings.model_fields.items()
        for block in _setting_input(input_key(kind, name), name, field, values)
    ]


def _setting_input(
    key: str, name: str, field: FieldInfo, values: Mapping[str, Any]
) -> Iterator[Block]:
    label = SETTING_LABELS.get(name, name.replace("_", " ").capitalize())
    default, annotation = field.get_default(call_default_factory=True), field.annotation
    value = values.get(key, default) if key in values else default
    if name == CRITERIA:
        text = value if isinstance(value, str) else format_criteria(default)
        yield text_input(key, label, value=text, hint=CRITERIA_HINT, multiline=True)
    elif name == CATEGORIES:
        text = value if isinstance(value, str) else "\n".join(reason.label for reason in default)
        text = "" if value is None else text
        yield text_input(key, label, value=text, optional=True, multiline=True)
    elif annotation is bool:
        is_checked = CHECKED_VALUE in value if isinstance(value, list) else bool(value)
        chosen = [CHECKED_VALUE] if is_checked else []
        yield multi_select_input(
            key, label, [(CHECKED_VALUE, "Yes")], chosen=chosen, optional=True, as_checkboxes=True
        )
    elif get_origin(annotation) is Literal:
        labels = OPTION_LABELS.get(name, {})
        options = [
            (str(option), labels.get(option, str(option).capitalize()))
            for option in get_args(annotation)
        ]
        yield select_input(key, label, options, chosen=str(value))
    elif annotation is int:
        yield number_input(key, label, minimum=0, maximum=1000, value=int(value or 0))
    elif annotation is str:
        yield text_input(key, label, value=str(value or ""), max_length=200)


def parse_kind_settings(kind: str, values: Mapping[str, Any]) -> dict[str, object]:
    """Parse the settings of a kind from the entries; settings without an input are omitted.

    Raises:
        BadCriterionError: A line of the criteria is malformed.
    """
    return {
        name: _parse_setting(name, field, values[input_key(kind, name)])
        for name, field in kind_named(kind).settings.model_fields.items()
        if input_key(kind, name) in values
    }


def _parse_setting(name: str, field: FieldInfo, value: object) -> object:
    if name == CRITERIA:
        return [criterion.model_dump(mode="json") for criterion in parse_criteria(str(value or ""))]
    if name == CATEGORIES:
        defaults = field.get_default(call_default_factory=True)
        keys = {reason.label: reason.key for reason in defaults}
        lines = [" ".join(line.split()) for line in str(value or "").splitlines() if line.strip()]
        return [{"key": keys[line], "label": line} if line in keys else line for line in lines]
    if get_origin(field.annotation) is Literal:
        options = get_args(field.annotation)
        return next((option for option in options if str(option) == value), value)
    if field.annotation is bool:
        return CHECKED_VALUE in cast("list[str]", value or [])
    return int(str(value)) if field.annotation is int else value
