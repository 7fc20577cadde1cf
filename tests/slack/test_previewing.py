"""A test looks exactly like the task, and nothing comes of its taps."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.slack import previewing
from bot.slack.cards import draw_task
from bot.slack.ids import press_from
from tests.slack.conftest import NAMES, as_sent, example, objects_in, told


@pytest.mark.parametrize("name", NAMES)
def test_a_test_reads_as_the_task_does_and_its_taps_are_tests(
    name: str, snapshot: SnapshotAssertion
) -> None:
    task = example(name, guidelines="Be kind.")
    drawn = previewing.test_message(task)
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert told(drawn.blocks).endswith(told(draw_task(task, 1).blocks))
    pressed = [one for one in objects_in(drawn.blocks) if "action_id" in one and "value" in one]
    assert {press_from(one).deed for one in pressed} <= {"test"}
    assert as_sent(drawn) == snapshot


@pytest.mark.parametrize("name", NAMES)
def test_slack_takes_a_task_in_a_window(name: str) -> None:
    view = previewing.window(example(name))
    assert check_view(view) == []
