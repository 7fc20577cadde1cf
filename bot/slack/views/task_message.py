"""The expert's message: the receipt of the last action, and the next task below it."""

from __future__ import annotations

from functools import partial

from bot.cadence.daily_limit import Limit
from bot.kinds.form import Passage, TextField
from bot.services.answers.skip import SKIP_LABELS
from bot.services.items.references import reference_of
from bot.services.tasks.next_task import (
    MAX_COUNTED_TASKS,
    SAVED_PREFIX,
    Receipt,
    TaskPage,
    TaskView,
)
from bot.services.tasks.no_task_reasons import LimitReached
from bot.slack.blockkit.blocks import (
    actions,
    button,
    context,
    divider,
    header,
    overflow,
    plain_section,
    static_select,
)
from bot.slack.blockkit.message import Message, ShownPassage
from bot.slack.blockkit.message_size import count_characters, fit_message
from bot.slack.blockkit.passages import (
    count_hidden_images,
    excerpts_of,
    passage_blocks,
    visible_passages,
)
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, excerpt, notification_text, pluralize
from bot.slack.blockkit.types import ActionElement, ActionsBlock, Block
from bot.slack.forms.message_fields import message_field_blocks
from bot.slack.parsing.action_ids import Action
from bot.slack.views.practice import format_feedback

MAX_TOTAL_PASSAGE_CHARS = 9_000
"""Characters of all passages in one message; fewer if the rest of the message is long."""

MAX_PASSAGE_CHARS = 3_000
"""Characters of one passage: the limit of a Slack section, and enough to read in a chat."""

MAX_RECEIPT_CHARACTERS = 1_000
"""Characters of a receipt; the answer itself is in the dialog that edits it."""

OVERFLOW_OPTIONS = {"ask": "Ask a question…", "flag": "Flag this item…", "why": "Why this task…"}
"""Labels of the overflow menu, by option."""

QUESTION_ANSWERED_TEXT = "A question about this item was answered."

MAX_GUIDELINES_CHANGES = 5
"""Changes of the guidelines listed on one task, the newest ones."""

LIMIT_REACHED_TEXTS = {
    Limit.TIME: "Daily limit of {amount} reached. Thank you! More tasks follow tomorrow.",
    Limit.BATCH: "{amount} done. Thank you! Continue when you like.",
}
"""Texts shown when an expert has reached a limit they chose."""

RECENT_ANSWER_TEXT = "This is your current answer. It counts until you give another."

NO_TASKS_TEXT = "No more tasks for now. Thank you! You get a message when there are more."


def render_task_page(page: TaskPage) -> Message:
    """Render a page: the receipt if any, then the task, or a notice that there is none."""
    receipt = _receipt_blocks(page.receipt) if page.receipt else []
    if page.limit_reached:
        return _render_limit_reached(page.limit_reached, page.receipt, receipt)
    if page.task is None:
        closing = "" if page.keeps_receipt_only else _no_tasks_text(page)
        sentences = [f"{_receipt_text(page.receipt)}."] if page.receipt else []
        text = " ".join([*sentences, *([closing] if closing else [])])
        return Message(
            escape_mrkdwn(text), [*receipt, *([plain_rich_text(closing)] if closing else [])]
        )
    task_message = render_task(page.task, page.remaining, count_characters(receipt))
    separator = [divider()] if receipt else []
    return Message(
        task_message.text, [*receipt, *separator, *task_message.blocks], task_message.shown
    )


def _no_tasks_text(page: TaskPage) -> str:
    return " ".join(map(str, page.reasons)) or NO_TASKS_TEXT


def _render_limit_reached(
    limit: LimitReached, receipt: Receipt | None, receipt_blocks: list[Block]
) -> Message:
    amount = pluralize(limit.amount, "minute" if limit.limit == Limit.TIME else "task")
    closing = LIMIT_REACHED_TEXTS[limit.limit].format(amount=amount)
    continue_action = Action("lift_limit")
    text = f"{_receipt_text(receipt)}. {closing}" if receipt else closing
    buttons = actions(
        "limit_reached", button("Continue anyway", continue_action.action_id, continue_action.value)
    )
    return Message(escape_mrkdwn(text), [*receipt_blocks, plain_rich_text(closing), buttons])


def _receipt_text(receipt: Receipt) -> str:
    """Return the summary of the last action, with the feedback on a practice question."""
    summary = excerpt(receipt.summary, MAX_RECEIPT_CHARACTERS).text
    return format_feedback(summary, receipt.feedback) if receipt.feedback else summary


def render_recent_answer(task: TaskView) -> Message:
    """Render an answered task with its current answer, so that it can be changed."""
    message = render_task(task, None, len(RECENT_ANSWER_TEXT))
    return Message(
        f"{RECENT_ANSWER_TEXT} {message.text}",
        [plain_rich_text(RECENT_ANSWER_TEXT), *message.blocks],
        message.shown,
    )


def _receipt_blocks(receipt: Receipt) -> list[Block]:
    if receipt.feedback:
        return [plain_rich_text(_receipt_text(receipt))]
    names = ("undo", "write_answer", "better_response")
    undo, write, better = (Action(name, receipt.assignment_id) for name in names)
    undone = receipt.summary.removeprefix(SAVED_PREFIX)
    undo_button = button("Undo", undo.action_id, undo.value, accessibility_label=f"Undo: {undone}")
    modal_button = (
        button(receipt.modal_label, write.action_id, write.value) if receipt.modal_label else None
    )
    better_buttons = [button(receipt.better_response_label, better.action_id, better.value)]
    buttons = [
        undo_button,
        *better_buttons * bool(receipt.better_response_label),
        *([modal_button] if modal_button else []),
    ]
    return [
        plain_rich_text(f"✓ {excerpt(receipt.summary, MAX_RECEIPT_CHARACTERS).text}"),
        actions(f"receipt:{receipt.assignment_id}", *buttons),
    ]


def render_task(task: TaskView, remaining: int | None, reserved_characters: int = 0) -> Message:
    """Render one task: its passages, fields and actions.

    `remaining` is how many tasks are left, with this one; None for a task outside the queue, such
    as a preview or a recent answer.

    The passages are cut so that the message fits, with `reserved_characters` for other blocks; a
    button then shows the full text.
    """
    render = partial(_render_task, task, remaining)
    return fit_message(render, MAX_TOTAL_PASSAGE_CHARS, reserved_characters)


def _render_task(task: TaskView, remaining: int | None, max_characters: int) -> Message:
    form, value = task.form, task.value
    passages = form.passages_for(value)
    excerpts = excerpts_of(passages, max_characters, MAX_PASSAGE_CHARS)
    hidden_count = count_hidden_images(passages)
    omitted_chars = sum(passage_excerpt.omitted for passage_excerpt in excerpts.values())
    blocks: list[Block] = [
        header(form.question),
        context(_progress_line(task, remaining)),
        *_news_blocks(task),
        *(
            block
            for passage in visible_passages(passages)
            for block in _task_passage_blocks(task, passage, excerpts[passage.key].text)
        ),
        *_omission_note(omitted_chars, hidden_count),
        *(
            row
            for field in form.message_fields_for(value)
            for row in message_field_blocks(task.id, field, value.get(field.key))
        ),
        *_missing_fields_note(task),
        _task_actions(task, is_truncated=bool(omitted_chars or hidden_count)),
        *_thread_hint(task),
    ]
    shown: dict[str, ShownPassage] = {
        passage.key: {"characters": len(passage.text), "shown": len(excerpts[passage.key].text)}
        for passage in passages
    }
    return Message(_task_notification(task), blocks, shown)


def _task_notification(task: TaskView) -> str:
    first_text = task.form.passages[0].text if task.form.passages else ""
    question = escape_mrkdwn(task.form.question)
    separator = " " if question.endswith(("?", "!", ".", ":")) else ": "
    return f"{question}{separator}{notification_text(first_text)}"


def _progress_line(task: TaskView, remaining: int | None) -> str:
    reference = reference_of(task.id) if task.id else ""  # a preview has none
    parts = (task.campaign_title, _format_progress(task, remaining), reference)
    return " · ".join(part for part in parts if part)


def _format_progress(task: TaskView, remaining: int | None) -> str:
    if task.practice:
        number, total = task.practice
        return f"Practice {number} of {total}"
    if remaining is None:
        return ""
    count = f"{remaining} or more" if remaining >= MAX_COUNTED_TASKS else f"{remaining}"
    return f"{count} left in this campaign" if remaining > 1 else "last task"


def _task_passage_blocks(task: TaskView, passage: Passage, text: str) -> list[Block]:
    block_id = f"passage:{task.id}:{passage.key}"
    return [divider(), *passage_blocks(passage, text, block_id, has_thread=True)]


def _omission_note(characters: int, media_count: int) -> list[Block]:
    omissions = [
        *([f"{characters:,} more characters"] * bool(characters)),
        *([pluralize(media_count, "more image")] * bool(media_count)),
    ]
    if not omissions:
        return []
    return [context(f"… {' and '.join(omissions)}. Choose Show full text to see everything.")]


def _task_actions(task: TaskView, *, is_truncated: bool) -> ActionsBlock:
    names = ("write_answer", "show_full_text", "show_guidelines", "skip", "task_menu")
    write, full_text, guidelines, skip, menu = (Action(name, task.id) for name in names)
    has_guidelines = bool(task.guidelines or task.guidelines_link)
    form = task.form
    has_message_answer = not any(
        field in form.message_fields for field in form.missing_fields(task.value)
    )
    full_text_label = "Show full text…" if is_truncated else "Show differences…"
    shows_write_button = has_message_answer and bool(form.modal_fields_for(task.value))
    options = [
        (label, Action("skip", task.id, "", reason).value) for reason, label in SKIP_LABELS.items()
    ]
    elements: list[ActionElement] = [
        *(
            [
                button(
                    form.modal_label_for(task.value), write.action_id, write.value, style="primary"
                )
            ]
            * shows_write_button
        ),
        *(
            [button(full_text_label, full_text.action_id, full_text.value)]
            * (is_truncated or bool(form.close_passages))
        ),
        *([button("Guidelines…", guidelines.action_id, guidelines.value)] * has_guidelines),
        static_select("Skip…", skip.action_id, options),
        overflow(
            menu.action_id,
            [(label, _overflow_value(task, option)) for option, label in OVERFLOW_OPTIONS.items()],
        ),
    ]
    return actions(f"task_actions:{task.id}", *elements)


def _overflow_value(task: TaskView, option: str) -> str:
    return Action("task_menu", task.id, "", option).value


def _news_blocks(task: TaskView) -> list[Block]:
    """Return changed guidelines and answered questions, each with a button that shows them."""
    guidelines = Action("show_guidelines", task.id)
    answers = Action("show_question_answers", task.id)
    guidelines_button = button("Show guidelines…", guidelines.action_id, guidelines.value)
    answers_button = button("Show answer…", answers.action_id, answers.value)
    changes = "\n".join(task.guideline_changes[-MAX_GUIDELINES_CHANGES:])
    return [
        *([plain_section(changes, guidelines_button)] * bool(changes)),
        *([plain_section(QUESTION_ANSWERED_TEXT, answers_button)] * bool(task.answered_questions)),
    ]


def _missing_fields_note(task: TaskView) -> list[Block]:
    """Return a note that names the missing modal fields; the button below opens the dialog."""
    if not (task.value and task.form.needs_modal(task.value)):
        return []
    missing = [f"a {field.label.lower()}" for field in task.form.missing_fields(task.value)]
    return [context(f"Not submitted yet: add {' and '.join(missing)}.")]


def _thread_hint(task: TaskView) -> list[Block]:
    modal_fields = task.form.modal_fields_for(task.value)
    if not any(isinstance(field, TextField) and field.long for field in modal_fields):
        return []
    return [context("Long text? Reply in this message's thread, or upload a text file there.")]
