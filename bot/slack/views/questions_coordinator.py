"""Questions and flags as coordinators see them: messages with actions, and their modals."""

from __future__ import annotations

from bot.services.items.references import reference_of, short_key
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import actions, button, context, modal
from bot.slack.blockkit.inputs import text_input
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.passages import excerpts_of, passage_blocks, visible_passages
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, excerpt, notification_text
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.parsing.action_ids import Action
from bot.slack.views.questions_expert import TEXT_KEY
from bot.slack.views.task_message import MAX_PASSAGE_CHARS, MAX_TOTAL_PASSAGE_CHARS
from bot.slack.views.task_modals import ModalMetadata
from storage.queries.questions_and_flags import QuestionOrFlag

REPLY_HINT = (
    "Reply in this message's thread, or choose Answer. The task's time limit is paused until then."
)
FOLLOW_UP_HINT = "Further replies in this thread are also sent to the expert."


def render_question(question: QuestionOrFlag) -> Message:
    """Render a question, with its answer or the buttons to answer it."""
    head = f"{_expert_name(question)} asks about {_describe_item(question)}:"
    return Message(
        f"{escape_mrkdwn(head)} {notification_text(question.text)}",
        [
            plain_rich_text(f"{head}\n{_shorten(question.text)}"),
            _outcome_block("Answered", question.outcome)
            if question.outcome
            else _question_actions(question),
            context(FOLLOW_UP_HINT if question.outcome else REPLY_HINT),
        ],
    )


def _outcome_block(label: str, outcome: str) -> Block:
    return plain_rich_text(f"✓ {label}: {_shorten(outcome)}")


def _question_actions(question: QuestionOrFlag) -> Block:
    answer = Action("answer_question", question.id)
    item = Action("show_item", question.assignment_id)
    return actions(
        f"question:{question.id}",
        button("Answer…", answer.action_id, answer.value, style="primary"),
        button("Show item…", item.action_id, item.value),
    )


def render_flag(flag: QuestionOrFlag, *, is_on_hold: bool) -> Message:
    """Render a flag, with its resolution or the buttons to resolve it."""
    head = f"{_expert_name(flag)} flagged {_describe_item(flag)}:"
    item, resolve, put_on_hold = (
        Action("show_item", flag.assignment_id),
        Action("resolve_flag", flag.id),
        Action("put_on_hold", flag.id),
    )
    elements = [
        button("Resolve…", resolve.action_id, resolve.value, style="primary"),
        button("Show item…", item.action_id, item.value),
        *([button("Put on hold", put_on_hold.action_id, put_on_hold.value)] * (not is_on_hold)),
    ]
    on_hold_note = (
        [context("On hold: nobody gets this task until a coordinator returns it to the queue.")]
        if is_on_hold
        else []
    )
    return Message(
        f"{escape_mrkdwn(head)} {notification_text(flag.text)}",
        [
            plain_rich_text(f"{head}\n{_shorten(flag.text)}"),
            *on_hold_note,
            _outcome_block("Resolved", flag.outcome)
            if flag.outcome
            else actions(f"flag:{flag.id}", *elements),
        ],
    )


def _shorten(text: str) -> str:
    shown = excerpt(text, MAX_PASSAGE_CHARS)
    return f"{shown.text} …" if shown.omitted else text


def _expert_name(entry: QuestionOrFlag) -> str:
    """Return the name, or an id until the profile is fetched: a mention would notify."""
    return entry.expert_name or f"An expert ({entry.slack_id})"


def _describe_item(entry: QuestionOrFlag) -> str:
    key, reference = short_key(entry.item_key), reference_of(entry.assignment_id)
    return f"item {key} in “{entry.campaign_name}” ({reference})"


def answer_question_modal(question: QuestionOrFlag) -> ModalView:
    """Return the modal for answering a question."""
    hint = "Other experts who get this item can read it too, without names."
    return modal(
        "answer_question",
        "Answer",
        [
            plain_rich_text(_shorten(question.text)),
            text_input(TEXT_KEY, "Answer", multiline=True, hint=hint),
        ],
        submit="Send",
        metadata=ModalMetadata(question.id).to_json(),
    )


def resolve_flag_modal(flag: QuestionOrFlag, metadata: ModalMetadata) -> ModalView:
    """Return the modal for resolving a flag."""
    hint = "The expert who flagged the item gets this text."
    blocks: list[Block] = [
        plain_rich_text(_shorten(flag.text)),
        text_input(TEXT_KEY, "Resolution", multiline=True, hint=hint),
    ]
    return modal("resolve_flag", "Resolve", blocks, submit="Resolve", metadata=metadata.to_json())


def item_modal(task: TaskView) -> ModalView:
    """Return an item as the expert saw it: candidates in their order, without model names."""
    excerpts = excerpts_of(task.form.passages, MAX_TOTAL_PASSAGE_CHARS, MAX_PASSAGE_CHARS)
    omitted = sum(passage_excerpt.omitted for passage_excerpt in excerpts.values())
    blocks = [
        block
        for passage in visible_passages(task.form.passages)
        for block in passage_blocks(passage, excerpts[passage.key].text, f"item:{passage.key}")
    ]
    return modal(
        "item",
        "Item",
        [
            context(f"{task.campaign_title} · {task.form.question}"),
            *blocks,
            *([context(f"… {omitted:,} more characters")] if omitted else []),
        ],
    )
