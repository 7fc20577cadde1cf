"""The modals: writing a response, adding a reason, ranking, reading in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from typing import Any

import orjson

from bot.kinds.form import Field, Ordered, Passage, Text
from bot.services.serving import TaskView
from bot.slack.blocks import Block, actions, button, context, link, modal, plain_section
from bot.slack.ids import Press
from bot.slack.passages import passage_blocks, pieces_of, shown_of
from bot.slack.richtext import rich_text
from bot.slack.sheets import INPUT, MOST_PARTS, Filled, Joins, begun, focused, input_blocks, typed
from bot.slack.text import pages, piece

PAGE = 12_000
"""Characters on one page of a modal that is only read."""

PLACES = 60
"""Blocks on one page of a modal that is only read; Slack takes 100."""

PREVIEW = 1_500
"""Characters of each passage above the inputs: enough to remember what was asked."""

PREVIEWS = 9_000
"""Characters of all passages above the inputs."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What a modal must remember: the task, and the message under it with its response_url.

    `field`: it stands for this one field, which is tapped otherwise. `joins` is what stood between
    the parts of each text.
    """

    assignment: int
    channel: str | None = None
    message_ts: str | None = None
    response_url: str | None = None
    joins: Joins = field(default_factory=dict)
    field: str = ""

    def packed(self) -> str:
        """Return this as private metadata."""
        known = {one.name: getattr(self, one.name) for one in dataclass_fields(self)}
        return orjson.dumps({**known, "joins": dict(self.joins)}).decode()

    @classmethod
    def unpacked(cls, metadata: str) -> Backdrop:
        """Read private metadata back."""
        known = orjson.loads(metadata)
        joins = {key: tuple(between) for key, between in known.get("joins", {}).items()}
        return cls(**{**known, "joins": joins})


def asked_in(task: TaskView, field: str = "") -> tuple[Field, ...]:
    """Return the fields that a modal asks for: what goes with the answer so far, or one field.

    A text that is too long for a modal by now is none of them: it is changed in the thread.
    """
    return tuple(one for one in _asked(task, field) if _fits(one, task))


def _asked(task: TaskView, field: str) -> tuple[Field, ...]:
    named = task.form.field(field) if field else None
    return (named,) if named else task.form.sheet_for(task.value)


def _fits(field: Field, task: TaskView) -> bool:
    parts = begun((field,), task.value).parts.get(field.key, [])
    return len(parts) <= MOST_PARTS


def writing(task: TaskView, backdrop: Backdrop, filled: Filled | None = None) -> dict[str, Any]:
    """Draw the modal to write in. `filled` is what stands in it; None: begin with the answer."""
    fields = asked_in(task, backdrop.field)
    stands = filled or begun(fields, task.value)
    blocks = [
        *_reminder_of(task, fields),
        *_too_long(task, backdrop.field, fields),
        *(block for field in fields[:1] for block in focused(input_blocks(field, stands), field)),
        *(block for field in fields[1:] for block in input_blocks(field, stands)),
        *_room_for_more(task, fields, stands),
    ]
    return modal(
        "write",
        _title(fields),
        blocks,
        submit="Save",
        metadata=replace(backdrop, joins=stands.joins).packed(),
    )


def _title(fields: tuple[Field, ...]) -> str:
    """Say what the modal is for, in the 24 characters that Slack gives a title."""
    main = (field.label for field in fields if _is_about_passages(field))
    return next(main, "Your reason")[:24]


def _reminder_of(task: TaskView, fields: tuple[Field, ...]) -> list[Block]:
    if not any(map(_is_about_passages, fields)):
        return []
    passages = task.form.passages
    pieces = pieces_of(passages, PREVIEWS, PREVIEW)
    return [
        block
        for passage in shown_of(passages)
        for block in _passage_blocks(passage, pieces[passage.key].text, task.id)
    ]


def _is_about_passages(field: Field) -> bool:
    """Say whether a field cannot be filled without what the modal covers: the task's passages."""
    return isinstance(field, Ordered) or (isinstance(field, Text) and field.long)


def _passage_blocks(passage: Passage, text: str, assignment: int) -> list[Block]:
    drawn = passage_blocks(passage, text, assignment, f"passage:{assignment}:{passage.key}")
    left = len(passage.text) - len(text)
    note = [context(f"… {left:,} more characters: Read in full, on the task.")] if left else []
    return [*drawn, *note]


def _too_long(task: TaskView, field: str, fields: tuple[Field, ...]) -> list[Block]:
    long = [one.label for one in _asked(task, field) if one not in fields]
    return [context(f"{label}: too long for a window, change it in the thread.") for label in long]


def _room_for_more(task: TaskView, fields: tuple[Field, ...], filled: Filled) -> list[Block]:
    long = next((field for field in fields if isinstance(field, Text) and field.long), None)
    if long is None:
        return []
    if sum(map(len, filled.parts.values())) >= MOST_PARTS:
        return [context("Still more? Cancel, and send it in the task's thread or as a text file.")]
    part = Press("part", task.id, long.key)
    more = button("Add another part", part.action_id, part.value)
    return [
        context(f"One box holds {INPUT:,} characters. Parts are saved as one text, in order."),
        actions(f"more:{task.id}", more),
    ]


def grown(task: TaskView, backdrop: Backdrop, state: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Draw the open modal with one more box for the text called `key`; the others keep theirs."""
    fields = asked_in(task, backdrop.field)
    filled = typed(fields, state, backdrop.joins)
    parts = {**filled.parts, key: [*filled.parts.get(key, []), ""]}
    return writing(task, backdrop, replace(filled, parts=parts))


def guiding(task: TaskView) -> dict[str, Any]:
    """Draw the guidelines of the task's campaign."""
    shown = piece(task.guidelines, PAGE)
    left = f"… {shown.left_out:,} more characters; ask your coordinator for the rest."
    text = rich_text(shown.text, title=task.campaign, block_id="guidelines")
    return modal(
        "guide",
        "Guidelines",
        [
            *(plain_section(change) for change in task.news),
            *([text] if task.guidelines or not task.guidelines_link else []),
            *([context(left)] if shown.left_out else []),
            *_elsewhere(task),
        ],
    )


def _elsewhere(task: TaskView) -> list[Block]:
    if not task.guidelines_link:
        return []
    follow = Press("follow", task.id)
    says = "Open the page with the guidelines"
    return [actions("link", link(says, follow.action_id, follow.value, task.guidelines_link))]


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
    return modal("read", "In full", [*blocks, *_turning(task.id, page, len(sheets))])


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
    return modal("notice", title, blocks)


def too_long() -> dict[str, Any]:
    """Draw why a very long response cannot be changed in a modal, and where it can."""
    words = (
        "Your response is longer than a window like this can hold. Write in the task's thread: "
        "send it again there, as messages or as a text file, and save it."
    )
    return notice_modal("In the thread", words)
