"""A task drawn exactly as its expert will see it, with taps that do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import Block, divider, plain_text
from bot.slack.blockkit.mentions import text_with_mentions
from bot.slack.blockkit.text import escape_mrkdwn
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import Message, render_task
from bot.slack.views.task_modals import read_only_modal

MAX_TASK_BLOCKS = 49
"""Blocks of a task that still fit under the word that it is a test."""

TEST_NOTICE = "This is a test of “{title}”: an expert sees what follows. Taps on it store nothing."
TEST_TAP_REPLY = "This was only a test: nothing is stored."


def disable_actions(blocks: list[Block]) -> list[Block]:
    """Return the same blocks, with every button and menu changed so that nothing comes of it."""
    numbers = count()
    return [_disable_actions_in(block, numbers) for block in blocks]


def _disable_actions_in(node: Any, numbers: Iterator[int]) -> Any:  # noqa: ANN401 - any part of a block
    if isinstance(node, list):
        return [_disable_actions_in(part, numbers) for part in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _disable_actions_in(part, numbers) for key, part in node.items()}
    test = Action("test", 0, "", str(next(numbers)))
    return changed | {
        **({"action_id": test.action_id} if "action_id" in node else {}),
        **({"value": test.value} if "value" in node else {}),
    }


def render_test_task(task: TaskView) -> Message:
    """Draw a task that is sent as a test."""
    text = TEST_NOTICE.format(title=task.campaign_title)
    message = render_task(task, 1)
    blocks = [text_with_mentions(text), divider(), *disable_actions(message.blocks)][
        : MAX_TASK_BLOCKS + 1
    ]
    return Message(escape_mrkdwn(text), blocks)


def preview_modal(task: TaskView) -> dict[str, Any]:
    """Draw a task in a modal, to look at."""
    blocks = disable_actions(render_task(task, 1).blocks)
    return read_only_modal("As experts see it", blocks) | {"close": plain_text("Back")}
