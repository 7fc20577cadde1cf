"""What experts raised, as coordinators see it: questions and flags, with what can be done."""

from __future__ import annotations

from typing import Any

from bot.services.serving import TaskView
from bot.slack.blocks import actions, button, context, modal
from bot.slack.cards import PASSAGE_ROOM, ROOM, Drawn
from bot.slack.ids import Press
from bot.slack.inputs import text_input
from bot.slack.modals import Backdrop
from bot.slack.passages import passage_blocks, pieces_of, shown_of
from bot.slack.raising import WORDS
from bot.slack.richtext import words as rich_words
from bot.slack.text import escaped, notice, piece
from storage.queries.raising import Raised

REPLY = "Reply in this message's thread, or tap Answer. The expert's clock stands still until then."
ADD = "What you add in the thread is passed on, too."

KEY = 80
"""Characters of an item's key that are told."""


def question(raised: Raised) -> Drawn:
    """Draw a question, and its answer once there is one."""
    head = f"{_who(raised)} asks about item {raised.item[:KEY]} in “{raised.campaign}”:"
    answer, item = Press("reply", raised.id), Press("raised", raised.assignment_id)
    ways = actions(
        f"question:{raised.id}",
        button("Answer", answer.action_id, answer.value, style="primary"),
        button("Open the item", item.action_id, item.value),
    )
    return Drawn(
        f"{escaped(head)} {notice(raised.text)}",
        [
            rich_words(f"{head}\n{_cut(raised.text)}"),
            *([rich_words(f"✓ Answered: {_cut(raised.outcome)}")] if raised.outcome else [ways]),
            context(ADD if raised.outcome else REPLY),
        ],
    )


def flag(raised: Raised, *, is_aside: bool) -> Drawn:
    """Draw a flag, and what became of it."""
    head = f"{_who(raised)} flagged item {raised.item[:KEY]} in “{raised.campaign}”:"
    item, resolve, aside = (
        Press("raised", raised.assignment_id),
        Press("resolve", raised.id),
        Press("aside", raised.id),
    )
    elements = [
        button("Open the item", item.action_id, item.value),
        button("Resolve", resolve.action_id, resolve.value, style="primary"),
        *([button("Set it aside", aside.action_id, aside.value)] * (not is_aside)),
    ]
    done = [rich_words(f"✓ Resolved: {_cut(raised.outcome)}")] if raised.outcome else []
    kept = [context("Set aside: nobody gets it until somebody puts it back.")] if is_aside else []
    return Drawn(
        f"{escaped(head)} {notice(raised.text)}",
        [
            rich_words(f"{head}\n{_cut(raised.text)}"),
            *kept,
            *(done or [actions(f"flag:{raised.id}", *elements)]),
        ],
    )


def _cut(text: str) -> str:
    shown = piece(text, PASSAGE_ROOM)
    return f"{shown.text} …" if shown.left_out else text


def _who(raised: Raised) -> str:
    return raised.name or raised.slack_id


def replying(raised: Raised) -> dict[str, Any]:
    """Draw the window to answer a question in."""
    label = "The answer: it helps whoever else gets this item, without names"
    box = text_input(WORDS, label, multiline=True)
    blocks = [rich_words(_cut(raised.text)), box]
    return modal("reply", "Answer", blocks, submit="Send", metadata=Backdrop(raised.id).packed())


def resolving(raised: Raised, backdrop: Backdrop) -> dict[str, Any]:
    """Draw the window that asks what became of a flag."""
    box = text_input(WORDS, "What became of it? The expert reads this.", multiline=True)
    blocks = [rich_words(_cut(raised.text)), box]
    return modal("resolve", "Resolve", blocks, submit="Resolve", metadata=backdrop.packed())


def item(task: TaskView) -> dict[str, Any]:
    """Draw an item as the expert who raised something saw it, in their order and nameless."""
    pieces = pieces_of(task.form.passages, ROOM, PASSAGE_ROOM)
    left = sum(part.left_out for part in pieces.values())
    blocks = [
        block
        for passage in shown_of(task.form.passages)
        for block in passage_blocks(
            passage, pieces[passage.key].text, task.id, f"item:{passage.key}"
        )
    ]
    return modal(
        "item",
        "The item",
        [
            context(f"{task.campaign} · {task.form.question}"),
            *blocks,
            *([context(f"… {left:,} more characters")] if left else []),
        ],
    )
