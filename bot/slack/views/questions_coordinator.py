"""What experts raised, as coordinators see it: questions and flags, with what can be done."""

from __future__ import annotations

from typing import Any

from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import actions, button, context, modal
from bot.slack.blockkit.inputs import text_input
from bot.slack.blockkit.passages import excerpts_of, passage_blocks, visible_passages
from bot.slack.blockkit.rich_text import plain_rich_text as rich_words
from bot.slack.blockkit.text import escape_mrkdwn, excerpt, notification_text
from bot.slack.parsing.action_ids import Action
from bot.slack.views.questions_expert import TEXT_KEY
from bot.slack.views.task_message import MAX_PASSAGE_CHARS, MAX_TOTAL_PASSAGE_CHARS, Message
from bot.slack.views.task_modals import ModalMetadata
from storage.queries.questions_and_flags import QuestionOrFlag

REPLY_HINT = (
    "Reply in this message's thread, or tap Answer. The expert's clock stands still until then."
)
FOLLOW_UP_HINT = "What you add in the thread is passed on, too."

MAX_KEY_CHARACTERS = 80
"""Characters of an item's key that are told."""


def render_question(raised: QuestionOrFlag) -> Message:
    """Draw a question, and its answer once there is one."""
    head = f"{_expert_name(raised)} asks about item {raised.item_key[:MAX_KEY_CHARACTERS]} in “{raised.campaign_name}”:"
    answer, item = Action("reply", raised.id), Action("raised", raised.assignment_id)
    question_actions = actions(
        f"question:{raised.id}",
        button("Answer", answer.action_id, answer.value, style="primary"),
        button("Open the item", item.action_id, item.value),
    )
    return Message(
        f"{escape_mrkdwn(head)} {notification_text(raised.text)}",
        [
            rich_words(f"{head}\n{_shorten(raised.text)}"),
            *(
                [rich_words(f"✓ Answered: {_shorten(raised.outcome)}")]
                if raised.outcome
                else [question_actions]
            ),
            context(FOLLOW_UP_HINT if raised.outcome else REPLY_HINT),
        ],
    )


def render_flag(raised: QuestionOrFlag, *, is_on_hold: bool) -> Message:
    """Draw a flag, and what became of it."""
    head = f"{_expert_name(raised)} flagged item {raised.item_key[:MAX_KEY_CHARACTERS]} in “{raised.campaign_name}”:"
    item, resolve, put_on_hold = (
        Action("raised", raised.assignment_id),
        Action("resolve", raised.id),
        Action("aside", raised.id),
    )
    elements = [
        button("Open the item", item.action_id, item.value),
        button("Resolve", resolve.action_id, resolve.value, style="primary"),
        *([button("Set it aside", put_on_hold.action_id, put_on_hold.value)] * (not is_on_hold)),
    ]
    outcome = [rich_words(f"✓ Resolved: {_shorten(raised.outcome)}")] if raised.outcome else []
    on_hold_note = (
        [context("Set aside: nobody gets it until somebody puts it back.")] if is_on_hold else []
    )
    return Message(
        f"{escape_mrkdwn(head)} {notification_text(raised.text)}",
        [
            rich_words(f"{head}\n{_shorten(raised.text)}"),
            *on_hold_note,
            *(outcome or [actions(f"flag:{raised.id}", *elements)]),
        ],
    )


def _shorten(text: str) -> str:
    shown = excerpt(text, MAX_PASSAGE_CHARS)
    return f"{shown.text} …" if shown.omitted else text


def _expert_name(raised: QuestionOrFlag) -> str:
    return raised.expert_name or raised.slack_id


def answer_question_modal(raised: QuestionOrFlag) -> dict[str, Any]:
    """Draw the window to answer a question in."""
    label = "The answer: it helps whoever else gets this item, without names"
    text_box = text_input(TEXT_KEY, label, multiline=True)
    blocks = [rich_words(_shorten(raised.text)), text_box]
    return modal(
        "reply", "Answer", blocks, submit="Send", metadata=ModalMetadata(raised.id).to_json()
    )


def resolve_flag_modal(raised: QuestionOrFlag, metadata: ModalMetadata) -> dict[str, Any]:
    """Draw the window that asks what became of a flag."""
    text_box = text_input(TEXT_KEY, "What became of it? The expert reads this.", multiline=True)
    blocks = [rich_words(_shorten(raised.text)), text_box]
    return modal("resolve", "Resolve", blocks, submit="Resolve", metadata=metadata.to_json())


def item_modal(task: TaskView) -> dict[str, Any]:
    """Draw an item as the expert who raised something saw it, in their order and nameless."""
    excerpts = excerpts_of(task.form.passages, MAX_TOTAL_PASSAGE_CHARS, MAX_PASSAGE_CHARS)
    omitted = sum(part.omitted for part in excerpts.values())
    blocks = [
        block
        for passage in visible_passages(task.form.passages)
        for block in passage_blocks(
            passage, excerpts[passage.key].text, task.id, f"item:{passage.key}"
        )
    ]
    return modal(
        "item",
        "The item",
        [
            context(f"{task.campaign_title} · {task.form.question}"),
            *blocks,
            *([context(f"… {omitted:,} more characters")] if omitted else []),
        ],
    )
