"""Drawing the neutral fields of a form on a message, and reading a tap back: both ways here.

`bot.slack.forms.modal_fields` does the same for a modal.
"""

from __future__ import annotations

from typing import assert_never

from bot.kinds.form import (
    RESTART,
    TIE,
    UNDO,
    ChoiceField,
    MessageField,
    Option,
    RankingField,
    ScaleField,
)
from bot.kinds.rank_notation import has_open_tie, ranks_of, tie_groups
from bot.slack.blockkit.blocks import Block, actions, button, plain_section
from bot.slack.parsing.action_ids import Action

BUTTONS_PER_ROW = 5
"""Buttons side by side that still read as one row on a desktop."""


def message_field_blocks(assignment_id: int, field: MessageField, chosen: object) -> list[Block]:
    """Draw a field that is answered by one tap on the message; `chosen` is marked."""
    match field:
        case ChoiceField():
            return _choice_field_blocks(assignment_id, field, chosen)
        case ScaleField():
            return _scale_field_blocks(assignment_id, field, chosen)
        case RankingField():
            return _ranking_field_blocks(assignment_id, field, str(chosen or ""))
        case _:
            assert_never(field)


def _choice_field_blocks(assignment_id: int, choice: ChoiceField, chosen: object) -> list[Block]:
    buttons = [
        _option_button(
            assignment_id, choice, option, option.label, is_marked=option.value == chosen
        )
        for option in choice.options
    ]
    return _button_rows(assignment_id, choice, buttons, BUTTONS_PER_ROW - 1)


def _scale_field_blocks(assignment_id: int, scale: ScaleField, chosen: object) -> list[Block]:
    title = f"{scale.label} — {scale.question}" if scale.question else scale.label
    buttons = [
        _option_button(
            assignment_id,
            scale,
            option,
            _point_label(option, chosen),
            is_marked=_is_chosen(option, chosen),
            accessibility_label=f"{scale.label}: {option.label} of {len(scale.points)}, {option.hint}",
        )
        for option in scale.points
    ]
    return [plain_section(title), actions(f"tap:{assignment_id}:{scale.key}", *buttons)]


def _point_label(option: Option, chosen: object) -> str:
    text = f"{option.label} {option.hint}".strip()
    return f"✓ {text}" if _is_chosen(option, chosen) else text


def _is_chosen(option: Option, chosen: object) -> bool:
    return chosen is not None and option.value == str(chosen)


def _ranking_field_blocks(assignment_id: int, ranking: RankingField, value: str) -> list[Block]:
    ranks = ranks_of(value)
    buttons = [
        _option_button(
            assignment_id,
            ranking,
            option,
            f"{ranks[option.value]}. {option.label}" if option.value in ranks else option.label,
            is_marked=option.value in ranks,
            accessibility_label=_position_label(option, ranks.get(option.value)),
        )
        for option in ranking.options
    ]
    return [
        plain_section(f"{ranking.label} — {_ranking_progress(ranking, value)}"),
        *_button_rows(assignment_id, ranking, buttons, BUTTONS_PER_ROW),
        actions(
            f"order:{assignment_id}:{ranking.key}",
            *_ranking_controls(assignment_id, ranking, value),
        ),
    ]


def _position_label(option: Option, rank: int | None) -> str:
    return f"{option.label}, place {rank}" if rank else f"{option.label}, not placed yet"


def _ranking_progress(ranking: RankingField, value: str) -> str:
    """Say what was placed and what comes next: `1. B, C  2. A. Now the third`."""
    names = {option.value: option.label for option in ranking.options}
    groups = tie_groups(value)
    if not groups:
        return "tap the best one first."
    ranked_text = "  ".join(
        f"{place}. {', '.join(names.get(one, one) for one in group)}"
        for place, group in enumerate(groups, start=1)
    )
    place = len(groups) if has_open_tie(value) else len(groups) + 1
    return (
        ranked_text
        if len(ranks_of(value)) == len(names)
        else f"{ranked_text}.  Tap number {place}."
    )


def _ranking_controls(assignment_id: int, ranking: RankingField, value: str) -> list[Block]:
    """Draw what goes beside the options: a tie, a step back, all anew, and a window instead."""
    is_complete = len(ranks_of(value)) == len(ranking.options)
    tie_label = "✓ Next one ties" if has_open_tie(value) else "Next one ties"
    controls = [
        *([(TIE, tie_label)] if ranking.allows_ties and value and not is_complete else []),
        *([(UNDO, "One back"), (RESTART, "Start over")] if value else []),
    ]
    write_action = Action("write", assignment_id, ranking.key)
    return [
        *(
            _option_button(assignment_id, ranking, Option(way, words), words)
            for way, words in controls
        ),
        button("Rank in a window", write_action.action_id, write_action.value),
    ]


def _button_rows(
    assignment_id: int, field: MessageField, buttons: list[Block], row_size: int
) -> list[Block]:
    return [
        actions(f"tap:{assignment_id}:{field.key}:{start}", *buttons[start : start + row_size])
        for start in range(0, len(buttons), row_size)
    ]


def _option_button(  # noqa: PLR0913 - they are what a button says
    assignment_id: int,
    field: MessageField,
    option: Option,
    text: str,
    *,
    is_marked: bool = False,
    accessibility_label: str = "",
) -> Block:
    payload = Action("answer", assignment_id, field.key, option.value)
    style = "primary" if is_marked else ""
    return button(
        text, payload.action_id, payload.value, style=style, accessibility_label=accessibility_label
    )


def parse_form_input(payload: Action) -> dict[str, object]:
    """Read a tap back: the field and the option that was tapped."""
    return {payload.field: payload.option}
