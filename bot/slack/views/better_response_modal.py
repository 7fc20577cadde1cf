"""The modal for writing a better response if both are bad.

The expert starts from one of the two responses or from a blank text, and can change that until they
edit the text. Slack keeps what people typed in an input as long as its id stays the same, so an
input with a new initial text gets a new id.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import orjson

from bot.kinds.form import BetterResponse, Option, TextField
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import context, modal, plain_text
from bot.slack.blockkit.entries import StateValues
from bot.slack.blockkit.passages import excerpts_of, passage_blocks, visible_passages
from bot.slack.blockkit.types import Block, InputBlock, ModalView, OptionObject, SelectInput
from bot.slack.forms.modal_fields import (
    MAX_PARTS,
    focus_last_part,
    join_parts,
    parse_text_parts,
    split_text,
    text_blocks,
)
from bot.slack.parsing.action_ids import Action, RowId
from bot.slack.parsing.modal_metadata import parse_metadata
from bot.slack.parsing.text_boxes import has_formatted_box
from bot.slack.views.text_box_controls import box_buttons

PREVIEW_PASSAGE_CHARS, PREVIEW_TOTAL_CHARS = 1_500, 6_000
"""Characters of each passage and of all passages above the inputs: enough to recall the task."""

FULL_TEXT = "This is the maximum length."
TEXT_UNCHANGED_NOTE = "Your text is unchanged. To start from something else, clear the box first."


@dataclass(frozen=True, slots=True)
class BetterResponseState:
    """The private metadata of the modal.

    Attributes:
        assignment_id: the task.
        channel, message_ts, response_url: how to update the task's message.
        start_key: the key of the passage that the text started from, or an option that is not a
            passage (blank).
        fill_count: how often the input was filled; part of its id.
        joins: the separators between the parts of the initial text.
    """

    assignment_id: RowId
    channel: str | None = None
    message_ts: str | None = None
    response_url: str | None = None
    start_key: str = ""
    fill_count: int = 0
    joins: tuple[str, ...] = ()

    def to_metadata(self) -> str:
        """Serialize to private metadata."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def from_metadata(cls, metadata: str) -> BetterResponseState:
        """Parse private metadata.

        Raises:
            UnreadableDialogError: it is not such metadata.
        """
        return parse_metadata(cls, metadata)


@dataclass(frozen=True, slots=True)
class Boxes:
    """The texts in the boxes, and whether the boxes have formatting, as Markdown."""

    parts: list[str]
    is_formatted: bool = False


def build_modal(
    task: TaskView, better: BetterResponse, state: BetterResponseState
) -> ModalView | None:
    """Build the modal with the saved text, or with the first available start.

    Return None if the saved text is too long for a modal.
    """
    written_text = task.value.get(better.text_field.key)
    start_key = str(
        task.value.get(better.started_from_key) or _start_options(task, better)[0].value
    )
    text = _start_text(task, start_key) if written_text is None else str(written_text)
    parts, joins = split_text(text)
    if len(parts) > MAX_PARTS:
        return None
    filled_state = replace(state, start_key=start_key, joins=joins)
    return _render_modal(task, better, filled_state, Boxes(parts))


def replace_start(
    task: TaskView,
    better: BetterResponse,
    modal_state: BetterResponseState,
    values: StateValues,
    start_key: str,
) -> ModalView:
    """Rebuild the open modal with another start, unless the expert has edited the text."""
    boxes = _boxes_of(better, modal_state, values)
    text = join_parts(boxes.parts, modal_state.joins)
    refilled_state = _with_next_fill(modal_state)
    is_known = start_key in {option.value for option in _start_options(task, better)}
    if not is_known or (text.strip() and text != _start_text(task, modal_state.start_key)):
        return _render_modal(task, better, refilled_state, boxes, TEXT_UNCHANGED_NOTE)
    parts, joins = split_text(_start_text(task, start_key))
    new_state = replace(refilled_state, start_key=start_key, joins=joins)
    return _render_modal(task, better, new_state, replace(boxes, parts=parts))


def add_part(
    task: TaskView,
    better: BetterResponse,
    modal_state: BetterResponseState,
    values: StateValues,
) -> ModalView:
    """Rebuild the open modal with one more text box; the other boxes keep their text."""
    boxes = _boxes_of(better, modal_state, values)
    return _render_modal(task, better, modal_state, replace(boxes, parts=[*boxes.parts, ""]))


def change_boxes(
    task: TaskView,
    better: BetterResponse,
    modal_state: BetterResponseState,
    values: StateValues,
) -> ModalView:
    """Rebuild the open modal with formatting in its boxes, or without if they had it."""
    boxes = _boxes_of(better, modal_state, values)
    parts, joins = split_text(join_parts(boxes.parts, modal_state.joins))
    new_state = replace(_with_next_fill(modal_state), joins=joins)
    return _render_modal(task, better, new_state, Boxes(parts, not boxes.is_formatted))


def parse_form_input(
    better: BetterResponse, modal_state: BetterResponseState, values: StateValues
) -> dict[str, object]:
    """Parse the submitted values: the text, and what it started from."""
    parts = parse_text_parts(values, text_field_of(better, modal_state))
    return {
        better.text_field.key: join_parts(parts, modal_state.joins),
        better.started_from_key: modal_state.start_key,
    }


def _start_options(task: TaskView, better: BetterResponse) -> list[Option]:
    """Return the starting points: a blank text, and each response that fits into a modal."""
    texts = {passage.key: passage.text for passage in task.form.passages}
    fitting_keys = {
        key for key, text in texts.items() if text and len(split_text(text)[0]) <= MAX_PARTS
    }
    return [
        option
        for option in better.starting_points
        if option.value in fitting_keys or option.value not in texts
    ]


def _start_text(task: TaskView, start_key: str) -> str:
    matches = (passage.text for passage in task.form.passages if passage.key == start_key)
    return next(matches, "")


def text_field_of(better: BetterResponse, state: BetterResponseState) -> TextField:
    """Return the text field under its current key, which changes whenever the input is refilled."""
    return replace(better.text_field, key=f"{better.text_field.key}{state.fill_count}")


def _boxes_of(better: BetterResponse, state: BetterResponseState, values: StateValues) -> Boxes:
    return Boxes(parse_text_parts(values, text_field_of(better, state)), has_formatted_box(values))


def _with_next_fill(state: BetterResponseState) -> BetterResponseState:
    return replace(state, fill_count=state.fill_count + 1)


def _render_modal(
    task: TaskView,
    better: BetterResponse,
    state: BetterResponseState,
    boxes: Boxes,
    note: str = "",
) -> ModalView:
    text_inputs = text_blocks(
        text_field_of(better, state), boxes.parts or [""], has_formatting=boxes.is_formatted
    )
    return modal(
        "better_response",
        "Write a better response",
        [
            *_passage_preview(task),
            _start_radio_buttons(task, better, state),
            *([context(note)] * bool(note)),
            *focus_last_part(text_inputs),
            *_box_buttons(task, boxes),
        ],
        submit="Save",
        metadata=state.to_metadata(),
    )


def _passage_preview(task: TaskView) -> list[Block]:
    excerpts = excerpts_of(task.form.passages, PREVIEW_TOTAL_CHARS, PREVIEW_PASSAGE_CHARS)
    return [
        block
        for passage in visible_passages(task.form.passages)
        for block in passage_blocks(
            passage, excerpts[passage.key].text, f"passage:{task.id}:{passage.key}"
        )
    ]


def _start_radio_buttons(
    task: TaskView, better: BetterResponse, state: BetterResponseState
) -> InputBlock:
    options: dict[str, OptionObject] = {
        option.value: {
            "text": plain_text(option.label),
            "value": Action("start_from", task.id, "", option.value).value,
        }
        for option in _start_options(task, better)
    }
    element: SelectInput = {
        "type": "radio_buttons",
        "action_id": "start_from",
        "options": list(options.values()),
    }
    if state.start_key in options:
        element["initial_option"] = options[state.start_key]
    return {
        "type": "input",
        "block_id": f"{better.started_from_key}:{state.fill_count}",
        "label": plain_text("Start from"),
        "dispatch_action": True,
        "optional": True,
        "element": element,
    }


def _box_buttons(task: TaskView, boxes: Boxes) -> list[Block]:
    add = Action("add_response_part", task.id)
    return box_buttons(
        Action("toggle_response_formatting", task.id),
        add if len(boxes.parts) < MAX_PARTS else None,
        full_text=FULL_TEXT,
        is_formatted=boxes.is_formatted,
    )
