"""The modals: writing a response, adding a reason, reading in full."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from bot.kinds.form import Passage, Text
from bot.services.serving import TaskView
from bot.slack.blocks import Block, actions, button, context, plain, plain_section
from bot.slack.fields import INPUT, input_blocks
from bot.slack.ids import Press
from bot.slack.passages import passage_blocks, pieces_of, shown_of
from bot.slack.richtext import rich_text
from bot.slack.text import pages, piece

MOST_PARTS = 15
"""Inputs in one modal: 45,000 characters, well inside Slack's 250 kB a view."""

PAGE = 12_000
"""Characters on one page of a modal that is only read."""

LONGEST_JOIN = 20
"""Line ends kept between two parts; private metadata has room for no more than a few."""

PLACES = 60
"""Blocks on one page of a modal that is only read; Slack takes 100."""

PREVIEW = 1_500
"""Characters of each passage above the inputs: enough to remember what was asked."""

PREVIEWS = 9_000
"""Characters of all passages above the inputs."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What a modal must remember: the task, and the message under it with its response_url."""

    assignment: int
    channel: str | None = None
    message_ts: str | None = None
    response_url: str | None = None
    joins: tuple[str, ...] = ()

    def packed(self) -> str:
        """Return this as private metadata."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def unpacked(cls, metadata: str) -> Backdrop:
        """Read private metadata back."""
        known = orjson.loads(metadata)
        return cls(**{**known, "joins": tuple(known.get("joins", ()))})


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


def writing(task: TaskView, backdrop: Backdrop, parts: list[str] | None = None) -> dict[str, Any]:
    """Draw the modal to write in. `parts` are what is written so far; None: begin with what is."""
    begins = None if parts is not None else _begin(task)
    if begins is not None:
        parts, joins = begins
        backdrop = Backdrop(**{**asdict(backdrop), "joins": joins})
    blocks = [
        *_reminder_of(task),
        *(block for text in task.form.sheet for block in input_blocks(text, parts or [""])),
        *_room_for_more(task, len(parts or [""])),
    ]
    return {
        "type": "modal",
        "callback_id": "write",
        "title": plain("Your response" if not task.form.taps else "Your reason"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "private_metadata": backdrop.packed(),
        "blocks": blocks,
    }


def _begin(task: TaskView) -> tuple[list[str], tuple[str, ...]]:
    (text,) = task.form.sheet
    return split(str(task.value.get(text.key, text.initial)))


def fits(task: TaskView) -> bool:
    """Say whether what is written so far fits a modal; a longer one is changed in the thread."""
    return len(_begin(task)[0]) <= MOST_PARTS


def _reminder_of(task: TaskView) -> list[Block]:
    if task.form.taps:
        return []
    passages = task.form.passages
    pieces = pieces_of(passages, PREVIEWS, PREVIEW)
    return [
        block
        for passage in shown_of(passages)
        for block in _passage_blocks(passage, pieces[passage.key].text, task.id)
    ]


def _passage_blocks(passage: Passage, text: str, assignment: int) -> list[Block]:
    drawn = passage_blocks(passage, text, assignment, f"passage:{assignment}:{passage.key}")
    left = len(passage.text) - len(text)
    note = [context(f"… {left:,} more characters: Read in full, on the task.")] if left else []
    return [*drawn, *note]


def _room_for_more(task: TaskView, parts: int) -> list[Block]:
    if not any(isinstance(text, Text) and text.long for text in task.form.sheet):
        return []
    if parts >= MOST_PARTS:
        return [context("Still more? Cancel, and send it in the task's thread or as a text file.")]
    part = Press("part", task.id)
    more = button("Add another part", part.action_id, part.value)
    return [
        context(f"One box holds {INPUT:,} characters. Parts are saved as one text, in order."),
        actions(f"more:{task.id}", more),
    ]


def guiding(task: TaskView) -> dict[str, Any]:
    """Draw the guidelines of the task's campaign."""
    shown = piece(task.guidelines, PAGE)
    left = f"… {shown.left_out:,} more characters; ask your coordinator for the rest."
    return {
        "type": "modal",
        "callback_id": "guide",
        "title": plain("Guidelines"),
        "close": plain("Close"),
        "blocks": [
            rich_text(shown.text, title=task.campaign, block_id="guidelines"),
            *([context(left)] if shown.left_out else []),
        ],
    }


def reading(task: TaskView, page: int) -> dict[str, Any]:
    """Draw page number `page` (from 0) of all passages in full."""
    leaves = [leaf for passage in task.form.passages for leaf in _leaves(passage)]
    sheets = _sheets(leaves)
    page = min(page, len(sheets) - 1)
    shown = sheets[page]
    blocks = [
        block
        for number, (passage, text) in enumerate(shown)
        for block in passage_blocks(passage, text, task.id, f"read:{number}", len(passage.media))
    ]
    return {
        "type": "modal",
        "callback_id": "read",
        "title": plain("In full"),
        "close": plain("Close"),
        "blocks": [*blocks, *_turning(task.id, page, len(sheets))],
    }


def _leaves(passage: Passage) -> list[tuple[Passage, str]]:
    """Return a passage in parts that fit a page; what belongs to it stands with the first."""
    first, *others = pages(passage.text, PAGE)
    bare = replace(passage, media=())
    return [(passage, first), *((bare, other) for other in others)]


def _sheets(leaves: list[tuple[Passage, str]]) -> list[list[tuple[Passage, str]]]:
    """Gather passages on pages that hold about PAGE characters each, and few enough blocks."""
    sheets: list[list[tuple[Passage, str]]] = [[]]
    room, places = PAGE, PLACES
    for passage, text in leaves:
        needed = 2 + len(passage.media)
        if sheets[-1] and (len(text) > room or needed > places):
            sheets.append([])
            room, places = PAGE, PLACES
        sheets[-1].append((passage, text))
        room, places = room - len(text), places - needed
    return sheets


def _turning(assignment: int, page: int, count: int) -> list[Block]:
    if count == 1:
        return []
    ways = [("Back", page - 1), ("Next", page + 1)]
    buttons = [
        button(words, f"page:{words[0]}", Press("page", assignment, "", str(to)).value)
        for words, to in ways
        if 0 <= to < count
    ]
    return [
        context(f"Page {page + 1} of {count}"),
        actions(f"pages:{assignment}:{page}", *buttons),
    ]


def notice_modal(title: str, words: str) -> dict[str, Any]:
    """Draw a modal that only says something."""
    return shown_modal(title, [plain_section(words)])


def shown_modal(title: str, blocks: list[Block]) -> dict[str, Any]:
    """Draw a modal that only shows something."""
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": plain(title),
        "close": plain("Close"),
        "blocks": blocks,
    }


def too_long() -> dict[str, Any]:
    """Draw why a very long response cannot be changed in a modal, and where it can."""
    words = (
        "Your response is longer than a window like this can hold. Write in the task's thread: "
        "send it again there, as messages or as a text file, and save it."
    )
    return notice_modal("In the thread", words)
