"""A case to review: the task, what was said about it, and the ways to decide."""

from __future__ import annotations

from typing import Any

from bot.kinds.form import PAGE_KEY, Passage
from bot.services.reviews.review_queue import AnswerGroup, ReviewCase, ReviewReason
from bot.slack.blockkit.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    modal,
    plain_section,
)
from bot.slack.blockkit.inputs import text_input
from bot.slack.blockkit.passages import passage_blocks, visible_passages
from bot.slack.blockkit.rich_text import plain_rich_text as rich_words
from bot.slack.blockkit.text import escape_mrkdwn, excerpt, pluralize
from bot.slack.forms.modal_fields import ModalContents, initial_contents, input_blocks
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import Message

MAX_CASE_CHARACTERS = 5_000
"""Characters of passages in one case; the window to decide in shows more."""

MAX_ANSWERS_SHOWN = 8
"""Different answers in one case."""

MAX_ANSWER_CHARACTERS, MAX_REASON_CHARACTERS = 400, 120
"""Characters of an answer, and of a reason for it: all of them together fit one message."""

MAX_MODAL_PASSAGE_CHARACTERS = 12_000
"""Characters of each passage in the window."""

REVIEW_REASONS = {
    ReviewReason.FLAGGED: "somebody flagged it",
    ReviewReason.ON_HOLD: "it was skipped and set aside",
    ReviewReason.DISAGREED: "experts disagree",
    ReviewReason.SAMPLED: "a sample of what experts agree on",
}

EMPTY_QUEUE_TEXT = "Nothing waits for review. Thank you!"

DECISION_REASON_KEY = "why_decided"
"""The field of the reviewer's own reason, beside those of the form."""


def render_empty_queue(last_decision: str = "") -> Message:
    """Draw that no case is left, after what was just done."""
    text = f"{last_decision} {EMPTY_QUEUE_TEXT}".strip()
    return Message(escape_mrkdwn(text), [rich_words(text)])


def render_case(review_case: ReviewCase, last_decision: str = "", undo_task_id: int = 0) -> Message:
    """Draw a case, under what was just done to another; `undo` is the task that was decided."""
    form = review_case.form
    passages = visible_passages(form.passages)
    passage_limit = MAX_CASE_CHARACTERS // max(len(passages), 1)
    title = f"Review: {REVIEW_REASONS[review_case.reason]}"
    return Message(
        escape_mrkdwn(f"{last_decision} {title}".strip()),
        [
            *_last_decision_blocks(last_decision, undo_task_id),
            header(title),
            context(f"{review_case.campaign_title} · {form.question}"),
            *_earlier_turns_note(review_case),
            *(
                block
                for one in passages
                for block in _passage_blocks(review_case, one, passage_limit)
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
    undo = Action("undecide", undo_task_id)
    undo_row = [
        actions(f"undecide:{undo_task_id}", button("Take it back", undo.action_id, undo.value))
    ]
    return [rich_words(f"✓ {last_decision}"), *(undo_row if undo_task_id else []), divider()]


def _passage_blocks(review_case: ReviewCase, passage: Passage, max_characters: int) -> list[Block]:
    shown = excerpt(passage.text, max_characters)
    block_id = f"case:{review_case.task_id}:{passage.key}"
    blocks = passage_blocks(passage, shown.text, review_case.task_id, block_id)
    more = f"… {shown.omitted:,} more characters: Decide otherwise shows them."
    return [*blocks, *([context(more)] if shown.omitted else [])]


def _earlier_turns_note(review_case: ReviewCase) -> list[Block]:
    count = len(review_case.form.passages) - len(visible_passages(review_case.form.passages))
    return [context(f"… {pluralize(count, 'earlier turn')} of the conversation")] if count else []


def _answers_blocks(review_case: ReviewCase) -> list[Block]:
    if not review_case.answer_groups:
        return [context("Nobody has answered it.")]
    more = len(review_case.answer_groups) - MAX_ANSWERS_SHOWN
    shown = [
        block
        for one in review_case.answer_groups[:MAX_ANSWERS_SHOWN]
        for block in _answer_blocks(review_case, one)
    ]
    return [*shown, *([context(f"… and {more} more different answers")] if more > 0 else [])]


def _answer_blocks(review_case: ReviewCase, answer: AnswerGroup) -> list[Block]:
    count = len(answer.assignment_ids)
    answered_by = "1 expert" if count == 1 else f"{count} experts"
    accept = Action(
        "adopt", answer.assignment_ids[0], review_case.reason.value, str(review_case.task_id)
    )
    label = f"{answered_by}: {excerpt(answer.summary, MAX_ANSWER_CHARACTERS).text}"
    accept_button = button(
        "Decide so", accept.action_id, accept.value, accessibility_label=f"Decide as {label}"
    )
    reasons = [
        context(f"“{excerpt(reason, MAX_REASON_CHARACTERS).text}”") for reason in answer.reasons[:2]
    ]
    return [plain_section(label, accept_button), *reasons]


def _decision_buttons(review_case: ReviewCase) -> list[Block]:
    actions_by_name = {
        name: Action(name, review_case.task_id, review_case.reason.value)
        for name in ("decide", "send_back", "leave", "hand_out", "next_case")
    }
    labels = {"decide": "Decide otherwise…", "send_back": "Send back…", "leave": "Leave it so"}
    if review_case.reason == ReviewReason.ON_HOLD:
        labels = {"hand_out": "Hand it out again", "leave": "Leave it out"}
    buttons = {**labels, "next_case": "Next"}
    return [
        button(label, actions_by_name[deed].action_id, actions_by_name[deed].value)
        for deed, label in buttons.items()
    ]


def decision_modal(review_case: ReviewCase, metadata: str) -> dict[str, Any]:
    """Draw the window to decide in: the whole task, every field, and room for a reason."""
    form = review_case.form
    fields = tuple(
        field for field in (*form.message_fields, *form.modal_fields) if field.key != PAGE_KEY
    )
    contents: ModalContents = initial_contents(fields, {})
    return modal(
        "decide",
        "Decide",
        [
            *_earlier_turns_note(review_case),
            *(
                block
                for one in visible_passages(form.passages)
                for block in _passage_blocks(review_case, one, MAX_MODAL_PASSAGE_CHARACTERS)
            ),
            *(block for field in fields for block in input_blocks(field, contents)),
            text_input(
                DECISION_REASON_KEY,
                "Why you decide so",
                optional=True,
                multiline=True,
                hint="Kept beside the decision, in the data.",
            ),
        ],
        submit="Decide",
        metadata=metadata,
    )


def send_back_modal(review_case: ReviewCase, metadata: str) -> dict[str, Any]:
    """Draw the window that asks why experts should look again."""
    count = sum(len(one.assignment_ids) for one in review_case.answer_groups)
    who = "The expert" if count == 1 else f"All {count} experts"
    text = f"{who} who answered will be asked to look again. They read what you write here."
    return modal(
        "send_back",
        "Send back",
        [
            plain_section(text),
            text_input("reason", "What should they look at?", multiline=True, max_length=1000),
        ],
        submit="Send back",
        metadata=metadata,
    )
