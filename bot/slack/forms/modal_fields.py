"""Fields of a form as inputs of a modal: rendering them, and parsing the state of the modal.

The `block_id` of an input is `key:part`. The part is the number of a text part, the option that
gets a rank, or 0. Slack shows an error at the block it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from bot.kinds.form import (
    ChoiceField,
    Field,
    MultiChoiceField,
    Option,
    RankingField,
    ScaleField,
    TextField,
)
from bot.kinds.rank_notation import ranks_of
from bot.slack.blockkit.entries import StateValues, parse_inputs
from bot.slack.blockkit.inputs import input_block, multi_select_input, select_input
from bot.slack.blockkit.text import split_pages
from bot.slack.blockkit.types import InputBlock, PlainTextInput, RichTextInput
from bot.slack.forms.formatted_text import rich_text_input
from bot.slack.parsing.action_ids import is_number
from bot.slack.parsing.text_boxes import entered_text, has_formatted_box

MAX_INPUT_CHARACTERS = 3000
"""Longest text of a Slack input."""

MAX_CHECKBOXES = 10
"""Options that Slack accepts as checkboxes or radio buttons; more become a menu."""

MAX_VIEW_BYTES = 250_000
"""Largest modal, as JSON: https://docs.slack.dev/reference/views/ says “250 kb”."""

MAX_PARTS = 15
"""Inputs in one modal: 45,000 characters, well within `MAX_VIEW_BYTES`."""

MAX_JOIN_CHARACTERS = 20
"""Longest join: private metadata, which holds the joins, has little room."""

FORMATTED = "_formatted"
"""What the action id of a box with formatting adds to that of a plain one."""

Joins = Mapping[str, tuple[str, ...]]
"""The newlines between the parts of each text, which splitting removed, by key."""


@dataclass(frozen=True, slots=True)
class ModalContents:
    """What a modal holds: the parts of each text, and the values of the other fields.

    `is_formatted`: long texts are in boxes with formatting, as Markdown.
    """

    parts: Mapping[str, list[str]]
    chosen: Mapping[str, object]
    joins: Joins
    is_formatted: bool = False


def initial_contents(fields: Iterable[Field], value: Mapping[str, object]) -> ModalContents:
    """Return what a modal shows at first: the answer so far, or the initial texts."""
    texts = {
        f.key: split_text(str(value.get(f.key, f.initial)))
        for f in fields
        if isinstance(f, TextField)
    }
    return ModalContents(
        parts={key: parts for key, (parts, _joins) in texts.items()},
        chosen=value,
        joins={key: joins for key, (_parts, joins) in texts.items() if joins},
    )


def fits_in_modal(field: Field, value: Mapping[str, object]) -> bool:
    """Return whether a modal has room for the current text of a field."""
    return len(initial_contents((field,), value).parts.get(field.key, [])) <= MAX_PARTS


def parse_contents(fields: Iterable[Field], state: StateValues, joins: Joins) -> ModalContents:
    """Parse what is in an open modal, from its `state.values`."""
    fields = tuple(fields)
    parts = {f.key: parse_text_parts(state, f) for f in fields if isinstance(f, TextField)}
    chosen = {f.key: _chosen_value(f, state) for f in fields if not isinstance(f, TextField)}
    return ModalContents(parts, chosen, joins, is_formatted=has_formatted_box(state))


def with_other_boxes(contents: ModalContents) -> ModalContents:
    """Return the same texts in boxes with formatting, or in plain ones if they had formatting.

    A plain box has a limit of characters, so the texts are split again.
    """
    texts = {
        key: split_text(join_parts(parts, contents.joins.get(key, ())))
        for key, parts in contents.parts.items()
    }
    return ModalContents(
        parts={key: parts for key, (parts, _joins) in texts.items()},
        chosen=contents.chosen,
        joins={key: joins for key, (_parts, joins) in texts.items() if joins},
        is_formatted=not contents.is_formatted,
    )


def parse_modal_input(
    fields: Iterable[Field], state: StateValues, joins: Joins
) -> dict[str, object]:
    """Parse a submitted modal: the value of each rendered field, as its kind expects it."""
    contents = parse_contents((f for f in fields if _is_in_state(f, state)), state, joins)
    texts = {key: join_parts(parts, joins.get(key, ())) for key, parts in contents.parts.items()}
    return {**texts, **contents.chosen}


def _is_in_state(field: Field, state: StateValues) -> bool:
    return any(block_id.partition(":")[0] == field.key for block_id in state)


def input_blocks(field: Field, contents: ModalContents) -> list[InputBlock]:
    """Render a field with its contents."""
    match field:
        case TextField():
            parts = contents.parts.get(field.key) or [""]
            has_formatting = contents.is_formatted and field.long
            return text_blocks(field, parts, has_formatting=has_formatting)
        case ChoiceField():
            return [_choice_block(field, field.options, contents.chosen.get(field.key))]
        case ScaleField():
            return [_choice_block(field, field.points, contents.chosen.get(field.key))]
        case MultiChoiceField():
            return [_multi_choice_block(field, contents.chosen.get(field.key))]
        case RankingField():
            return _rank_blocks(field, contents.chosen.get(field.key))
        case _:
            assert_never(field)


def _chosen_value(
    field: ChoiceField | MultiChoiceField | ScaleField | RankingField, state: StateValues
) -> object:
    entered_values = parse_inputs(state)
    if isinstance(field, MultiChoiceField):
        return entered_values.get(f"{field.key}:0") or []
    if isinstance(field, RankingField):
        ranks = {
            option.value: entered_values.get(f"{field.key}:{option.value}")
            for option in field.options
        }
        return {value: rank for value, rank in ranks.items() if rank}
    return entered_values.get(f"{field.key}:0")


def _choice_block(
    field: ChoiceField | ScaleField, options: tuple[Option, ...], chosen: object
) -> InputBlock:
    return select_input(
        f"{field.key}:0",
        field.label,
        [(option.value, f"{option.label} {option.hint}".strip()) for option in options],
        chosen="" if chosen is None else str(chosen),
        optional=field.optional,
        as_radio=len(options) <= MAX_CHECKBOXES,
    )


def _multi_choice_block(field: MultiChoiceField, chosen: object) -> InputBlock:
    return multi_select_input(
        f"{field.key}:0",
        field.label,
        [(option.value, option.label) for option in field.options],
        chosen=[str(value) for value in chosen] if isinstance(chosen, list) else (),
        hint=field.hint,
        optional=field.optional,
        as_checkboxes=len(field.options) <= MAX_CHECKBOXES,
    )


def _rank_blocks(field: RankingField, chosen: object) -> list[InputBlock]:
    """Render a menu of ranks for each option. `chosen` is rank notation or ranks by option."""
    chosen_ranks = chosen if isinstance(chosen, Mapping) else ranks_of(str(chosen or ""))
    count = len(field.options)
    ranks = [(str(rank), _rank_label(rank, count)) for rank in range(1, count + 1)]
    return [
        select_input(
            f"{field.key}:{option.value}",
            f"Rank of {option.label}",
            ranks,
            chosen=str(chosen_ranks.get(option.value, "")),
            hint=field.hint if option is field.options[0] else "",
        )
        for option in field.options
    ]


def _rank_label(rank: int, count: int) -> str:
    ends = {1: "1, the best", count: f"{count}, the worst"}
    return ends.get(rank, str(rank))


def text_blocks(
    text: TextField, parts: list[str], *, has_formatting: bool = False
) -> list[InputBlock]:
    """Render a text field with an input for each part, with or without formatting."""
    draw = rich_text_input if has_formatting else _plain_text_input
    # Slack keeps what is in an input that has the same action_id as before.
    action_id = f"{text.key}{FORMATTED}" if has_formatting else text.key
    return [
        _text_part_block(text, number, draw(action_id, part), len(parts))
        for number, part in enumerate(parts)
    ]


def focus_last_part(blocks: list[InputBlock]) -> list[InputBlock]:
    """Put the cursor into the last input when the modal opens, if it is a text box."""
    element = blocks[-1]["element"]
    if element["type"] in ("plain_text_input", "rich_text_input"):
        element["focus_on_load"] = True
    return blocks


def _plain_text_input(key: str, text: str) -> PlainTextInput:
    element: PlainTextInput = {
        "type": "plain_text_input",
        "action_id": key,
        "multiline": True,
        "max_length": MAX_INPUT_CHARACTERS,
    }
    if text:
        element["initial_value"] = text
    return element


def _text_part_block(
    text: TextField, number: int, element: PlainTextInput | RichTextInput, count: int
) -> InputBlock:
    label = text.label if count == 1 else f"{text.label}, part {number + 1}"
    return input_block(
        f"{text.key}:{number}", label, element, text.hint, optional=text.optional or number > 0
    )


def parse_text_parts(values: StateValues, text: TextField) -> list[str]:
    """Return the parts of a text field from `state.values`, in order, exactly as entered.

    Raises:
        UnreadableDialogError: a box with formatting has no rich text.
    """
    parts: dict[int, str] = {}
    for block_id, elements in values.items():
        key, _, number = block_id.partition(":")
        if key == text.key and is_number(number):
            box = elements.get(text.key) or elements.get(f"{text.key}{FORMATTED}") or {}
            parts[int(number)] = entered_text(box)
    return [parts[number] for number in sorted(parts)]


def split_text(text: str) -> tuple[list[str], tuple[str, ...]]:
    """Split a text into parts that fit an input, and the newlines between them."""
    parts, joins = [], []
    text_pages = split_pages(text, MAX_INPUT_CHARACTERS)
    for number, page in enumerate(text_pages, start=1):
        part = page if number == len(text_pages) else page.rstrip("\n")
        part = part if len(page) - len(part) <= MAX_JOIN_CHARACTERS else page
        parts.append(part)
        joins.append(page[len(part) :])
    return parts, tuple(joins[:-1])


def join_parts(parts: list[str], joins: tuple[str, ...]) -> str:
    """Join parts with what `split_text` removed between them, or with a blank line."""
    text = ""
    for number, part in enumerate(parts):
        text += part
        if any(parts[number + 1 :]):
            has_join = number < len(joins) and part
            text += joins[number] if has_join else "\n\n" if part else ""
    return text
