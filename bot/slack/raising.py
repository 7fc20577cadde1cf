"""What experts raise about an item: asking, flagging, why them, and what others asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.services.serving import TaskView
from bot.slack.blocks import Block, context, divider, modal, plain_section
from bot.slack.ids import UnknownButtonError
from bot.slack.inputs import text_input
from bot.slack.modals import Backdrop
from bot.slack.text import piece
from storage.queries.raising import Told

WORDS = "words"
"""The one input of these windows."""

ROOM = 1_500
"""Characters of a question or answer in one block."""

MOST_TOLD = 6
"""Questions in one window; the newest, if there are more."""


def view_of(way: str, task: TaskView) -> dict[str, Any]:
    """Draw the window behind one of the three dots' options.

    Raises:
        UnknownButtonError: there is no such option.
    """
    if way not in WAYS:
        raise UnknownButtonError
    return WAYS[way](task)


def _asking(task: TaskView) -> dict[str, Any]:
    hint = "The answer comes in your direct messages. Until then this task's clock stands still."
    box = text_input(WORDS, "What would you like to know?", multiline=True, hint=hint)
    metadata = Backdrop(task.id).packed()
    return modal("ask", "Ask about this", [box], submit="Ask", metadata=metadata)


def _flagging(task: TaskView) -> dict[str, Any]:
    hint = "Coordinators will look at it. You can go on with the task."
    box = text_input(WORDS, "What is wrong with it?", multiline=True, hint=hint)
    metadata = Backdrop(task.id).packed()
    return modal("flag", "Flag this", [box], submit="Flag it", metadata=metadata)


def _why(task: TaskView) -> dict[str, Any]:
    return modal("why", "Why me?", [plain_section(" ".join(_reasons(task)))])


def _reasons(task: TaskView) -> list[str]:
    """Say why somebody was asked. Nothing here may tell a gold item from another."""
    domains, language = task.why.get("domains") or (), task.why.get("language")
    return [
        f"You label in “{task.campaign}”.",
        *([f"This item is about {_listed(domains)}, which you know."] if domains else []),
        *([f"Its language is {language}, which you read."] if language else []),
        _occasion(task),
    ]


def _occasion(task: TaskView) -> str:
    if not task.why.get("pushed"):
        return "It was the next one that suits you."
    if task.why.get("alone"):
        return "It came to you because nobody else was free."
    return "It came to you because, of those who were free, work had come to you longest ago."


def _listed(domains: Sequence[str]) -> str:
    *first, last = domains
    return f"{', '.join(first)} and {last}" if first else last


WAYS: dict[str, Callable[[TaskView], dict[str, Any]]] = {
    "ask": _asking,
    "flag": _flagging,
    "why": _why,
}
"""The windows behind the three dots, by the option of their press."""


def answers(told: Sequence[Told]) -> dict[str, Any]:
    """Draw what was asked about an item and answered, without names."""
    return modal(
        "answers",
        "Asked and answered",
        [block for one in told[-MOST_TOLD:] for block in _told(one)][:-1]
        or [plain_section("Nothing was answered yet.")],
    )


def _told(one: Told) -> list[Block]:
    asked, answer = (piece(text, ROOM).text for text in (one.question, one.answer))
    return [
        context("Asked"),
        plain_section(asked),
        context("Answered"),
        plain_section(answer),
        divider(),
    ]
