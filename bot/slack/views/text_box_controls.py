"""Buttons below the text boxes of an answer: another box, and formatting on or off."""

from __future__ import annotations

from collections.abc import Iterable

from bot.kinds.form import Field, TextField
from bot.slack.blockkit.blocks import actions, button, context
from bot.slack.blockkit.types import Block
from bot.slack.forms.modal_fields import MAX_INPUT_CHARACTERS, MAX_PARTS, ModalContents
from bot.slack.parsing.action_ids import Action

FULL_TEXT = "Longer text? Cancel, then reply in the task's thread or upload a file."
PLAIN_NOTE = (
    f"{MAX_INPUT_CHARACTERS:,} characters per box; parts are joined. Your text is stored exactly "
    "as you type it."
)
FORMATTED_NOTE = "Bold, lists, links, quotes and code are stored as Markdown. Parts are joined."


def text_box_controls(
    assignment_id: int, fields: Iterable[Field], contents: ModalContents
) -> list[Block]:
    """Return the buttons of the first long text; none if the modal has no long text."""
    long_field = next(
        (field for field in fields if isinstance(field, TextField) and field.long), None
    )
    if long_field is None:
        return []
    is_full = sum(map(len, contents.parts.values())) >= MAX_PARTS
    add = Action("add_text_box", assignment_id, long_field.key)
    return box_buttons(
        Action("toggle_formatting", assignment_id),
        None if is_full else add,
        full_text=FULL_TEXT,
        is_formatted=contents.is_formatted,
    )


def box_buttons(
    toggle: Action, add: Action | None, *, full_text: str, is_formatted: bool
) -> list[Block]:
    """Return a note and the buttons; without `add` there is no room, and `full_text` says so."""
    note = FORMATTED_NOTE if is_formatted else PLAIN_NOTE
    toggle_label = "Use plain text" if is_formatted else "Use formatting"
    add_buttons = [button("Add another part", add.action_id, add.value)] if add else []
    return [
        context(note if add else full_text),
        actions(
            f"text_boxes:{toggle.target_id}",
            *add_buttons,
            button(toggle_label, toggle.action_id, toggle.value),
        ),
    ]
