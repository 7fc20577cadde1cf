"""A test looks exactly like the task, and nothing comes of its taps."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views import task_preview
from bot.slack.views.task_message import render_task
from tests.slack.conftest import KIND_NAMES, example_task, message_yaml, objects_in, visible_text


@pytest.mark.parametrize("name", KIND_NAMES)
def test_a_test_reads_as_the_task_does_and_its_taps_are_tests(
    name: str, snapshot: SnapshotAssertion
) -> None:
    task = example_task(name, guidelines="Be kind.")
    message = task_preview.render_test_task(task)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert visible_text(message.blocks).endswith(visible_text(render_task(task, 1).blocks))
    pressed = [one for one in objects_in(message.blocks) if "action_id" in one and "value" in one]
    assert {parse_block_action(one).name for one in pressed} <= {"answer_test_task"}
    assert message_yaml(message) == snapshot


@pytest.mark.parametrize("name", KIND_NAMES)
def test_slack_takes_a_task_in_a_window(name: str) -> None:
    view = task_preview.preview_modal(example_task(name))
    assert check_view(view) == []
