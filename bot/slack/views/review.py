"""Review cases: the task, its answers by group, and the decisions; and their modals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import orjson

from bot.kinds.form import PAGE_KEY, Field, Passage
from bot.services.reviews.review_queue import AnswerGroup, ReviewCase, ReviewReason
from bot.slack.blockkit.blocks import (
    actions,
    button,
    context,
    divider,
    header,
    modal,
    plain_section,
)
from bot.slack.blockkit.inputs import text_input
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.message_size import fit_message
from bot.slack.blockkit.passage_pages import passage_page
from bot.slack.blockkit.passages import passage_blocks, visible_passages
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, excerpt, pluralize
from bot.slack.blockkit.types import Block, Button, InputBlock, ModalView
from bot.slack.forms.modal_fields import (
    MAX_VIEW_BYTES,
    ModalContents,
    fits_in_modal,
    initial_contents,
    input_blocks,
)
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_modals import notice_modal

MAX_CASE_CHARACTERS = 5_000
"""Characters of passages in one case, fewer if its answers are long; the full text shows all."""

MAX_ANSWERS_SHOWN = 8
"""Groups of equal answers shown in one case; the full text shows all."""

MAX_ANSWER_CHARACTERS, MAX_REASON_CHARACTERS = 400, 120
"""Characters of an answer and of a reason. With `MAX_ANSWERS_SHOWN`, all fit one message;
the full text shows the rest."""

MODAL_PASSAGE_CHARACTERS = (12_000, 3_000, 500)
"""Characters of each passage in the decision modal, fewer if the modal would be too large."""

TOO_LONG_TEXT = (
    "The text is too long to be edited in a dialog. Accept an answer, keep the answers as they "
    "are, or send them back with a comment that says what to change."
)

REVIEW_REASONS = {
    ReviewReason.FLAGGED: "flagged by an expert",
    ReviewReason.ON_HOLD: "on hold",
    ReviewReason.DISAGREED: "experts disagree",
    ReviewReason.SAMPLED: "sample of agreed answers",
}

EMPTY_QUEUE_TEXT = "The review queue is empty. Thank you!"

READ_BUTTONS = {"show_case": "Full text", "next_case": "Next case"}
"""Labels by action of the buttons that decide nothing."""

DECISION_REASON_KEY = "decision_reason"
"""Key of the reviewer's reason, which is not a field of the task's form."""


def render_empty_queue(last_decision: str = "") -> Message:
    """Render an empty queue, after the result of the last decision."""
    text = f"{last_decision} {EMPTY_QUEUE_TEXT}".strip()
    return Message(escape_mrkdwn(text), [plain_rich_text(text)])


def render_case(review_case: ReviewCase, last_decision: str = "", undo_task_id: int = 0) -> Message:
    """Render a case below the result of the last decision.

    `undo_task_id`: the task of that decision, if it can be undone; else 0.
    """
    return fit_message(
        partial(_render_case, review_case, last_decision, undo_task_id), MAX_CASE_CHARACTERS
    )


def _render_case(
    review_case: ReviewCase, last_decision: str, undo_task_id: int, max_characters: int
) -> Message:
    form = review_case.form
    passages = visible_passages(form.passages)
    passage_limit = max_characters // max(len(passages), 1)
    title = f"Review: {REVIEW_REASONS[review_case.reason]}"
    return Message(
        escape_mrkdwn(f"{last_decision} {title} in “{review_case.campaign_title}”".strip()),
        [
            *_last_decision_blocks(last_decision, undo_task_id),
            header(title),
            context(f"{review_case.campaign_title} · {form.question}"),
            *_earlier_turns_note(review_case),
            *(
                block
                for passage in passages
                for block in _passage_blocks(
                    review_case,
                    passage,
                    passage_limit,
                    more_hint=" Choose Full text to see them.",
                )
            ),
            divider(),
            *(
                context(f"Flagged: {excerpt(flag, MAX_ANSWER_CHARACTERS).text}")
                for flag in review_case.flags[:5]
            ),
            *_answers_blocks(review_case),
            actions(f"review:{review_case.task_id}", *_decision_buttons(review_case)),
        ],
    )


def _last_decision_blocks(last_decision: str, undo_task_id: int) -> list[Block]:
    if not last_decision:
        return []
    undo = Action("undo_decision", undo_task_id)
    undo_row = [
        actions(f"undo_decision:{undo_task_id}", button("Undo", undo.action_id, undo.value))
    ]
    return [plain_rich_text(f"✓ {last_decision}"), *(undo_row if undo_task_id else []), divider()]


def _passage_blocks(
    review_case: ReviewCase, passage: Passage, max_characters: int, *, more_hint: str = ""
) -> list[Block]:
    shown = excerpt(passage.text, max_characters)
    block_id = f"case:{review_case.task_id}:{passage.key}"
    blocks = passage_blocks(passage, shown.text, review_case.task_id, block_id)
    note = f"… {shown.omitted:,} more characters.{more_hint}"
    return [*blocks, *([context(note)] if shown.omitted else [])]


def _earlier_turns_note(review_case: ReviewCase) -> list[Block]:
    count = len(review_case.form.passages) - len(visible_passages(review_case.form.passages))
    return [context(f"… {pluralize(count, 'earlier turn')} of the conversation")] if count else []


def _answers_blocks(review_case: ReviewCase) -> list[Block]:
    if not review_case.answer_groups:
        return [context("No answers yet.")]
    hidden_count = len(review_case.answer_groups) - MAX_ANSWERS_SHOWN
    shown = [
        block
        for group in review_case.answer_groups[:MAX_ANSWERS_SHOWN]
        for block in _answer_blocks(review_case, group)
    ]
    note = f"… and {hidden_count} more different answers"
    return [*shown, *([context(note)] if hidden_count > 0 else [])]


def _answer_blocks(review_case: ReviewCase, group: AnswerGroup) -> list[Block]:
    accept = Action(
        "accept_answer",
        group.assignment_ids[0],
        review_case.reason.value,
        str(review_case.task_id),
    )
    summary = excerpt(" ".join(group.summary.split()), MAX_ANSWER_CHARACTERS).text
    label = f"{_experts_of(group)}: {summary}"
    accept_button = button(
        "Accept this answer",
        accept.action_id,
        accept.value,
        accessibility_label=f"Accept this answer: {label}",
    )
    reasons = [
        context(f"“{excerpt(reason, MAX_REASON_CHARACTERS).text}”") for reason in group.reasons[:2]
    ]
    return [plain_section(label, accept_button), *reasons]


def _decision_buttons(review_case: ReviewCase) -> list[Button]:
    labels = {
        "decide": "Enter another answer…",
        "send_back": "Send back…",
        "keep_as_is": "Keep as is",
    }
    if review_case.reason == ReviewReason.ON_HOLD:
        labels = {"return_to_queue": "Return to queue", "keep_as_is": "Keep as is"}
    actions_by_label = {
        label: Action(name, review_case.task_id, review_case.reason.value)
        for name, label in {**labels, **READ_BUTTONS}.items()
    }
    return [
        button(label, action.action_id, action.value) for label, action in actions_by_label.items()
    ]


def full_text_modal(review_case: ReviewCase, page: int) -> ModalView:
    """Return one page (counted from 0) of all answers with their reasons, flags and passages."""
    answers = [
        Passage(f"answer{number}", _experts_of(group), _full_answer(group), markdown=False)
        for number, group in enumerate(review_case.answer_groups)
    ]
    flags = [
        Passage(f"flag{number}", "Flagged", flag, markdown=False)
        for number, flag in enumerate(review_case.flags)
    ]
    passages = (*answers, *flags, *review_case.form.passages)
    turn_page = Action("show_case_page", review_case.task_id, review_case.reason.value)
    return modal("case_text", "Full text", passage_page(passages, page, turn_page))


def _experts_of(group: AnswerGroup) -> str:
    return pluralize(len(group.assignment_ids), "expert")


def _full_answer(group: AnswerGroup) -> str:
    return "\n\n".join((group.summary, *(f"Reason: {reason}" for reason in group.reasons)))


def decision_modal(review_case: ReviewCase, metadata: str) -> ModalView:
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
    inputs: list[Block] = [
        *(context(f"{label}: too long for a dialog.") for label in labels),
        *_decision_inputs(fields),
    ]
    for max_characters in MODAL_PASSAGE_CHARACTERS:
        passages = [
            block
            for passage in visible_passages(form.passages)
            for block in _passage_blocks(review_case, passage, max_characters)
        ]
        blocks: list[Block] = [*_earlier_turns_note(review_case), *passages, *inputs]
        view = modal("decide", "Enter another answer", blocks, submit="Save", metadata=metadata)
        if len(orjson.dumps(view)) <= MAX_VIEW_BYTES:
            break
    return view


def _decision_inputs(fields: Sequence[Field]) -> list[InputBlock]:
    contents: ModalContents = initial_contents(fields, {})
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


def send_back_modal(review_case: ReviewCase, metadata: str) -> ModalView:
    """Return the modal that asks the experts to check their answers."""
    count = sum(len(group.assignment_ids) for group in review_case.answer_groups)
    whose_answers = "One answer" if count == 1 else f"All {count} answers"
    text = f"{whose_answers} will be reopened. The experts see your comment and answer again."
    return modal(
        "send_back",
        "Send back",
        [
            plain_section(text),
            text_input("reason", "Comment for the experts", multiline=True, max_length=1000),
        ],
        submit="Send back",
        metadata=metadata,
    )
