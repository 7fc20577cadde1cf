"""What experts raise about an item: asking, flagging, why them, and what others asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import Block, context, divider, modal, plain_section
from bot.slack.blockkit.inputs import text_input
from bot.slack.blockkit.text import excerpt
from bot.slack.parsing.action_ids import UnknownActionError
from bot.slack.views.task_modals import ModalMetadata
from storage.queries.questions_and_flags import AnsweredQuestion

TEXT_KEY = "words"
"""The one input of these windows."""

MAX_BLOCK_CHARACTERS = 1_500
"""Characters of a question or answer in one block."""

MAX_QUESTIONS_SHOWN = 6
"""Questions in one window; the newest, if there are more."""


def menu_modal(option: str, task: TaskView) -> dict[str, Any]:
    """Draw the window behind one of the three dots' options.

    Raises:
        UnknownButtonError: there is no such option.
    """
    if option not in MENU_MODALS:
        raise UnknownActionError
    return MENU_MODALS[option](task)


def _question_modal(task: TaskView) -> dict[str, Any]:
    hint = "The answer comes in your direct messages. Until then this task's clock stands still."
    box = text_input(TEXT_KEY, "What would you like to know?", multiline=True, hint=hint)
    metadata = ModalMetadata(task.id).to_json()
    return modal("ask", "Ask about this", [box], submit="Ask", metadata=metadata)


def _flag_modal(task: TaskView) -> dict[str, Any]:
    hint = "Coordinators will look at it. You can go on with the task."
    box = text_input(TEXT_KEY, "What is wrong with it?", multiline=True, hint=hint)
    metadata = ModalMetadata(task.id).to_json()
    return modal("flag", "Flag this", [box], submit="Flag it", metadata=metadata)


def _why_me_modal(task: TaskView) -> dict[str, Any]:
    return modal("why", "Why me?", [plain_section(" ".join(_selection_reasons(task)))])


def _selection_reasons(task: TaskView) -> list[str]:
    """Say why somebody was asked. Nothing here may tell a gold item from another."""
    domains, language = (
        task.selection_reason.get("domains") or (),
        task.selection_reason.get("language"),
    )
    return [
        f"You label in “{task.campaign_title}”.",
        *([f"This item is about {_join_with_and(domains)}, which you know."] if domains else []),
        *([f"Its language is {language}, which you read."] if language else []),
        _dispatch_reason(task),
    ]


def _dispatch_reason(task: TaskView) -> str:
    if not task.selection_reason.get("pushed"):
        return "It was the next one that suits you."
    if task.selection_reason.get("alone"):
        return "It came to you because nobody else was free."
    return "It came to you because, of those who were free, work had come to you longest ago."


def _join_with_and(domains: Sequence[str]) -> str:
    *first, last = domains
    return f"{', '.join(first)} and {last}" if first else last


MENU_MODALS: dict[str, Callable[[TaskView], dict[str, Any]]] = {
    "ask": _question_modal,
    "flag": _flag_modal,
    "why": _why_me_modal,
}
"""The windows behind the three dots, by the option of their press."""


def answered_questions_modal(questions: Sequence[AnsweredQuestion]) -> dict[str, Any]:
    """Draw what was asked about an item and answered, without names."""
    return modal(
        "answers",
        "Asked and answered",
        [
            block
            for one in questions[-MAX_QUESTIONS_SHOWN:]
            for block in _answered_question_blocks(one)
        ][:-1]
        or [plain_section("Nothing was answered yet.")],
    )


def _answered_question_blocks(one: AnsweredQuestion) -> list[Block]:
    asked, answer = (
        excerpt(text, MAX_BLOCK_CHARACTERS).text for text in (one.question, one.answer)
    )
    return [
        context("Asked"),
        plain_section(asked),
        context("Answered"),
        plain_section(answer),
        divider(),
    ]
