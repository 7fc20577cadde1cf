"""Previews and test tasks: a task as experts see it, with actions that store nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import Block, divider, plain_text
from bot.slack.blockkit.mentions import text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import escape_mrkdwn
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import render_task
from bot.slack.views.task_modals import read_only_modal

MAX_TASK_BLOCKS = 49
"""Blocks of a task that fit into Slack's 50 with the test notice."""

TEST_NOTICE = "Test task of “{title}”: this is what experts see. Answers are not stored."
TEST_TAP_REPLY = "This is a test task: nothing was stored."


def disable_actions(blocks: list[Block]) -> list[Block]:
    """Return the blocks with the action of every button and menu replaced by a test action."""
    numbers = count()
    return [_disable_actions_in(block, numbers) for block in blocks]


def _disable_actions_in(node: Any, numbers: Iterator[int]) -> Any:  # noqa: ANN401 - any part of a block
    if isinstance(node, list):
        return [_disable_actions_in(child, numbers) for child in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _disable_actions_in(child, numbers) for key, child in node.items()}
    test = Action("answer_test_task", 0, "", str(next(numbers)))
    return changed | {
        **({"action_id": test.action_id} if "action_id" in node else {}),
        **({"value": test.value} if "value" in node else {}),
    }


def render_test_task(task: TaskView) -> Message:
    """Render a test task, below a notice that it is one."""
    text = TEST_NOTICE.format(title=task.campaign_title)
    message = render_task(task, 1)
    blocks = [text_with_mentions(text), divider(), *disable_actions(message.blocks)][
        : MAX_TASK_BLOCKS + 1
    ]
    return Message(escape_mrkdwn(text), blocks)


def preview_modal(task: TaskView) -> dict[str, Any]:
    """Return a modal that previews a task."""
    blocks = disable_actions(render_task(task, 1).blocks)
    return read_only_modal("Task preview", blocks) | {"close": plain_text("Back")}
