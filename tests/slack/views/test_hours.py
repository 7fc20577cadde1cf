"""The message with the answers and hours of experts."""

from __future__ import annotations

from datetime import date

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.experts.work import ExpertPeriod, WorkPeriod
from bot.slack.views.hours import MAX_ROWS, render_hours
from tests.slack.conftest import message_yaml

ROWS = [
    ExpertPeriod(date(2026, 3, 2), "U1ADA", "Ada", "tone", 1_204, 5_400),
    ExpertPeriod(date(2026, 2, 23), "U1BOB", "Bob" * 40, "tone", 3, 0),
]


def test_hours_are_a_table_with_a_button_for_the_other_period(snapshot: SnapshotAssertion) -> None:
    message = render_hours(ROWS, 3, "tone", WorkPeriod.WEEK)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot
    assert message_yaml(render_hours([], 0, "", WorkPeriod.MONTH)) == snapshot(name="empty")


def test_long_table_says_how_many_rows_are_left() -> None:
    message = render_hours(ROWS * MAX_ROWS, 0, "", WorkPeriod.MONTH)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert f"{MAX_ROWS} earlier rows" in message_yaml(message)
