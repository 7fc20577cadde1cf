"""The settings of a kind in a modal, whatever they are: drawn from its fields and read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast, get_args, get_origin

from pydantic.fields import FieldInfo

from bot.kinds import kind_named
from bot.kinds.anchoring import from_lines, in_lines
from bot.slack.blocks import Block
from bot.slack.inputs import choice_input, choices_input, number_input, text_input

WORDS = {
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

HINT = (
    "The name, perhaps a question in brackets, then what each point means, from low to high: "
    "Humor (How funny is it?): not funny | faint smile | laughed out loud"
)
CRITERIA = "criteria"
CATEGORIES = "reason_categories"
TICKED = "yes"


def key_of(kind: str, name: str) -> str:
    """Return the key of the input of a setting: each kind has its own, and its own defaults."""
    return f"{kind}_{name}"


def draw(kind: str, said: Mapping[str, Any]) -> list[Block]:
    """Return the inputs of a kind's settings, with what was said so far or the kind's defaults."""
    return [
        block
        for name, field in kind_named(kind).settings.model_fields.items()
        for block in _input(key_of(kind, name), name, field, said)
    ]


def _input(key: str, name: str, field: FieldInfo, said: Mapping[str, Any]) -> Iterator[Block]:
    label = WORDS.get(name, name.replace("_", " ").capitalize())
    default, wanted = field.get_default(call_default_factory=True), field.annotation
    value = said.get(key, default) if key in said else default
    if name == CRITERIA:
        text = value if isinstance(value, str) else in_lines(default)
        yield text_input(key, label, value=text, hint=HINT, multiline=True)
    elif name == CATEGORIES:
        text = value if isinstance(value, str) else "\n".join(one.label for one in default)
        text = "" if value is None else text
        yield text_input(key, label, value=text, optional=True, multiline=True)
    elif wanted is bool:
        on = TICKED in value if isinstance(value, list) else bool(value)
        ticked = [TICKED] if on else []
        yield choices_input(
            key, label, [(TICKED, "Yes")], chosen=ticked, optional=True, as_ticks=True
        )
    elif get_origin(wanted) is Literal:
        options = [(str(one), str(one).capitalize()) for one in get_args(wanted)]
        yield choice_input(key, label, options, chosen=str(value))
    elif wanted is int:
        yield number_input(key, label, least=0, most=1000, value=int(value or 0))
    elif wanted is str:
        yield text_input(key, label, value=str(value or ""), most=200)


def read(kind: str, said: Mapping[str, Any]) -> dict[str, object]:
    """Return what was chosen of a kind's settings; those that have no input are left out.

    Raises:
        BadCriterionError: a line of the criteria cannot be read.
    """
    return {
        name: _value(name, field, said[key_of(kind, name)])
        for name, field in kind_named(kind).settings.model_fields.items()
        if key_of(kind, name) in said
    }


def _value(name: str, field: FieldInfo, said: object) -> object:
    if name == CRITERIA:
        return [one.model_dump(mode="json") for one in from_lines(str(said or ""))]
    if name == CATEGORIES:
        keys = {one.label: one.key for one in field.get_default(call_default_factory=True)}
        lines = [" ".join(line.split()) for line in str(said or "").splitlines() if line.strip()]
        return [{"key": keys[one], "label": one} if one in keys else one for one in lines]
    if get_origin(field.annotation) is Literal:
        return next((one for one in get_args(field.annotation) if str(one) == said), said)
    if field.annotation is bool:
        return TICKED in cast("list[str]", said or [])
    return int(str(said)) if field.annotation is int else said
