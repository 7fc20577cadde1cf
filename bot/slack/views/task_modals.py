"""Modals of a task: entering an answer, guidelines, full text, and notices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields

import orjson

from bot.kinds.form import Field, Passage, RankingField, TextField
from bot.services.tasks.next_task import TaskPage, TaskView
from bot.slack.blockkit.blocks import (
    actions,
    context,
    link_button,
    modal,
    plain_section,
    text_with_code,
)
from bot.slack.blockkit.differences import difference_blocks
from bot.slack.blockkit.entries import StateValues
from bot.slack.blockkit.passage_pages import PAGE_CHARACTERS, count_pages, passage_page
from bot.slack.blockkit.passages import excerpts_of, passage_blocks, visible_passages
from bot.slack.blockkit.rich_text import rich_text
from bot.slack.blockkit.text import excerpt
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.forms.message_fields import message_field_blocks
from bot.slack.forms.modal_fields import (
    Joins,
    ModalContents,
    fits_in_modal,
    focus_last_part,
    initial_contents,
    input_blocks,
    parse_contents,
    with_other_boxes,
)
from bot.slack.parsing.action_ids import Action, RowId
from bot.slack.parsing.modal_metadata import parse_metadata
from bot.slack.views.text_box_controls import text_box_controls

PASSAGE_PREVIEW_CHARACTERS = 1_500
"""Characters of each passage above the inputs, as a reminder of the task."""

LAST_PAGE = 10_000
"""A page number beyond every full text."""

MAX_RECEIPT_CHARACTERS = 300
"""Characters of the last answer above the next full text."""

SEE_MESSAGE_TEXT = "Close this dialog to see the message."

TOTAL_PREVIEW_CHARACTERS = 9_000
"""Characters of all passages above the inputs."""


@dataclass(frozen=True, slots=True)
class ModalMetadata:
    """Private metadata of a modal: the task, and the message it was opened from.

    Attributes:
        target_id: assignment, or whatever else the modal is about.
        field: key of the one field that the modal asks for; "" for all modal fields.
        joins: separators between the parts of each text, to join them exactly as they were.
    """

    target_id: RowId
    channel: str | None = None
    message_ts: str | None = None
    response_url: str | None = None
    joins: Joins = field(default_factory=dict)
    field: str = ""

    def to_json(self) -> str:
        """Return the metadata as JSON."""
        values = {entry.name: getattr(self, entry.name) for entry in dataclass_fields(self)}
        return orjson.dumps({**values, "joins": dict(self.joins)}).decode()

    @classmethod
    def from_json(cls, text: str) -> ModalMetadata:
        """Parse the metadata from JSON.

        Raises:
            UnreadableDialogError: it is not such metadata.
        """
        return parse_metadata(cls, text)


def fields_in_modal(task: TaskView, field: str = "") -> tuple[Field, ...]:
    """Return the fields that a modal asks for: those of the current answer, or only `field`.

    Texts that have become too long for a modal are left out: they are edited in the thread.
    """
    return tuple(
        requested
        for requested in _requested_fields(task, field)
        if fits_in_modal(requested, task.value)
    )


def _requested_fields(task: TaskView, field: str) -> tuple[Field, ...]:
    named = task.form.field(field) if field else None
    return (named,) if named else task.form.modal_fields_for(task.value)


def answer_modal(
    task: TaskView, metadata: ModalMetadata, contents: ModalContents | None = None
) -> ModalView:
    """Return the modal to enter an answer, with `contents` (None: the current answer) in it."""
    fields = fields_in_modal(task, metadata.field)
    shown_contents = contents or initial_contents(fields, task.value)
    blocks = [
        *_task_preview_blocks(task, fields),
        *_too_long_notes(task, metadata.field, fields),
        *(
            block
            for field in fields[:1]
            for block in focus_last_part(input_blocks(field, shown_contents))
        ),
        *(block for field in fields[1:] for block in input_blocks(field, shown_contents)),
        *text_box_controls(task.id, fields, shown_contents),
    ]
    return modal(
        "write_answer",
        _modal_title(fields),
        blocks,
        submit="Save",
        metadata=replace(metadata, joins=shown_contents.joins).to_json(),
    )


def _modal_title(fields: tuple[Field, ...]) -> str:
    """Return the label of the main field, cut to Slack's 24 characters of a title."""
    labels = (field.label for field in fields if _needs_passages(field))
    return next(labels, "Reason")[:24]


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
    """Return whether people need the task's passages, which the modal hides, to fill the field."""
    return isinstance(field, RankingField) or (isinstance(field, TextField) and field.long)


def _passage_preview_blocks(passage: Passage, text: str, assignment_id: int) -> list[Block]:
    blocks = passage_blocks(passage, text, f"passage:{assignment_id}:{passage.key}")
    omitted = len(passage.text) - len(text)
    note = f"… {omitted:,} more characters. Choose Show full text on the task to see them."
    return [*blocks, *([context(note)] if omitted else [])]


def _too_long_notes(task: TaskView, field: str, fields: tuple[Field, ...]) -> list[Block]:
    labels = [
        requested.label for requested in _requested_fields(task, field) if requested not in fields
    ]
    return [
        context(f"{label}: too long for a dialog. Edit it in the task's thread.")
        for label in labels
    ]


def answer_modal_with_added_part(
    task: TaskView, metadata: ModalMetadata, state: StateValues, key: str
) -> ModalView:
    """Return the open modal with one more box for the text `key`; all entries are kept."""
    fields = fields_in_modal(task, metadata.field)
    contents = parse_contents(fields, state, metadata.joins)
    parts = {**contents.parts, key: [*contents.parts.get(key, []), ""]}
    return answer_modal(task, metadata, replace(contents, parts=parts))


def answer_modal_with_other_boxes(
    task: TaskView, metadata: ModalMetadata, state: StateValues
) -> ModalView:
    """Return the open modal with formatting in its boxes, or without if they had it."""
    fields = fields_in_modal(task, metadata.field)
    contents = parse_contents(fields, state, metadata.joins)
    return answer_modal(task, metadata, with_other_boxes(contents))


def guidelines_modal(task: TaskView) -> ModalView:
    """Return the guidelines of the task's campaign."""
    shown_guidelines = excerpt(task.guidelines, PAGE_CHARACTERS)
    omission_note = (
        f"… {shown_guidelines.omitted:,} more characters. Ask your coordinator for the rest."
    )
    text = rich_text(shown_guidelines.text, title=task.campaign_title, block_id="guidelines")
    return modal(
        "show_guidelines",
        "Guidelines",
        [
            *(plain_section(change) for change in task.guideline_changes),
            *([text] if task.guidelines or not task.guidelines_link else []),
            *([context(omission_note)] if shown_guidelines.omitted else []),
            *_guidelines_link_blocks(task),
        ],
    )


def _guidelines_link_blocks(task: TaskView) -> list[Block]:
    if not task.guidelines_link:
        return []
    link = Action("open_link", task.id)
    link_element = link_button(
        "Open guidelines page", link.action_id, link.value, task.guidelines_link
    )
    return [actions("link", link_element)]


def full_text_modal(task: TaskView, page: int, receipt: str = "") -> ModalView:
    """Return one page (counted from 0) of the full text of all passages.

    The last page has the buttons that answer the task. `receipt` says what was saved before.
    """
    turn_page = Action("show_full_text_page", task.id)
    full_text = passage_page(task.form.passages, page, turn_page)
    answer_blocks = [
        block
        for field in task.form.message_fields_for(task.value)
        for block in message_field_blocks(task.id, field, task.value.get(field.key))
    ]
    blocks = [
        *([context(f"✓ {excerpt(receipt, MAX_RECEIPT_CHARACTERS).text}")] * bool(receipt)),
        *full_text.blocks,
        *([*_difference_blocks(task), *answer_blocks] if full_text.is_last else []),
    ]
    return modal("full_text", "Full text", blocks)


def _difference_blocks(task: TaskView) -> list[Block]:
    if not task.form.close_passages:
        return []
    passages = {passage.key: passage for passage in task.form.passages}
    return difference_blocks(*(passages[key] for key in task.form.close_passages))


def next_full_text_modal(page: TaskPage, answered_id: RowId) -> ModalView:
    """Return the dialog after an answer in it: the next task, or that there is none.

    A task that is only partly answered stays on its last page.
    """
    receipt = page.receipt.summary if page.receipt else ""
    if page.task is None:
        text = " ".join(filter(None, (f"{receipt}." if receipt else "", SEE_MESSAGE_TEXT)))
        return notice_modal("Full text", text)
    number = LAST_PAGE if page.task.id == answered_id else 0
    return full_text_modal(page.task, number, receipt)


def is_last_page(task: TaskView, page: int) -> bool:
    """Return whether a page (counted from 0) of the full text is the last one."""
    return page >= count_pages(task.form.passages) - 1


def notice_modal(title: str, text: str) -> ModalView:
    """Return a read-only modal with a text, in which backticks mark commands."""
    return read_only_modal(title, [text_with_code(text)])


def read_only_modal(title: str, blocks: list[Block]) -> ModalView:
    """Return a read-only modal with blocks."""
    return modal("notice", title, blocks)


def too_long_modal() -> ModalView:
    """Return the notice that a response is too long for a modal, and how to edit it."""
    text = (
        "Your response is too long for a dialog. To change it, send the new version in the task's "
        "thread, as messages or as a text file, and save it there."
    )
    return notice_modal("Response too long", text)
