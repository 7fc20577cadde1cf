"""Kind words: Slack takes them, they can be read aloud, and nothing in them shames."""

from __future__ import annotations

from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.cadence.daily_limit import Limit
from bot.services.experts.time_off import ReturnSummary
from bot.services.tasks.next_task import LimitReached, Receipt, TaskPage
from bot.slack.blockkit.message import Message
from bot.slack.views import availability_messages, task_message
from tests.slack.conftest import message_problems, message_yaml
from tests.slack.views.test_home import progress

DONE = Receipt(17, "Saved: A is better")

ALL: dict[str, Message] = {
    "welcome back to much": availability_messages.render_welcome_back(
        progress(0, 9, 12, minutes=6), 3
    ),
    "welcome back to nothing": availability_messages.render_welcome_back(progress(0, 9, 0), 1),
    "still want this": availability_messages.render_opt_out_question(),
    "the time is up": task_message.render_task_page(
        TaskPage("D1", DONE, None, 0, limit_reached=LimitReached(Limit.TIME, 30))
    ),
    "the batch is done": task_message.render_task_page(
        TaskPage("D1", DONE, None, 0, limit_reached=LimitReached(Limit.BATCH, 10))
    ),
    "the time is up, in a thread": task_message.render_task_page(
        TaskPage("D1", None, None, 0, limit_reached=LimitReached(Limit.TIME, 1))
    ),
}


@pytest.mark.parametrize("message", ALL.values(), ids=ALL.keys())
def test_it_looks_like_this(message: Message, snapshot: SnapshotAssertion) -> None:
    assert message_yaml(message) == snapshot
    assert message_problems(message) == []
    assert len(message.text) <= 250, "a notification says all of it"


@pytest.mark.parametrize(
    ("waiting", "moved", "said"),
    [
        (0, 0, "Nothing waits for you."),
        (
            1,
            1,
            "1 task waits for you, about 1 minute; 1 task has moved on to colleagues meanwhile.",
        ),
        (
            12,
            3,
            "12 tasks wait for you, about 1 minute; 3 tasks have moved on to colleagues meanwhile.",
        ),
    ],
)
def test_a_return_is_said_in_a_sentence(waiting: int, moved: int, said: str) -> None:
    found = ReturnSummary(progress(0, 0, waiting, minutes=1), moved)
    assert availability_messages.format_return(found) == f"Welcome back! {said}"


def test_a_day_is_said_as_people_say_it() -> None:
    assert availability_messages.format_day(date(2026, 12, 7)) == "Monday, 7 December 2026"
    assert "Thursday, 24 December 2026" in availability_messages.format_time_off(date(2026, 12, 24))
