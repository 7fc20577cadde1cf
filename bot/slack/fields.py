"""Drawing the neutral fields of a form in Slack, and reading them back: both directions here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from bot.kinds.form import Choice, Option, Scale, Tap, Text
from bot.slack.blocks import Block, actions, button, plain, plain_section
from bot.slack.ids import Press, is_number

INPUT = 3000
"""Characters of one Slack input."""

ROW = 5
"""Buttons side by side that still read as one row on a desktop."""


def tap_rows(assignment: int, tap: Tap, chosen: object) -> list[Block]:
    """Draw a field that is answered by one tap on the message; `chosen` is marked."""
    match tap:
        case Choice():
            return _choice_rows(assignment, tap, chosen)
        case Scale():
            return _scale_rows(assignment, tap, chosen)
        case _:
            assert_never(tap)


def _choice_rows(assignment: int, choice: Choice, chosen: object) -> list[Block]:
    buttons = [
        button(
            option.label,
            (press := _press(assignment, choice, option)).action_id,
            press.value,
            style="primary" if option.value == chosen else "",
        )
        for option in choice.options
    ]
    return [
        actions(f"tap:{assignment}:{choice.key}:{start}", *buttons[start : start + ROW - 1])
        for start in range(0, len(buttons), ROW - 1)
    ]


def _scale_rows(assignment: int, scale: Scale, chosen: object) -> list[Block]:
    title = f"{scale.label} — {scale.question}" if scale.question else scale.label
    buttons = [
        button(
            _point(option, chosen),
            (press := _press(assignment, scale, option)).action_id,
            press.value,
            style="primary" if _is_chosen(option, chosen) else "",
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


def _press(assignment: int, tap: Tap, option: Option) -> Press:
    return Press("answer", assignment, tap.key, option.value)


def given_from(press: Press) -> dict[str, object]:
    """Read a tap back: the field and the option that was tapped."""
    return {press.field: press.option}


def input_blocks(text: Text, parts: list[str]) -> list[Block]:
    """Draw a field that is written in a modal, in as many inputs as it has parts."""
    return [_input(text, number, part, len(parts)) for number, part in enumerate(parts)]


def _input(text: Text, number: int, part: str, count: int) -> Block:
    label = text.label if count == 1 else f"{text.label}, part {number + 1}"
    element = {
        "type": "plain_text_input",
        "action_id": text.key,
        "multiline": True,
        "max_length": INPUT,
        "focus_on_load": number == count - 1,
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
