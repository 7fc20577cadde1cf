"""The window to write the better response in, where both are bad: it begins with one of the two.

What it begins with can be changed as long as nothing was written. Slack keeps what people typed in
an input whose id stays, so that an input filled anew has a new id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from bot.kinds.form import BetterResponse, Option, TextField
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import Block, actions, button, context, modal, plain_text
from bot.slack.blockkit.passages import excerpts_of, passage_blocks, visible_passages
from bot.slack.forms.modal_fields import (
    MAX_INPUT_CHARACTERS,
    MAX_PARTS,
    focus_last_part,
    join_parts,
    parse_text_parts,
    split_text,
    text_blocks,
)
from bot.slack.parsing.action_ids import Action

PREVIEW_PASSAGE_CHARS, PREVIEW_TOTAL_CHARS = 1_500, 6_000
"""Characters of each passage above the inputs, and of all: enough to remember what was asked."""

TEXT_UNCHANGED_NOTE = "Your text stays as it is. To begin with something else, empty the box first."


@dataclass(frozen=True, slots=True)
class BetterResponseState:
    """What the window must remember: the task and the message under it, and what it begins with.

    `began` is a passage's key, or a word that is none; `times` counts how often it was filled.
    `joins` is what stood between the parts of the text.
    """

    assignment_id: int
    channel: str | None = None
    message_ts: str | None = None
    response_url: str | None = None
    start_key: str = ""
    fill_count: int = 0
    joins: tuple[str, ...] = ()

    def to_metadata(self) -> str:
        """Return this as private metadata."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def from_metadata(cls, metadata: str) -> BetterResponseState:
        """Read private metadata back."""
        fields = orjson.loads(metadata)
        return cls(**{**fields, "joins": tuple(fields["joins"])})


def build_modal(
    task: TaskView, better: BetterResponse, state: BetterResponseState
) -> dict[str, Any] | None:
    """Draw the window with what was written, or else with the first response to begin with.

    None: what was written is too long for a window.
    """
    written_text = task.value.get(better.text_field.key)
    start_key = str(
        task.value.get(better.started_from_key) or _start_options(task, better)[0].value
    )
    text = _start_text(task, start_key) if written_text is None else str(written_text)
    parts, joins = split_text(text)
    if len(parts) > MAX_PARTS:
        return None
    return _render_modal(task, better, replace(state, start_key=start_key, joins=joins), parts)


def replace_start(
    task: TaskView,
    better: BetterResponse,
    modal_state: BetterResponseState,
    values: Mapping[str, Any],
    start_key: str,
) -> dict[str, Any]:
    """Draw the open window with another beginning; a text that was changed stays as it is."""
    parts = parse_text_parts(values, text_field_of(better, modal_state))
    text = join_parts(parts, modal_state.joins)
    refilled_state = replace(modal_state, fill_count=modal_state.fill_count + 1)
    is_known = start_key in {option.value for option in _start_options(task, better)}
    if not is_known or (text.strip() and text != _start_text(task, modal_state.start_key)):
        return _render_modal(task, better, refilled_state, parts, TEXT_UNCHANGED_NOTE)
    parts, joins = split_text(_start_text(task, start_key))
    return _render_modal(
        task, better, replace(refilled_state, start_key=start_key, joins=joins), parts
    )


def add_part(
    task: TaskView,
    better: BetterResponse,
    modal_state: BetterResponseState,
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """Draw the open window with one more box; what stands in the others stays."""
    parts = [*parse_text_parts(values, text_field_of(better, modal_state)), ""]
    return _render_modal(task, better, modal_state, parts)


def parse_form_input(
    better: BetterResponse, modal_state: BetterResponseState, values: Mapping[str, Any]
) -> dict[str, object]:
    """Read the window back: the text, and what it began with."""
    parts = parse_text_parts(values, text_field_of(better, modal_state))
    return {
        better.text_field.key: join_parts(parts, modal_state.joins),
        better.started_from_key: modal_state.start_key,
    }


def _start_options(task: TaskView, better: BetterResponse) -> list[Option]:
    """Return what may be begun with: nothing, or a response that fits a window."""
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
    return next((p.text for p in task.form.passages if p.key == start_key), "")


def text_field_of(better: BetterResponse, state: BetterResponseState) -> TextField:
    """Return the text as it is called in the window by now."""
    return replace(better.text_field, key=f"{better.text_field.key}{state.fill_count}")


def _render_modal(
    task: TaskView,
    better: BetterResponse,
    state: BetterResponseState,
    parts: list[str],
    note: str = "",
) -> dict[str, Any]:
    text_field = text_field_of(better, state)
    return modal(
        "better",
        "Write the better one",
        [
            *_passage_preview(task),
            _start_radio_buttons(task, better, state),
            *([context(note)] * bool(note)),
            *focus_last_part(text_blocks(text_field, parts or [""]), text_field),
            *_add_part_blocks(task, len(parts)),
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
            passage, excerpts[passage.key].text, task.id, f"passage:{task.id}:{passage.key}"
        )
    ]


def _start_radio_buttons(
    task: TaskView, better: BetterResponse, state: BetterResponseState
) -> Block:
    options = {
        option.value: {
            "text": plain_text(option.label),
            "value": Action("begin", task.id, "", option.value).value,
        }
        for option in _start_options(task, better)
    }
    selected = options.get(state.start_key)
    return {
        "type": "input",
        "block_id": f"{better.started_from_key}:{state.fill_count}",
        "label": plain_text("Begin with"),
        "dispatch_action": True,
        "optional": True,
        "element": {
            "type": "radio_buttons",
            "action_id": "begin",
            "options": list(options.values()),
            **({"initial_option": selected} if selected else {}),
        },
    }


def _add_part_blocks(task: TaskView, part_count: int) -> list[Block]:
    if part_count >= MAX_PARTS:
        return [context("This is as long as a window takes.")]
    add_part_action = Action("more", task.id)
    return [
        context(
            f"One box holds {MAX_INPUT_CHARACTERS:,} characters. Parts are saved as one text, in order."
        ),
        actions(
            f"more:{task.id}",
            button("Add another part", add_part_action.action_id, add_part_action.value),
        ),
    ]
