"""The window to write the better response in, where both are bad: it begins with one of the two.

What it begins with can be changed as long as nothing was written. Slack keeps what people typed in
an input whose id stays, so that an input filled anew has a new id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from bot.kinds.form import Better, Option, Text
from bot.services.serving import TaskView
from bot.slack.blocks import Block, actions, button, context, modal, plain
from bot.slack.ids import Press
from bot.slack.passages import passage_blocks, pieces_of, shown_of
from bot.slack.sheets import INPUT, MOST_PARTS, focused, joined, parts_from, split, text_blocks

PREVIEW, PREVIEWS = 1_500, 6_000
"""Characters of each passage above the inputs, and of all: enough to remember what was asked."""

STAYS = "Your text stays as it is. To begin with something else, empty the box first."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the window must remember: the task and the message under it, and what it begins with.

    `began` is a passage's key, or a word that is none; `times` counts how often it was filled.
    `joins` is what stood between the parts of the text.
    """

    assignment: int
    channel: str | None = None
    message_ts: str | None = None
    response_url: str | None = None
    began: str = ""
    times: int = 0
    joins: tuple[str, ...] = ()

    def packed(self) -> str:
        """Return this as private metadata."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def unpacked(cls, metadata: str) -> Sheet:
        """Read private metadata back."""
        known = orjson.loads(metadata)
        return cls(**{**known, "joins": tuple(known["joins"])})


def opened(task: TaskView, better: Better, sheet: Sheet) -> dict[str, Any] | None:
    """Draw the window with what was written, or else with the first response to begin with.

    None: what was written is too long for a window.
    """
    written = task.value.get(better.text.key)
    began = str(task.value.get(better.began) or _begins(task, better)[0].value)
    text = _beginning(task, began) if written is None else str(written)
    parts, joins = split(text)
    if len(parts) > MOST_PARTS:
        return None
    return _drawn(task, better, replace(sheet, began=began, joins=joins), parts)


def begun_anew(
    task: TaskView, better: Better, sheet: Sheet, state: Mapping[str, Any], began: str
) -> dict[str, Any]:
    """Draw the open window with another beginning; a text that was changed stays as it is."""
    parts = parts_from(state, numbered(better, sheet))
    text = joined(parts, sheet.joins)
    again = replace(sheet, times=sheet.times + 1)
    is_known = began in {option.value for option in _begins(task, better)}
    if not is_known or (text.strip() and text != _beginning(task, sheet.began)):
        return _drawn(task, better, again, parts, STAYS)
    parts, joins = split(_beginning(task, began))
    return _drawn(task, better, replace(again, began=began, joins=joins), parts)


def grown(task: TaskView, better: Better, sheet: Sheet, state: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the open window with one more box; what stands in the others stays."""
    parts = [*parts_from(state, numbered(better, sheet)), ""]
    return _drawn(task, better, sheet, parts)


def given_from(better: Better, sheet: Sheet, state: Mapping[str, Any]) -> dict[str, object]:
    """Read the window back: the text, and what it began with."""
    parts = parts_from(state, numbered(better, sheet))
    return {better.text.key: joined(parts, sheet.joins), better.began: sheet.began}


def _begins(task: TaskView, better: Better) -> list[Option]:
    """Return what may be begun with: nothing, or a response that fits a window."""
    known = {passage.key: passage.text for passage in task.form.passages}
    fits = {key for key, text in known.items() if text and len(split(text)[0]) <= MOST_PARTS}
    return [option for option in better.begins if option.value in fits or option.value not in known]


def _beginning(task: TaskView, began: str) -> str:
    return next((p.text for p in task.form.passages if p.key == began), "")


def numbered(better: Better, sheet: Sheet) -> Text:
    """Return the text as it is called in the window by now."""
    return replace(better.text, key=f"{better.text.key}{sheet.times}")


def _drawn(
    task: TaskView, better: Better, sheet: Sheet, parts: list[str], note: str = ""
) -> dict[str, Any]:
    text = numbered(better, sheet)
    return modal(
        "better",
        "Write the better one",
        [
            *_reminder_of(task),
            _radio(task, better, sheet),
            *([context(note)] * bool(note)),
            *focused(text_blocks(text, parts or [""]), text),
            *_room_for_more(task, len(parts)),
        ],
        submit="Save",
        metadata=sheet.packed(),
    )


def _reminder_of(task: TaskView) -> list[Block]:
    pieces = pieces_of(task.form.passages, PREVIEWS, PREVIEW)
    return [
        block
        for passage in shown_of(task.form.passages)
        for block in passage_blocks(
            passage, pieces[passage.key].text, task.id, f"passage:{task.id}:{passage.key}"
        )
    ]


def _radio(task: TaskView, better: Better, sheet: Sheet) -> Block:
    options = {
        option.value: {
            "text": plain(option.label),
            "value": Press("begin", task.id, "", option.value).value,
        }
        for option in _begins(task, better)
    }
    chosen = options.get(sheet.began)
    return {
        "type": "input",
        "block_id": f"{better.began}:{sheet.times}",
        "label": plain("Begin with"),
        "dispatch_action": True,
        "optional": True,
        "element": {
            "type": "radio_buttons",
            "action_id": "begin",
            "options": list(options.values()),
            **({"initial_option": chosen} if chosen else {}),
        },
    }


def _room_for_more(task: TaskView, parts: int) -> list[Block]:
    if parts >= MOST_PARTS:
        return [context("This is as long as a window takes.")]
    more = Press("more", task.id)
    return [
        context(f"One box holds {INPUT:,} characters. Parts are saved as one text, in order."),
        actions(f"more:{task.id}", button("Add another part", more.action_id, more.value)),
    ]
