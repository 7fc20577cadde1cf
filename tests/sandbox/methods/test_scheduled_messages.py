"""chat.scheduleMessage and the list and deletion of scheduled messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser

Json = dict[str, Any]
ErrorCode = Callable[..., str]


def test_scheduled_message_appears_at_its_time(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    post_at = int(sandbox.clock.now().timestamp()) + 3600
    response = client.chat_scheduleMessage(channel=ada.id, post_at=post_at, text="later")
    assert response["post_at"] == str(post_at)
    scheduled = client.chat_scheduledMessages_list()["scheduled_messages"]
    assert [message["id"] for message in scheduled] == [response["scheduled_message_id"]]
    sandbox.clock.advance(timedelta(minutes=59))
    assert ada.messages == []
    sandbox.clock.advance(timedelta(minutes=1))
    ada.wait_for_text("later")
    assert client.chat_scheduledMessages_list()["scheduled_messages"] == []


def test_scheduled_message_can_be_deleted(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    post_at = int(sandbox.clock.now().timestamp()) + 60
    message_id = client.chat_scheduleMessage(channel=ada.dm, post_at=post_at, text="never")[
        "scheduled_message_id"
    ]
    client.chat_deleteScheduledMessage(channel=ada.dm, scheduled_message_id=message_id)
    sandbox.clock.advance(timedelta(minutes=2))
    assert ada.messages == []
    arguments = {"channel": ada.dm, "scheduled_message_id": message_id}
    assert error_code("chat.deleteScheduledMessage", **arguments) == "invalid_scheduled_message_id"


@pytest.mark.parametrize(
    ("offset", "text", "error"),
    [
        (-60, "x", "time_in_past"),
        (121 * 86_400, "x", "time_too_far"),
        (60, "x" * 4001, "msg_too_long"),
        (60, "", "no_text"),
    ],
)
def test_invalid_scheduled_message_is_rejected(
    ada: SimulatedUser, error_code: ErrorCode, offset: int, text: str, error: str
) -> None:
    post_at = int(time.time()) + offset
    assert error_code("chat.scheduleMessage", channel=ada.id, post_at=post_at, text=text) == error


def test_post_at_must_be_a_number(ada: SimulatedUser, error_code: ErrorCode) -> None:
    assert (
        error_code("chat.scheduleMessage", channel=ada.id, post_at="noon", text="x")
        == "invalid_time"
    )
