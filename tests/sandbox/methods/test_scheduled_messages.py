"""Messages for later."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser

Json = dict[str, Any]


def test_a_scheduled_message_appears_when_its_time_has_come(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    at = int(sandbox.clock.now().timestamp()) + 3600
    answer = client.chat_scheduleMessage(channel=ada.id, post_at=at, text="later")
    assert answer["post_at"] == str(at)
    waiting = client.chat_scheduledMessages_list()["scheduled_messages"]
    assert [one["id"] for one in waiting] == [answer["scheduled_message_id"]]
    sandbox.clock.advance(timedelta(minutes=59))
    assert ada.messages == []
    sandbox.clock.advance(timedelta(minutes=1))
    ada.wait_for_text("later")
    assert client.chat_scheduledMessages_list()["scheduled_messages"] == []


def test_a_scheduled_message_can_be_withdrawn(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, refusal: Callable[..., Json]
) -> None:
    at = int(sandbox.clock.now().timestamp()) + 60
    name = client.chat_scheduleMessage(channel=ada.dm, post_at=at, text="never")[
        "scheduled_message_id"
    ]
    client.chat_deleteScheduledMessage(channel=ada.dm, scheduled_message_id=name)
    sandbox.clock.advance(timedelta(minutes=2))
    assert ada.messages == []
    again = {"channel": ada.dm, "scheduled_message_id": name}
    answer = refusal("chat.deleteScheduledMessage", **again)
    assert answer["error"] == "invalid_scheduled_message_id"


@pytest.mark.parametrize(
    ("offset", "text", "error"),
    [
        (-60, "x", "time_in_past"),
        (121 * 86_400, "x", "time_too_far"),
        (60, "x" * 4001, "msg_too_long"),
        (60, "", "no_text"),
    ],
)
def test_what_cannot_be_scheduled(
    ada: SimulatedUser, refusal: Callable[..., Json], offset: int, text: str, error: str
) -> None:
    at = int(time.time()) + offset
    answer = refusal("chat.scheduleMessage", channel=ada.id, post_at=at, text=text)
    assert answer["error"] == error


def test_a_time_is_a_number(ada: SimulatedUser, refusal: Callable[..., Json]) -> None:
    answer = refusal("chat.scheduleMessage", channel=ada.id, post_at="noon", text="x")
    assert answer["error"] == "invalid_time"
