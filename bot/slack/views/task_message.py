"""The expert's message: a receipt of what was done last, and the next task under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.cadence.daily_limit import Limit
from bot.kinds.form import Passage, TextField
from bot.services.answers.skip import SKIP_LABELS
from bot.services.tasks.next_task import (
    MAX_COUNTED_TASKS,
    LimitReached,
    Receipt,
    TaskPage,
    TaskView,
)
from bot.slack.blockkit.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    overflow,
    plain_section,
    static_select,
)
from bot.slack.blockkit.passages import (
    count_hidden_images,
    excerpts_of,
    passage_blocks,
    visible_passages,
)
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, notification_text, pluralize
from bot.slack.forms.message_fields import message_field_blocks
from bot.slack.parsing.action_ids import Action

MAX_TOTAL_PASSAGE_CHARS = 9_000
"""Characters of passages in one message. Slack promises no total; well over ten thousand fail."""

MAX_PASSAGE_CHARS = 3_000
"""Characters of one passage: what a section of Slack's holds, and what a chat reader bears."""

OVERFLOW_OPTIONS = {"ask": "Ask about this", "flag": "Flag this", "why": "Why me?"}
"""What waits behind the three dots, by the option of its press."""

QUESTION_ANSWERED_TEXT = "A question was answered about this item."

MAX_GUIDELINES_CHANGES = 5
"""Changes of the guidelines told on one task; the newest, if there are more."""

LIMIT_REACHED_TEXTS = {
    Limit.TIME: "That was your time for today: {amount}. Thank you! The rest waits for tomorrow.",
    Limit.BATCH: "That was your batch of {amount}. Thank you! More is there when you like.",
}
"""What is said when somebody has done as much as they wanted."""

RECENT_ANSWER_TEXT = "Here is your answer again. It counts as it is until you give another."

NO_TASKS_TEXT = "That was all for now. Thank you! I will write when there is more."


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to send: the notification text, the blocks, and what of each passage shows.

    `shown` maps a passage to its characters and how many of them are in the message.
    """

    text: str
    blocks: list[Block]
    shown: dict[str, Any] = field(default_factory=dict)


def render_task_page(page: TaskPage) -> Message:
    """Draw a page: the receipt if there is one, then the task, or the word that nothing waits."""
    receipt = _receipt_blocks(page.receipt) if page.receipt else []
    if page.limit_reached:
        return _render_limit_reached(page.limit_reached, page.receipt, receipt)
    if page.task is None:
        closing = "" if page.keeps_receipt_only else NO_TASKS_TEXT
        sentences = [f"{page.receipt.summary}."] if page.receipt else []
        text = " ".join([*sentences, *([closing] if closing else [])])
        return Message(
            escape_mrkdwn(text), [*receipt, *([plain_rich_text(closing)] if closing else [])]
        )
    task_message = render_task(page.task, page.remaining)
    separator = [divider()] if receipt else []
    return Message(
        task_message.text, [*receipt, *separator, *task_message.blocks], task_message.shown
    )


def _render_limit_reached(
    limit: LimitReached, receipt: Receipt | None, receipt_blocks: list[Block]
) -> Message:
    amount = pluralize(limit.amount, "minute") if limit.limit == Limit.TIME else f"{limit.amount:,}"
    closing = LIMIT_REACHED_TEXTS[limit.limit].format(amount=amount)
    continue_action = Action("go_on")
    text = f"{receipt.summary}. {closing}" if receipt else closing
    buttons = actions(
        "stop", button("Go on anyway", continue_action.action_id, continue_action.value)
    )
    return Message(escape_mrkdwn(text), [*receipt_blocks, plain_rich_text(closing), buttons])


def render_recent_answer(task: TaskView) -> Message:
    """Draw a task that was answered, with its answer: it counts until another is given."""
    message = render_task(task, 1)
    return Message(
        f"{RECENT_ANSWER_TEXT} {message.text}",
        [plain_rich_text(RECENT_ANSWER_TEXT), *message.blocks],
        message.shown,
    )


def _receipt_blocks(receipt: Receipt) -> list[Block]:
    names = ("undo", "write", "better")
    undo, more, better = (Action(deed, receipt.assignment_id) for deed in names)
    undo_button = button(
        "Undo", undo.action_id, undo.value, accessibility_label=f"Undo: {receipt.summary}"
    )
    modal_button = (
        button(receipt.modal_label, more.action_id, more.value) if receipt.modal_label else None
    )
    better_buttons = [button(receipt.better_response_label, better.action_id, better.value)]
    buttons = [
        undo_button,
        *better_buttons * bool(receipt.better_response_label),
        *([modal_button] if modal_button else []),
    ]
    return [
        plain_rich_text(f"✓ {receipt.summary}"),
        actions(f"receipt:{receipt.assignment_id}", *buttons),
    ]


def render_task(task: TaskView, remaining: int) -> Message:
    """Draw one task with its passages, its answers and the ways out."""
    form, value = task.form, task.value
    passages = form.passages_for(value)
    excerpts = excerpts_of(passages, MAX_TOTAL_PASSAGE_CHARS, MAX_PASSAGE_CHARS)
    hidden_count = count_hidden_images(passages)
    omitted_chars = sum(part.omitted for part in excerpts.values())
    blocks = [
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
            for tap in form.message_fields_for(value)
            for row in message_field_blocks(task.id, tap, value.get(tap.key))
        ),
        *_missing_fields_note(task),
        _task_actions(task, is_truncated=bool(omitted_chars or hidden_count)),
        *_thread_hint(task),
    ]
    shown = {
        p.key: {"characters": len(p.text), "shown": len(excerpts[p.key].text)} for p in passages
    }
    return Message(_task_notification(task), blocks, shown)


def _task_notification(task: TaskView) -> str:
    first = task.form.passages[0].text if task.form.passages else ""
    return f"{escape_mrkdwn(task.form.question)}: {notification_text(first)}"


def _progress_line(task: TaskView, remaining: int) -> str:
    if remaining >= MAX_COUNTED_TASKS:
        return f"{task.campaign_title} · many more after this"
    more = f"{remaining - 1} more after this" if remaining > 1 else "the last one for now"
    return f"{task.campaign_title} · {more}"


def _task_passage_blocks(task: TaskView, passage: Passage, text: str) -> list[Block]:
    block_id = f"passage:{task.id}:{passage.key}"
    return [divider(), *passage_blocks(passage, text, task.id, block_id)]


def _omission_note(characters: int, media_count: int) -> list[Block]:
    omissions = [
        *([f"{characters:,} more characters"] * bool(characters)),
        *([pluralize(media_count, "more image")] * bool(media_count)),
    ]
    if not omissions:
        return []
    return [context(f"… {' and '.join(omissions)} do not fit here: Read in full shows all.")]


def _task_actions(task: TaskView, *, is_truncated: bool) -> Block:
    names = ("write", "read", "guide", "skip", "ways")
    write, read, guide, skip, overflow_action = (Action(deed, task.id) for deed in names)
    has_guidelines = bool(task.guidelines or task.guidelines_link)
    form = task.form
    has_message_answer = not any(
        field in form.message_fields for field in form.missing_fields(task.value)
    )
    shows_write_button = has_message_answer and bool(form.modal_fields_for(task.value))
    options = [
        (words, Action("skip", task.id, "", reason).value) for reason, words in SKIP_LABELS.items()
    ]
    elements = [
        *(
            [button(form.modal_label, write.action_id, write.value, style="primary")]
            * shows_write_button
        ),
        *([button("Read in full", read.action_id, read.value)] * is_truncated),
        *([button("Guidelines", guide.action_id, guide.value)] * has_guidelines),
        static_select("Skip because…", skip.action_id, options),
        overflow(
            overflow_action.action_id,
            [(words, _overflow_value(task, way)) for way, words in OVERFLOW_OPTIONS.items()],
        ),
    ]
    return actions(f"ways:{task.id}", *elements)


def _overflow_value(task: TaskView, option: str) -> str:
    return Action("ways", task.id, "", option).value


def _news_blocks(task: TaskView) -> list[Block]:
    """Say what is new since the expert's last task, each with the button that shows it."""
    guide, answers = Action("guide", task.id), Action("answers", task.id)
    read_guidelines = button(
        "Read them", guide.action_id, guide.value, accessibility_label="Read the guidelines"
    )
    read_answer = button(
        "Read it", answers.action_id, answers.value, accessibility_label="Read the answer"
    )
    return [
        *(
            [
                plain_section(
                    "\n".join(task.guideline_changes[-MAX_GUIDELINES_CHANGES:]), read_guidelines
                )
            ]
            * bool(task.guideline_changes)
        ),
        *([plain_section(QUESTION_ANSWERED_TEXT, read_answer)] * bool(task.answered_questions)),
    ]


def _missing_fields_note(task: TaskView) -> list[Block]:
    """Say what an answer begun with a tap needs yet; the button that asks for it stands below."""
    if not (task.value and task.form.needs_modal(task.value)):
        return []
    labels = ", ".join(field.label for field in task.form.missing_fields(task.value))
    return [context(f"Kept. It counts once this is written: {labels}")]


def _thread_hint(task: TaskView) -> list[Block]:
    modal_fields = task.form.modal_fields_for(task.value)
    if not any(isinstance(field, TextField) and field.long for field in modal_fields):
        return []
    return [context("A long one? Reply in this message's thread, or drop a text file there.")]
