"""Messages about availability, and the task messages at a daily limit."""

from __future__ import annotations

from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.cadence.daily_limit import Limit
from bot.services.experts.time_off import ReturnSummary
from bot.services.tasks.next_task import Receipt, TaskPage
from bot.services.tasks.no_task_reasons import LimitReached
from bot.slack.blockkit.message import Message
from bot.slack.views import availability_messages, task_message
from tests.slack.conftest import message_problems, message_yaml
from tests.slack.views.test_home import progress

RECEIPT = Receipt(17, "Saved: A is better")

MESSAGES: dict[str, Message] = {
    "welcome back with tasks": availability_messages.render_welcome_back(
        progress(0, 9, 12, minutes=6), 3
    ),
    "welcome back without tasks": availability_messages.render_welcome_back(progress(0, 9, 0), 1),
    "opt-out question": availability_messages.render_opt_out_question(),
    "stop question": availability_messages.render_stop_question("“Tone” and “<b>”"),
    "time limit": task_message.render_task_page(
        TaskPage("D1", RECEIPT, None, 0, limit_reached=LimitReached(Limit.TIME, 30))
    ),
    "batch limit": task_message.render_task_page(
        TaskPage("D1", RECEIPT, None, 0, limit_reached=LimitReached(Limit.BATCH, 10))
    ),
    "time limit without a receipt": task_message.render_task_page(
        TaskPage("D1", None, None, 0, limit_reached=LimitReached(Limit.TIME, 1))
    ),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_messages_match_snapshots(message: Message, snapshot: SnapshotAssertion) -> None:
    assert message_yaml(message) == snapshot
    assert message_problems(message) == []
    assert len(message.text) <= 250, "a notification shows all of it"


@pytest.mark.parametrize(
    ("waiting", "taken_over", "text"),
    [
        (0, 0, "No tasks are waiting for you."),
        (
            1,
            1,
            (
                "1 task is waiting for you, about 1 minute; "
                "colleagues took over 1 task while you were away."
            ),
        ),
        (
            12,
            3,
            (
                "12 tasks are waiting for you, about 1 minute; "
                "colleagues took over 3 tasks while you were away."
            ),
        ),
    ],
)
def test_welcome_counts_tasks(waiting: int, taken_over: int, text: str) -> None:
    summary = ReturnSummary(progress(0, 0, waiting, minutes=1), taken_over)
    assert availability_messages.format_return(summary) == f"Welcome back! {text}"


def test_dates_have_weekday_and_year() -> None:
    assert availability_messages.format_long_date(date(2026, 12, 7)) == "Monday, 7 December 2026"
    assert "Thursday, 24 December 2026" in availability_messages.format_time_off(date(2026, 12, 24))
