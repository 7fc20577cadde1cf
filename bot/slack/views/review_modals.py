"""Modals of a review case: its full text, another answer, and sending back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

import orjson

from bot.kinds.form import PAGE_KEY, Field, Passage
from bot.services.reviews.review_case import AnswerGroup, ReviewCase
from bot.slack.blockkit.blocks import context, modal, plain_section
from bot.slack.blockkit.inputs import text_input
from bot.slack.blockkit.passage_pages import passage_page
from bot.slack.blockkit.passages import visible_passages
from bot.slack.blockkit.types import Block, InputBlock, ModalView
from bot.slack.forms.modal_fields import (
    MAX_VIEW_BYTES,
    Joins,
    ModalContents,
    fits_in_modal,
    initial_contents,
    input_blocks,
)
from bot.slack.parsing.action_ids import Action, RowId
from bot.slack.views.review import case_field, case_passage_blocks, earlier_turns_note, experts_of
from bot.slack.views.task_modals import notice_modal

MODAL_PASSAGE_CHARACTERS = (12_000, 3_000, 500)
"""Characters of each passage in the decision modal, fewer if the modal would be too large."""

TOO_LONG_TEXT = (
    "The text is too long to be edited in a dialog. Accept an answer, keep the answers as they "
    "are, or send them back with a comment that says what to change."
)

DECISION_REASON_KEY = "decision_reason"
"""Key of the reviewer's reason, which is not a field of the task's form."""


@dataclass(frozen=True, slots=True)
class CaseReference:
    """The private metadata of a dialog: its case, and the `response_url` of the message behind it.

    `reason` is the field of the case's buttons.

    `joins` are the separators between the parts of each text.
    """

    task_id: RowId
    reason: str
    response_url: str | None = None
    joins: Joins = field(default_factory=dict)

    def pack(self) -> str:
        """Serialize to private metadata."""
        return orjson.dumps(asdict(self)).decode()


def full_text_modal(review_case: ReviewCase, page: int) -> ModalView:
    """Return one page (counted from 0) of all answers with their reasons, flags and passages."""
    answers = [
        Passage(f"answer{number}", experts_of(group), _full_answer(group), markdown=False)
        for number, group in enumerate(review_case.answer_groups)
    ]
    flags = [
        Passage(f"flag{number}", "Flagged", flag, markdown=False)
        for number, flag in enumerate(review_case.flags)
    ]
    passages = (*answers, *flags, *review_case.form.passages)
    turn_page = Action("show_case_page", review_case.task_id, case_field(review_case))
    return modal("case_text", "Full text", passage_page(passages, page, turn_page).blocks)


def _full_answer(group: AnswerGroup) -> str:
    return "\n\n".join((group.summary, *(f"Reason: {reason}" for reason in group.reasons)))


def decision_modal(review_case: ReviewCase, reference: CaseReference) -> ModalView:
    """Return the modal to enter another answer: the task, its fields, and an optional reason.

    Texts too long for a modal are left out. If no field is left, return a notice that says so.
    """
    form = review_case.form
    requested = [
        field for field in (*form.message_fields, *form.modal_fields) if field.key != PAGE_KEY
    ]
    fields = [field for field in requested if fits_in_modal(field, {})]
    if not fields:
        return notice_modal("Answer too long", TOO_LONG_TEXT)
    labels = [field.label for field in requested if field not in fields]
    contents = initial_contents(fields, {})
    metadata = replace(reference, joins=contents.joins).pack()
    inputs: list[Block] = [
        *(context(f"{label}: too long for a dialog.") for label in labels),
        *_decision_inputs(fields, contents),
    ]
    for max_characters in MODAL_PASSAGE_CHARACTERS:
        passages = [
            block
            for passage in visible_passages(form.passages)
            for block in case_passage_blocks(review_case, passage, max_characters)
        ]
        blocks: list[Block] = [*earlier_turns_note(review_case), *passages, *inputs]
        view = modal("decide", "Enter another answer", blocks, submit="Save", metadata=metadata)
        if len(orjson.dumps(view)) <= MAX_VIEW_BYTES:
            break
    return view


def _decision_inputs(fields: Sequence[Field], contents: ModalContents) -> list[InputBlock]:
    return [
        *(block for field in fields for block in input_blocks(field, contents)),
        text_input(
            DECISION_REASON_KEY,
            "Reason for the decision",
            optional=True,
            multiline=True,
            hint="Stored and exported with the decision.",
        ),
    ]


def send_back_modal(review_case: ReviewCase, reference: CaseReference) -> ModalView:
    """Return the modal that asks the experts to check their answers."""
    count = sum(len(group.assignment_ids) for group in review_case.answer_groups)
    whose_answers = "The answer" if count == 1 else f"The {count} answers"
    text = f"{whose_answers} will be reopened. The experts see your comment and answer again."
    return modal(
        "send_back",
        "Send back",
        [
            plain_section(text),
            text_input("reason", "Comment for the experts", multiline=True, max_length=1000),
        ],
        submit="Send back",
        metadata=reference.pack(),
    )
