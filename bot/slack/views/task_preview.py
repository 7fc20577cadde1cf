"""Previews and test tasks: a task as experts see it, with actions that store nothing."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import count

from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import divider, plain_text
from bot.slack.blockkit.mentions import text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import escape_mrkdwn
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import render_task
from bot.slack.views.task_modals import read_only_modal

MAX_TASK_BLOCKS = 49
"""Blocks of a task that fit into Slack's 50 with the test notice."""

TEST_NOTICE = "Test task of “{title}”: this is what experts see. Answers are not stored."
TEST_TAP_REPLY = "This is a test task: nothing was stored."


def disable_actions(blocks: list[Block]) -> list[Block]:
    """Return the blocks with the action of every button and menu replaced by a test action."""
    disabled = deepcopy(blocks)
    _disable_actions_in(disabled, count())
    return disabled


def _disable_actions_in(node: object, numbers: Iterator[int]) -> None:
    """Replace the actions in any part of a block. No two are equal, as Slack requires."""
    if isinstance(node, list):
        for child in node:
            _disable_actions_in(child, numbers)
    elif isinstance(node, dict):
        for child in node.values():
            _disable_actions_in(child, numbers)
        test = Action("answer_test_task", 0, "", str(next(numbers)))
        replacements = {"action_id": test.action_id, "value": test.value}
        node.update({key: value for key, value in replacements.items() if key in node})


def render_test_task(task: TaskView) -> Message:
    """Render a test task, below a notice that it is one."""
    text = TEST_NOTICE.format(title=task.campaign_title)
    message = render_task(task, None)
    blocks = [text_with_mentions(text), divider(), *disable_actions(message.blocks)][
        : MAX_TASK_BLOCKS + 1
    ]
    return Message(escape_mrkdwn(text), blocks)


def preview_blocks(task: TaskView) -> list[Block]:
    """Return the blocks of a task for a dialog that has more than the task."""
    return disable_actions(render_task(task, None).blocks)


def preview_modal(task: TaskView) -> ModalView:
    """Return a modal that previews a task."""
    view = read_only_modal("Task preview", preview_blocks(task))
    view["close"] = plain_text("Back")
    return view
