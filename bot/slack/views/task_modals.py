"""The modals: writing a response, adding a reason, ranking, reading in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from typing import Any

import orjson

from bot.kinds.form import Field, Passage, RankingField, TextField
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import (
    Block,
    actions,
    button,
    context,
    link_button,
    modal,
    plain_section,
)
from bot.slack.blockkit.passages import excerpts_of, passage_blocks, visible_passages
from bot.slack.blockkit.rich_text import rich_text
from bot.slack.blockkit.text import excerpt, split_pages
from bot.slack.forms.modal_fields import (
    MAX_INPUT_CHARACTERS,
    MAX_PARTS,
    Joins,
    ModalContents,
    focus_last_part,
    initial_contents,
    input_blocks,
    parse_contents,
)
from bot.slack.parsing.action_ids import Action

PAGE_CHARACTERS = 12_000
"""Characters on one page of a modal that is only read."""

PAGE_BLOCKS = 60
"""Blocks on one page of a modal that is only read; Slack takes 100."""

PASSAGE_PREVIEW_CHARACTERS = 1_500
"""Characters of each passage above the inputs: enough to remember what was asked."""

TOTAL_PREVIEW_CHARACTERS = 9_000
"""Characters of all passages above the inputs."""


@dataclass(frozen=True, slots=True)
class ModalMetadata:
    """What a modal must remember: the task, and the message under it with its response_url.

    `field`: it stands for this one field, which is tapped otherwise. `joins` is what stood between
    the parts of each text.
    """

    target_id: int
    channel: str | None = None
    message_ts: str | None = None
    response_url: str | None = None
    joins: Joins = field(default_factory=dict)
    field: str = ""

    def to_json(self) -> str:
        """Return this as private metadata."""
        known = {one.name: getattr(self, one.name) for one in dataclass_fields(self)}
        return orjson.dumps({**known, "joins": dict(self.joins)}).decode()

    @classmethod
    def from_json(cls, text: str) -> ModalMetadata:
        """Read private metadata back."""
        known = orjson.loads(text)
        joins = {key: tuple(between) for key, between in known.get("joins", {}).items()}
        return cls(**{**known, "joins": joins})


def fields_in_modal(task: TaskView, field: str = "") -> tuple[Field, ...]:
    """Return the fields that a modal asks for: what goes with the answer so far, or one field.

    A text that is too long for a modal by now is none of them: it is changed in the thread.
    """
    return tuple(one for one in _requested_fields(task, field) if _fits_in_modal(one, task))


def _requested_fields(task: TaskView, field: str) -> tuple[Field, ...]:
    named = task.form.field(field) if field else None
    return (named,) if named else task.form.modal_fields_for(task.value)


def _fits_in_modal(field: Field, task: TaskView) -> bool:
    parts = initial_contents((field,), task.value).parts.get(field.key, [])
    return len(parts) <= MAX_PARTS


def answer_modal(
    task: TaskView, metadata: ModalMetadata, contents: ModalContents | None = None
) -> dict[str, Any]:
    """Draw the modal to write in. `filled` is what stands in it; None: begin with the answer."""
    fields = fields_in_modal(task, metadata.field)
    shown_contents = contents or initial_contents(fields, task.value)
    blocks = [
        *_task_preview_blocks(task, fields),
        *_too_long_notes(task, metadata.field, fields),
        *(
            block
            for field in fields[:1]
            for block in focus_last_part(input_blocks(field, shown_contents), field)
        ),
        *(block for field in fields[1:] for block in input_blocks(field, shown_contents)),
        *_add_part_blocks(task, fields, shown_contents),
    ]
    return modal(
        "write",
        _modal_title(fields),
        blocks,
        submit="Save",
        metadata=replace(metadata, joins=shown_contents.joins).to_json(),
    )


def _modal_title(fields: tuple[Field, ...]) -> str:
    """Say what the modal is for, in the 24 characters that Slack gives a title."""
    main = (field.label for field in fields if _needs_passages(field))
    return next(main, "Your reason")[:24]


def _task_preview_blocks(task: TaskView, fields: tuple[Field, ...]) -> list[Block]:
    if not any(map(_needs_passages, fields)):
        return []
    passages = task.form.passages
    excerpts = excerpts_of(passages, TOTAL_PREVIEW_CHARACTERS, PASSAGE_PREVIEW_CHARACTERS)
    return [
        block
        for passage in visible_passages(passages)
        for block in _passage_preview_blocks(passage, excerpts[passage.key].text, task.id)
    ]


def _needs_passages(field: Field) -> bool:
    """Say whether a field cannot be filled without what the modal covers: the task's passages."""
    return isinstance(field, RankingField) or (isinstance(field, TextField) and field.long)


def _passage_preview_blocks(passage: Passage, text: str, assignment: int) -> list[Block]:
    blocks = passage_blocks(passage, text, assignment, f"passage:{assignment}:{passage.key}")
    left = len(passage.text) - len(text)
    note = [context(f"… {left:,} more characters: Read in full, on the task.")] if left else []
    return [*blocks, *note]


def _too_long_notes(task: TaskView, field: str, fields: tuple[Field, ...]) -> list[Block]:
    long = [one.label for one in _requested_fields(task, field) if one not in fields]
    return [context(f"{label}: too long for a window, change it in the thread.") for label in long]


def _add_part_blocks(
    task: TaskView, fields: tuple[Field, ...], contents: ModalContents
) -> list[Block]:
    long = next((field for field in fields if isinstance(field, TextField) and field.long), None)
    if long is None:
        return []
    if sum(map(len, contents.parts.values())) >= MAX_PARTS:
        return [context("Still more? Cancel, and send it in the task's thread or as a text file.")]
    part = Action("part", task.id, long.key)
    more = button("Add another part", part.action_id, part.value)
    return [
        context(
            f"One box holds {MAX_INPUT_CHARACTERS:,} characters. Parts are saved as one text, in order."
        ),
        actions(f"more:{task.id}", more),
    ]


def answer_modal_with_added_part(
    task: TaskView, metadata: ModalMetadata, state: Mapping[str, Any], key: str
) -> dict[str, Any]:
    """Draw the open modal with one more box for the text called `key`; the others keep theirs."""
    fields = fields_in_modal(task, metadata.field)
    contents = parse_contents(fields, state, metadata.joins)
    parts = {**contents.parts, key: [*contents.parts.get(key, []), ""]}
    return answer_modal(task, metadata, replace(contents, parts=parts))


def guidelines_modal(task: TaskView) -> dict[str, Any]:
    """Draw the guidelines of the task's campaign."""
    shown_guidelines = excerpt(task.guidelines, PAGE_CHARACTERS)
    left_text = (
        f"… {shown_guidelines.omitted:,} more characters; ask your coordinator for the rest."
    )
    text = rich_text(shown_guidelines.text, title=task.campaign_title, block_id="guidelines")
    return modal(
        "guide",
        "Guidelines",
        [
            *(plain_section(change) for change in task.guideline_changes),
            *([text] if task.guidelines or not task.guidelines_link else []),
            *([context(left_text)] if shown_guidelines.omitted else []),
            *_guidelines_link_blocks(task),
        ],
    )


def _guidelines_link_blocks(task: TaskView) -> list[Block]:
    if not task.guidelines_link:
        return []
    follow = Action("follow", task.id)
    label = "Open the page with the guidelines"
    return [
        actions("link", link_button(label, follow.action_id, follow.value, task.guidelines_link))
    ]


def full_text_modal(task: TaskView, page: int) -> dict[str, Any]:
    """Draw page number `page` (from 0) of all passages in full."""
    pieces = [leaf for passage in task.form.passages for leaf in _split_passage(passage)]
    all_pages = _paginate_passages(pieces)
    page = min(page, len(all_pages) - 1)
    shown = all_pages[page]
    blocks = [
        block
        for number, (passage, text) in enumerate(shown)
        for block in passage_blocks(passage, text, task.id, f"read:{number}", len(passage.media))
    ]
    return modal(
        "read", "In full", [*blocks, *_page_navigation_blocks(task.id, page, len(all_pages))]
    )


def _split_passage(passage: Passage) -> list[tuple[Passage, str]]:
    """Return a passage in parts that fit a page; what belongs to it stands with the first."""
    first, *others = split_pages(passage.text, PAGE_CHARACTERS)
    bare = replace(passage, media=())
    return [(passage, first), *((bare, other) for other in others)]


def _paginate_passages(pieces: list[tuple[Passage, str]]) -> list[list[tuple[Passage, str]]]:
    """Gather passages on pages that hold about PAGE characters each, and few enough blocks."""
    all_pages: list[list[tuple[Passage, str]]] = [[]]
    characters_left, blocks_left = PAGE_CHARACTERS, PAGE_BLOCKS
    for passage, text in pieces:
        needed = 2 + len(passage.media)
        if all_pages[-1] and (len(text) > characters_left or needed > blocks_left):
            all_pages.append([])
            characters_left, blocks_left = PAGE_CHARACTERS, PAGE_BLOCKS
        all_pages[-1].append((passage, text))
        characters_left, blocks_left = characters_left - len(text), blocks_left - needed
    return all_pages


def _page_navigation_blocks(assignment: int, page: int, count: int) -> list[Block]:
    if count == 1:
        return []
    targets = [("Back", page - 1), ("Next", page + 1)]
    buttons = [
        button(label, f"page:{label[0]}", Action("page", assignment, "", str(to)).value)
        for label, to in targets
        if 0 <= to < count
    ]
    return [
        context(f"Page {page + 1} of {count}"),
        actions(f"pages:{assignment}:{page}", *buttons),
    ]


def notice_modal(title: str, text: str) -> dict[str, Any]:
    """Draw a modal that only says something."""
    return read_only_modal(title, [plain_section(text)])


def read_only_modal(title: str, blocks: list[Block]) -> dict[str, Any]:
    """Draw a modal that only shows something."""
    return modal("notice", title, blocks)


def too_long_modal() -> dict[str, Any]:
    """Draw why a very long response cannot be changed in a modal, and where it can."""
    text = (
        "Your response is longer than a window like this can hold. Write in the task's thread: "
        "send it again there, as messages or as a text file, and save it."
    )
    return notice_modal("In the thread", text)
