"""Drawing the neutral fields of a form in a modal, and reading them back: both directions here.

An input's block bears the field's key and a part: the number of a piece of text, an option that
gets a rank, or 0. What is wrong with a part is shown at its block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from bot.kinds.form import Choice, Choices, Field, Option, Ordered, Scale, Text
from bot.kinds.ordering import ranks_of
from bot.slack.blocks import Block, plain
from bot.slack.ids import is_number
from bot.slack.inputs import choice_input, choices_input, entered
from bot.slack.text import pages

INPUT = 3000
"""Characters of one Slack input."""

TICKS = 10
"""Options that Slack shows as boxes to tick; more go into a menu."""

MOST_PARTS = 15
"""Inputs in one modal: 45,000 characters, well inside Slack's 250 kB a view."""

LONGEST_JOIN = 20
"""Line ends kept between two parts; private metadata has room for no more than a few."""

Joins = Mapping[str, tuple[str, ...]]
"""What stood between the parts of each text before it was split."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a sheet: the parts of each text, and what is chosen in the other fields."""

    parts: Mapping[str, list[str]]
    chosen: Mapping[str, object]
    joins: Joins


def begun(fields: Iterable[Field], value: Mapping[str, object]) -> Filled:
    """Return what a sheet begins with: the answer so far, else what each text begins with."""
    texts = {f.key: split(str(value.get(f.key, f.initial))) for f in fields if isinstance(f, Text)}
    return Filled(
        parts={key: parts for key, (parts, _joins) in texts.items()},
        chosen=value,
        joins={key: joins for key, (_parts, joins) in texts.items() if joins},
    )


def typed(fields: Iterable[Field], state: Mapping[str, Any], joins: Joins) -> Filled:
    """Return what stands in an open sheet, from its `state.values`."""
    fields = tuple(fields)
    parts = {f.key: parts_from(state, f) for f in fields if isinstance(f, Text)}
    chosen = {f.key: _chosen(f, state) for f in fields if not isinstance(f, Text)}
    return Filled(parts, chosen, joins)


def given_from(
    fields: Iterable[Field], state: Mapping[str, Any], joins: Joins
) -> dict[str, object]:
    """Read a sheet back as it was sent: the fields that were drawn, each as its kind reads it."""
    filled = typed((f for f in fields if _is_drawn(f, state)), state, joins)
    texts = {key: joined(parts, joins.get(key, ())) for key, parts in filled.parts.items()}
    return {**texts, **filled.chosen}


def _is_drawn(field: Field, state: Mapping[str, Any]) -> bool:
    return any(block_id.partition(":")[0] == field.key for block_id in state)


def input_blocks(field: Field, filled: Filled) -> list[Block]:
    """Draw one field with what stands in it."""
    match field:
        case Text():
            return text_blocks(field, filled.parts.get(field.key) or [""])
        case Choice():
            return [_choice(field, field.options, filled.chosen.get(field.key))]
        case Scale():
            return [_choice(field, field.points, filled.chosen.get(field.key))]
        case Choices():
            return [_choices(field, filled.chosen.get(field.key))]
        case Ordered():
            return _ranks(field, filled.chosen.get(field.key))
        case _:
            assert_never(field)


def _chosen(field: Choice | Choices | Scale | Ordered, state: Mapping[str, Any]) -> object:
    found = entered(state)
    if isinstance(field, Choices):
        return found.get(f"{field.key}:0") or []
    if isinstance(field, Ordered):
        ranks = {option.value: found.get(f"{field.key}:{option.value}") for option in field.options}
        return {name: rank for name, rank in ranks.items() if rank}
    return found.get(f"{field.key}:0")


def _choice(field: Choice | Scale, options: tuple[Option, ...], chosen: object) -> Block:
    return choice_input(
        f"{field.key}:0",
        field.label,
        [(option.value, f"{option.label} {option.hint}".strip()) for option in options],
        chosen="" if chosen is None else str(chosen),
        optional=field.optional,
        as_radio=len(options) <= TICKS,
    )


def _choices(field: Choices, chosen: object) -> Block:
    return choices_input(
        f"{field.key}:0",
        field.label,
        [(option.value, option.label) for option in field.options],
        chosen=[str(one) for one in chosen] if isinstance(chosen, list) else (),
        hint=field.hint,
        optional=field.optional,
        as_ticks=len(field.options) <= TICKS,
    )


def _ranks(field: Ordered, chosen: object) -> list[Block]:
    """Draw a menu of ranks for each option; those from a line or from a sheet stand in it."""
    known = chosen if isinstance(chosen, Mapping) else ranks_of(str(chosen or ""))
    count = len(field.options)
    ranks = [(str(rank), _rank(rank, count)) for rank in range(1, count + 1)]
    return [
        choice_input(
            f"{field.key}:{option.value}",
            f"Rank of {option.label}",
            ranks,
            chosen=str(known.get(option.value, "")),
            hint=field.hint if option is field.options[0] else "",
        )
        for option in field.options
    ]


def _rank(rank: int, count: int) -> str:
    ends = {1: "1, the best", count: f"{count}, the worst"}
    return ends.get(rank, str(rank))


def text_blocks(text: Text, parts: list[str]) -> list[Block]:
    """Draw a field that is written in a modal, in as many inputs as it has parts."""
    return [_input(text, number, part, len(parts)) for number, part in enumerate(parts)]


def focused(blocks: list[Block], field: Field) -> list[Block]:
    """Let the cursor stand in the last box of a text when the modal opens."""
    if isinstance(field, Text):
        blocks[-1]["element"]["focus_on_load"] = True
    return blocks


def _input(text: Text, number: int, part: str, count: int) -> Block:
    label = text.label if count == 1 else f"{text.label}, part {number + 1}"
    element = {
        "type": "plain_text_input",
        "action_id": text.key,
        "multiline": True,
        "max_length": INPUT,
        **({"initial_value": part} if part else {}),
    }
    return {
        "type": "input",
        "block_id": f"{text.key}:{number}",
        "label": plain(label),
        "element": element,
        "optional": text.optional or number > 0,
        **({"hint": plain(text.hint)} if text.hint else {}),
    }


def parts_from(values: Mapping[str, Any], text: Text) -> list[str]:
    """Read the parts of a written field back from `state.values`, in order, exactly as written."""
    found: dict[int, str] = {}
    for block_id, elements in values.items():
        key, _, number = block_id.partition(":")
        if key == text.key and is_number(number):
            found[int(number)] = str((elements.get(text.key) or {}).get("value") or "")
    return [found[number] for number in sorted(found)]


def split(text: str) -> tuple[list[str], tuple[str, ...]]:
    """Return a text as parts that fit an input, and what stood between them: nothing is lost."""
    parts, joins = [], []
    found = pages(text, INPUT)
    for number, page in enumerate(found, start=1):
        part = page if number == len(found) else page.rstrip("\n")
        part = part if len(page) - len(part) <= LONGEST_JOIN else page
        parts.append(part)
        joins.append(page[len(part) :])
    return parts, tuple(joins[:-1])


def joined(parts: list[str], joins: tuple[str, ...]) -> str:
    """Return the parts as one text: what stood between them before, else a new paragraph."""
    written = ""
    for number, part in enumerate(parts):
        written += part
        if any(parts[number + 1 :]):
            known = number < len(joins) and part
            written += joins[number] if known else "\n\n" if part else ""
    return written
