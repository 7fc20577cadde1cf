"""A task drawn exactly as its expert will see it, with taps that do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from bot.services.serving import TaskView
from bot.slack.blocks import Block, divider, plain
from bot.slack.cards import Drawn, draw_task
from bot.slack.ids import Press
from bot.slack.mentioning import sentence
from bot.slack.modals import shown_modal
from bot.slack.text import escaped

MOST = 49
"""Blocks of a task that still fit under the word that it is a test."""

TEST = "This is a test of “{title}”: an expert sees what follows. Taps on it store nothing."
A_TEST = "This was only a test: nothing is stored."


def harmless(blocks: list[Block]) -> list[Block]:
    """Return the same blocks, with every button and menu changed so that nothing comes of it."""
    numbers = count()
    return [_without_deed(block, numbers) for block in blocks]


def _without_deed(thing: Any, numbers: Iterator[int]) -> Any:  # noqa: ANN401 - any part of a block
    if isinstance(thing, list):
        return [_without_deed(part, numbers) for part in thing]
    if not isinstance(thing, dict):
        return thing
    changed = {key: _without_deed(part, numbers) for key, part in thing.items()}
    test = Press("test", 0, "", str(next(numbers)))
    return changed | {
        **({"action_id": test.action_id} if "action_id" in thing else {}),
        **({"value": test.value} if "value" in thing else {}),
    }


def test_message(task: TaskView) -> Drawn:
    """Draw a task that is sent as a test."""
    words = TEST.format(title=task.campaign)
    drawn = draw_task(task, 1)
    blocks = [sentence(words), divider(), *harmless(drawn.blocks)][: MOST + 1]
    return Drawn(escaped(words), blocks)


def window(task: TaskView) -> dict[str, Any]:
    """Draw a task in a modal, to look at."""
    blocks = harmless(draw_task(task, 1).blocks)
    return shown_modal("As experts see it", blocks) | {"close": plain("Back")}
