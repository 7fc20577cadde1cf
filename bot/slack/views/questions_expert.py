"""Modals of a task's menu: ask a question, flag the item, why me; and answered questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import context, divider, modal, plain_section
from bot.slack.blockkit.inputs import text_input
from bot.slack.blockkit.text import excerpt
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.parsing.action_ids import UnknownActionError
from bot.slack.views.task_modals import ModalMetadata
from storage.queries.questions_and_flags import AnsweredQuestion

TEXT_KEY = "text"
"""Key of the single text input of these modals."""

MAX_BLOCK_CHARACTERS = 1_500
"""Characters of a question or answer that are shown."""

MAX_QUESTIONS_SHOWN = 6
"""Answered questions in one modal, the newest ones."""


def menu_modal(option: str, task: TaskView) -> ModalView:
    """Return the modal of an option of the task's overflow menu.

    Raises:
        UnknownActionError: there is no such option.
    """
    if option not in MENU_MODALS:
        raise UnknownActionError
    return MENU_MODALS[option](task)


def _question_modal(task: TaskView) -> ModalView:
    hint = "You get the answer in your DMs. This task's time limit is paused until then."
    text_box = text_input(TEXT_KEY, "Question", multiline=True, hint=hint)
    metadata = ModalMetadata(task.id).to_json()
    return modal("ask_question", "Ask a question", [text_box], submit="Ask", metadata=metadata)


def _flag_modal(task: TaskView) -> ModalView:
    hint = "A coordinator will check the item. You can still answer the task."
    text_box = text_input(TEXT_KEY, "Problem with the item", multiline=True, hint=hint)
    metadata = ModalMetadata(task.id).to_json()
    return modal("flag_item", "Flag this item", [text_box], submit="Flag", metadata=metadata)


def _why_this_task_modal(task: TaskView) -> ModalView:
    return modal(
        "why_this_task", "Why this task", [plain_section(" ".join(_selection_reasons(task)))]
    )


def _selection_reasons(task: TaskView) -> list[str]:
    """Return why the expert got the task. Nothing here may reveal a gold item."""
    domains, language = (
        task.selection_reason.get("domains") or (),
        task.selection_reason.get("language"),
    )
    return [
        f"You are a member of “{task.campaign_title}”.",
        *([f"Its domains match yours: {', '.join(domains)}."] if domains else []),
        *([f"You read its language: {language}."] if language else []),
        _dispatch_reason(task),
    ]


def _dispatch_reason(task: TaskView) -> str:
    if not task.selection_reason.get("is_dispatched"):
        return "It was the next task that suits you."
    if task.selection_reason.get("is_only_candidate"):
        return "No other expert was available."
    return "Of the available experts, you had gone longest without a new task."


MENU_MODALS: dict[str, Callable[[TaskView], ModalView]] = {
    "ask": _question_modal,
    "flag": _flag_modal,
    "why": _why_this_task_modal,
}
"""Modals by option of the overflow menu."""


def answered_questions_modal(questions: Sequence[AnsweredQuestion]) -> ModalView:
    """Return the modal with the answered questions about an item, without names."""
    return modal(
        "answered_questions",
        "Answered questions",
        [
            block
            for question in questions[-MAX_QUESTIONS_SHOWN:]
            for block in _answered_question_blocks(question)
        ][:-1]
        or [plain_section("No questions have been answered yet.")],
    )


def _answered_question_blocks(answered: AnsweredQuestion) -> list[Block]:
    question, answer = (
        excerpt(text, MAX_BLOCK_CHARACTERS).text for text in (answered.question, answered.answer)
    )
    return [
        context("Question"),
        plain_section(question),
        context("Answer"),
        plain_section(answer),
        divider(),
    ]
