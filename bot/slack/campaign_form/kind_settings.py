"""The settings of a kind in a modal, whatever they are: drawn from its fields and read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast, get_args, get_origin

from pydantic.fields import FieldInfo

from bot.kinds import kind_named
from bot.kinds.criteria_text import format_criteria, parse_criteria
from bot.slack.blockkit.blocks import Block
from bot.slack.blockkit.inputs import multi_select_input, number_input, select_input, text_input

SETTING_LABELS = {
    "criteria": "Criteria, a line each",
    "noun": "What the rated text is called",
    "strength": "Ask how much better it is",
    "reason": "Ask why",
    "reason_categories": "Reasons to pick from, a line each",
    "confidence": "Ask how sure they are",
    "levels": "Levels (with 2, another expert confirms each answer)",
    "ties": "Allow ties",
    "task": "What is judged",
    "per_turn": "Rate each turn of a conversation",
    "write_better": "Offer to write a better one where both are bad",
}
"""What the settings of kinds are called; others by their own name."""

CRITERIA_HINT = (
    "The name, perhaps a question in brackets, then what each point means, from low to high: "
    "Humor (How funny is it?): not funny | faint smile | laughed out loud"
)
CRITERIA = "criteria"
CATEGORIES = "reason_categories"
CHECKED_VALUE = "yes"


def input_key(kind: str, name: str) -> str:
    """Return the key of the input of a setting: each kind has its own, and its own defaults."""
    return f"{kind}_{name}"


def kind_settings_inputs(kind: str, values: Mapping[str, Any]) -> list[Block]:
    """Return the inputs of a kind's settings, with what was said so far or the kind's defaults."""
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
        text = value if isinstance(value, str) else "\n".join(one.label for one in default)
        text = "" if value is None else text
        yield text_input(key, label, value=text, optional=True, multiline=True)
    elif annotation is bool:
        on = CHECKED_VALUE in value if isinstance(value, list) else bool(value)
        ticked = [CHECKED_VALUE] if on else []
        yield multi_select_input(
            key, label, [(CHECKED_VALUE, "Yes")], chosen=ticked, optional=True, as_checkboxes=True
        )
    elif get_origin(annotation) is Literal:
        options = [(str(one), str(one).capitalize()) for one in get_args(annotation)]
        yield select_input(key, label, options, chosen=str(value))
    elif annotation is int:
        yield number_input(key, label, minimum=0, maximum=1000, value=int(value or 0))
    elif annotation is str:
        yield text_input(key, label, value=str(value or ""), max_length=200)


def parse_kind_settings(kind: str, values: Mapping[str, Any]) -> dict[str, object]:
    """Return what was chosen of a kind's settings; those that have no input are left out.

    Raises:
        BadCriterionError: a line of the criteria cannot be read.
    """
    return {
        name: _parse_setting(name, field, values[input_key(kind, name)])
        for name, field in kind_named(kind).settings.model_fields.items()
        if input_key(kind, name) in values
    }


def _parse_setting(name: str, field: FieldInfo, value: object) -> object:
    if name == CRITERIA:
        return [one.model_dump(mode="json") for one in parse_criteria(str(value or ""))]
    if name == CATEGORIES:
        keys = {one.label: one.key for one in field.get_default(call_default_factory=True)}
        lines = [" ".join(line.split()) for line in str(value or "").splitlines() if line.strip()]
        return [{"key": keys[one], "label": one} if one in keys else one for one in lines]
    if get_origin(field.annotation) is Literal:
        return next((one for one in get_args(field.annotation) if str(one) == value), value)
    if field.annotation is bool:
        return CHECKED_VALUE in cast("list[str]", value or [])
    return int(str(value)) if field.annotation is int else value
