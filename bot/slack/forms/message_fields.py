"""Fields of a form as buttons of a message: rendering them, and parsing a tap.

`bot.slack.forms.modal_fields` does the same for modals.
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
from bot.kinds.ranking import MAX_CANDIDATES
from bot.slack.blockkit.blocks import actions, button, plain_section
from bot.slack.blockkit.types import Block, Button
from bot.slack.parsing.action_ids import Action

ORDINALS = ("", "1st", "2nd", "3rd", *(f"{number}th" for number in range(4, MAX_CANDIDATES + 1)))

BUTTONS_PER_ROW = 5
"""Buttons that fit in one row on a desktop."""


def message_field_blocks(assignment_id: int, field: MessageField, chosen: object) -> list[Block]:
    """Render a field that is answered with taps on the message; `chosen` is marked."""
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
            assignment_id,
            choice,
            option,
            _mark_chosen(option.label, option, chosen),
            is_marked=_is_chosen(option, chosen),
            accessibility_label=_option_label(choice, option, chosen),
        )
        for option in choice.options
    ]
    title = [plain_section(choice.label)] * choice.shows_label
    return [*title, *_button_rows(assignment_id, choice, buttons, BUTTONS_PER_ROW - 1)]


def _option_label(choice: ChoiceField, option: Option, chosen: object) -> str:
    """Return what a screen reader reads; "" for the text of the button."""
    state = ", chosen" if _is_chosen(option, chosen) else ""
    return f"{choice.label}: {option.label}{state}" if choice.shows_label else ""


def _scale_field_blocks(assignment_id: int, scale: ScaleField, chosen: object) -> list[Block]:
    title = f"{scale.label} — {scale.question}" if scale.question else scale.label
    buttons = [
        _option_button(
            assignment_id,
            scale,
            option,
            _mark_chosen(f"{option.label} {option.hint}".strip(), option, chosen),
            is_marked=_is_chosen(option, chosen),
            accessibility_label=_point_label(scale, option, chosen),
        )
        for option in scale.points
    ]
    return [plain_section(title), actions(f"answer:{assignment_id}:{scale.key}", *buttons)]


def _point_label(scale: ScaleField, option: Option, chosen: object) -> str:
    """Return what a screen reader reads; the state comes early because Slack cuts long labels."""
    state = ", chosen" if _is_chosen(option, chosen) else ""
    meaning = f", {option.hint}" if option.hint else ""
    return f"{scale.label}: {option.label} of {len(scale.points)}{state}{meaning}"


def _mark_chosen(text: str, option: Option, chosen: object) -> str:
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
            f"ranking:{assignment_id}:{ranking.key}",
            *_ranking_controls(assignment_id, ranking, value),
        ),
    ]


def _position_label(option: Option, rank: int | None) -> str:
    return f"{option.label}, rank {rank}" if rank else f"{option.label}, not ranked yet"


def _ranking_progress(ranking: RankingField, value: str) -> str:
    """Return the ranking so far and the next step, as in “1. B, C  2. A.  Tap your 3rd choice”."""
    names = {option.value: option.label for option in ranking.options}
    groups = tie_groups(value)
    if not groups:
        return "tap your 1st choice."
    ranked_text = "  ".join(
        f"{rank}. {', '.join(names.get(value, value) for value in group)}"
        for rank, group in enumerate(groups, start=1)
    )
    if len(ranks_of(value)) == len(names):
        return ranked_text
    is_tie = has_open_tie(value)
    ordinal = ORDINALS[len(groups) if is_tie else len(groups) + 1]
    return f"{ranked_text}.  Tap {'another' if is_tie else 'your'} {ordinal} choice."


def _ranking_controls(assignment_id: int, ranking: RankingField, value: str) -> list[Button]:
    """Render the controls below the options: tie, undo, restart, and the dialog."""
    is_complete = len(ranks_of(value)) == len(ranking.options)
    tie_label = "✓ Tie with previous" if has_open_tie(value) else "Tie with previous"
    controls = [
        *([(TIE, tie_label)] if ranking.allows_ties and value and not is_complete else []),
        *([(UNDO, "Undo last"), (RESTART, "Start over")] if value else []),
    ]
    write_action = Action("write_answer", assignment_id, ranking.key)
    return [
        *(
            _option_button(assignment_id, ranking, Option(value, label), label)
            for value, label in controls
        ),
        button("Rank in a dialog…", write_action.action_id, write_action.value),
    ]


def _button_rows(
    assignment_id: int, field: MessageField, buttons: list[Button], row_size: int
) -> list[Block]:
    return [
        actions(f"answer:{assignment_id}:{field.key}:{start}", *buttons[start : start + row_size])
        for start in range(0, len(buttons), row_size)
    ]


def _option_button(  # noqa: PLR0913 - what differs between buttons
    assignment_id: int,
    field: MessageField,
    option: Option,
    text: str,
    *,
    is_marked: bool = False,
    accessibility_label: str = "",
) -> Button:
    action = Action("answer", assignment_id, field.key, option.value)
    return button(
        text,
        action.action_id,
        action.value,
        style="primary" if is_marked else None,
        accessibility_label=accessibility_label,
    )


def parse_form_input(action: Action) -> dict[str, object]:
    """Return the option that was tapped, by the key of its field."""
    return {action.field: action.option}
