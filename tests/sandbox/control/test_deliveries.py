"""Control API: events and interactions that are delivered on request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox import ActionRejectedError, Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]


def post(http: httpx.Client, action: str, body: Json, status: int = 200) -> Json:
    response = http.post(f"/control/{action}", json=body)
    assert response.status_code == status, response.text
    result: Json = response.json()
    return result


def test_message_is_delivered_again_with_the_same_ids(
    sandbox: Sandbox, http: httpx.Client, ada: SimulatedUser, receiver: Receiver
) -> None:
    ada.send_message("hello")
    sandbox.wait_until_delivered()
    post(http, "redeliver", {"kind": "message", "times": 2})
    first, *again = receiver.payloads("message")
    assert again == [first, first]
    post(http, "redeliver", {"kind": "message", "new_event_id": True})
    renewed = receiver.payloads("message")[-1]
    assert renewed["event_id"] != first["event_id"]
    assert renewed["event"]["client_msg_id"] == first["event"]["client_msg_id"]


def test_interactions_and_commands_are_delivered_again(
    http: httpx.Client,
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    make_question_blocks: Callable[..., Any],
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    ada.click("A is better")
    response = post(http, "redeliver", {"kind": "block_actions"})
    assert response["responses"] == [{"status": 200, "body": None, "problem": ""}]
    first, second = receiver.payloads("block_actions")
    assert first == second
    ada.send_message("/plain text")
    post(http, "redeliver", {"kind": "/plain"})
    commands = [one.fields for one in receiver.deliveries if "command" in one.fields]
    assert commands[0] == commands[1]
    assert commands[0]["command"] == "/plain"


def test_redelivery_over_socket_mode_is_handled_again(
    sandbox: Sandbox, http: httpx.Client, ada: SimulatedUser, socket_app: App
) -> None:
    received: list[str] = []
    socket_app.event("message")(lambda body: received.append(body["event_id"]))
    ada.send_message("hello")
    sandbox.wait_until(lambda: received)
    post(http, "redeliver", {"kind": "message"})
    sandbox.wait_until(lambda: len(received) == 2)
    assert received[0] == received[1]


def test_nothing_to_deliver_again_is_explained(sandbox: Sandbox, http: httpx.Client) -> None:
    assert "nothing of this type" in post(http, "redeliver", {"kind": "message"}, 422)["message"]
    assert post(http, "redeliver", {"kind": "message", "times": 0}, 400)["message"]
    with pytest.raises(ActionRejectedError, match="nothing of this type"):
        sandbox.redeliver("message")


@pytest.mark.parametrize(
    "event",
    [
        {"type": "user_change", "user": {"id": "U1", "profile": None, "tz": 7}},
        {"type": "user_change", "user": []},
        {"type": "user_change"},
        {"type": "message", "channel_type": "im", "text": None, "blocks": [None]},
        {"type": "message", "channel_type": "channel"},
    ],
)
def test_malformed_event_is_sent_as_it_is(
    sandbox: Sandbox, http: httpx.Client, receiver: Receiver, event: Json
) -> None:
    sent = post(http, "send_event", {"event": event})["payload"]
    sandbox.wait_until(lambda: receiver.deliveries)
    (payload,) = receiver.payloads(event["type"])
    assert payload == sent
    assert payload["event"] == event
    assert payload["event_id"].startswith("Ev")


def test_event_needs_a_subscription(
    sandbox: Sandbox, http: httpx.Client, receiver: Receiver
) -> None:
    for event in ({"type": "pin_added"}, {"type": "message", "channel_type": "group"}, {}):
        post(http, "send_event", {"event": event}, 422)
    post(http, "send_event", {"event": "user_change"}, 400)
    with pytest.raises(ActionRejectedError, match="not subscribed"):
        sandbox.send_event({"type": "pin_added"})
    assert receiver.deliveries == []
