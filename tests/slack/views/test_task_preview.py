"""Test tasks and previews look like the task, and their actions store nothing."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views import task_preview
from bot.slack.views.task_message import render_task
from tests.slack.conftest import KIND_NAMES, example_task, message_yaml, objects_in, visible_text


@pytest.mark.parametrize("name", KIND_NAMES)
def test_test_task_looks_like_the_task_with_test_actions(
    name: str, snapshot: SnapshotAssertion
) -> None:
    task = example_task(name, guidelines="Be kind.")
    message = task_preview.render_test_task(task)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert visible_text(message.blocks).endswith(visible_text(render_task(task, None).blocks))
    buttons = [part for part in objects_in(message.blocks) if {"action_id", "value"} <= set(part)]
    assert {parse_block_action(button).name for button in buttons} <= {"answer_test_task"}
    assert message_yaml(message) == snapshot


@pytest.mark.parametrize("name", KIND_NAMES)
def test_slack_accepts_preview(name: str) -> None:
    view = task_preview.preview_modal(example_task(name))
    assert check_view(view) == []
