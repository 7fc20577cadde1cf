"""Drawing the neutral fields of a form on a message, and reading a tap back: both ways here.

`bot.slack.sheets` does the same for a modal.
"""

from __future__ import annotations

from typing import assert_never

from bot.kinds.form import BACK, EQUAL, OVER, Choice, Option, Ordered, Scale, Tap
from bot.kinds.ordering import groups_of, is_tying, ranks_of
from bot.slack.blocks import Block, actions, button, plain_section
from bot.slack.ids import Press

ROW = 5
"""Buttons side by side that still read as one row on a desktop."""


def tap_rows(assignment: int, tap: Tap, chosen: object) -> list[Block]:
    """Draw a field that is answered by one tap on the message; `chosen` is marked."""
    match tap:
        case Choice():
            return _choice_rows(assignment, tap, chosen)
        case Scale():
            return _scale_rows(assignment, tap, chosen)
        case Ordered():
            return _order_rows(assignment, tap, str(chosen or ""))
        case _:
            assert_never(tap)


def _choice_rows(assignment: int, choice: Choice, chosen: object) -> list[Block]:
    buttons = [
        _button(assignment, choice, option, option.label, is_marked=option.value == chosen)
        for option in choice.options
    ]
    return _rows(assignment, choice, buttons, ROW - 1)


def _scale_rows(assignment: int, scale: Scale, chosen: object) -> list[Block]:
    title = f"{scale.label} — {scale.question}" if scale.question else scale.label
    buttons = [
        _button(
            assignment,
            scale,
            option,
            _point(option, chosen),
            is_marked=_is_chosen(option, chosen),
            says=f"{scale.label}: {option.label} of {len(scale.points)}, {option.hint}",
        )
        for option in scale.points
    ]
    return [plain_section(title), actions(f"tap:{assignment}:{scale.key}", *buttons)]


def _point(option: Option, chosen: object) -> str:
    text = f"{option.label} {option.hint}".strip()
    return f"✓ {text}" if _is_chosen(option, chosen) else text


def _is_chosen(option: Option, chosen: object) -> bool:
    return chosen is not None and option.value == str(chosen)


def _order_rows(assignment: int, order: Ordered, line: str) -> list[Block]:
    ranks = ranks_of(line)
    buttons = [
        _button(
            assignment,
            order,
            option,
            f"{ranks[option.value]}. {option.label}" if option.value in ranks else option.label,
            is_marked=option.value in ranks,
            says=_place(option, ranks.get(option.value)),
        )
        for option in order.options
    ]
    return [
        plain_section(f"{order.label} — {_so_far(order, line)}"),
        *_rows(assignment, order, buttons, ROW),
        actions(f"order:{assignment}:{order.key}", *_order_ways(assignment, order, line)),
    ]


def _place(option: Option, rank: int | None) -> str:
    return f"{option.label}, place {rank}" if rank else f"{option.label}, not placed yet"


def _so_far(order: Ordered, line: str) -> str:
    """Say what was placed and what comes next: `1. B, C  2. A. Now the third`."""
    names = {option.value: option.label for option in order.options}
    groups = groups_of(line)
    if not groups:
        return "tap the best one first."
    said = "  ".join(
        f"{place}. {', '.join(names.get(one, one) for one in group)}"
        for place, group in enumerate(groups, start=1)
    )
    place = len(groups) if is_tying(line) else len(groups) + 1
    return said if len(ranks_of(line)) == len(names) else f"{said}.  Tap number {place}."


def _order_ways(assignment: int, order: Ordered, line: str) -> list[Block]:
    """Draw what goes beside the options: a tie, a step back, all anew, and a window instead."""
    is_whole = len(ranks_of(line)) == len(order.options)
    ties = "✓ Next one ties" if is_tying(line) else "Next one ties"
    taps = [
        *([(EQUAL, ties)] if order.ties and line and not is_whole else []),
        *([(BACK, "One back"), (OVER, "Start over")] if line else []),
    ]
    window = Press("write", assignment, order.key)
    return [
        *(_button(assignment, order, Option(way, words), words) for way, words in taps),
        button("Rank in a window", window.action_id, window.value),
    ]


def _rows(assignment: int, tap: Tap, buttons: list[Block], most: int) -> list[Block]:
    return [
        actions(f"tap:{assignment}:{tap.key}:{start}", *buttons[start : start + most])
        for start in range(0, len(buttons), most)
    ]


def _button(  # noqa: PLR0913 - they are what a button says
    assignment: int, tap: Tap, option: Option, text: str, *, is_marked: bool = False, says: str = ""
) -> Block:
    press = Press("answer", assignment, tap.key, option.value)
    style = "primary" if is_marked else ""
    return button(text, press.action_id, press.value, style=style, says=says)


def given_from(press: Press) -> dict[str, object]:
    """Read a tap back: the field and the option that was tapped."""
    return {press.field: press.option}
