"""Signed HTTP delivery: requests, acknowledgments and retries."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import NotAcknowledgedError, Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]


def test_deliveries_are_signed_with_real_time(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    sandbox.clock.advance(timedelta(days=3))
    ada.send_message("/plain hello")
    ada.use_shortcut("ask")
    ada.send_message("hello")
    sandbox.wait_until(lambda: len(receiver.deliveries) == 3)
    verifier = SignatureVerifier(sandbox.signing_secret)
    for delivery in receiver.deliveries:
        assert verifier.is_valid_request(delivery.body, delivery.headers)
        assert abs(int(delivery.headers["x-slack-request-timestamp"]) - time.time()) < 5
        assert delivery.headers["user-agent"].startswith("Slackbot 1.0")
        assert "x-slack-retry-num" not in delivery.headers
    command, shortcut, event = receiver.deliveries
    form = "application/x-www-form-urlencoded"
    assert (command.headers["content-type"], shortcut.headers["content-type"]) == (form, form)
    assert command.fields["command"] == "/plain"
    assert shortcut.body.startswith("payload=")
    assert event.headers["content-type"] == "application/json"


def wait_for_deliveries(sandbox: Sandbox, receiver: Receiver, number: int) -> None:
    """Wait until `number` deliveries are answered; assert that there are no more."""
    sandbox.wait_until(lambda: len(receiver.deliveries) >= number)
    sandbox.wait_until_delivered()
    assert len(receiver.deliveries) == number


def test_events_are_retried_after_0_1_and_5_minutes(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    receiver.respond_with("broken", status=500)
    ada.send_message("hello")
    wait_for_deliveries(sandbox, receiver, 2)
    for seconds, number in ((50, 2), (10, 3), (4 * 60, 3), (60, 4), (24 * 3600, 4)):
        sandbox.clock.advance(timedelta(seconds=seconds))
        wait_for_deliveries(sandbox, receiver, number)
    retries = [delivery.headers.get("x-slack-retry-num") for delivery in receiver.deliveries]
    reasons = {delivery.headers.get("x-slack-retry-reason") for delivery in receiver.deliveries}
    assert retries == [None, "1", "2", "3"]
    assert reasons == {None, "http_error"}
    assert len({delivery.payload["event_id"] for delivery in receiver.deliveries}) == 1


def test_late_response_is_retried_as_timeout(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    receiver.respond_once_with(delay_seconds=1.5)
    ada.send_message("hello")
    sandbox.wait_until(lambda: len(receiver.deliveries) == 2)
    assert receiver.deliveries[1].headers["x-slack-retry-reason"] == "http_timeout"


def test_unreachable_url_is_retried(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    sandbox.use_http_delivery("http://127.0.0.1:1/nobody")
    ada.send_message("hello")
    sandbox.wait_until(lambda: sandbox.request_counts["message"] == 2)
    sandbox.use_http_delivery(receiver.url)
    sandbox.clock.advance(timedelta(minutes=1))
    sandbox.wait_until(lambda: receiver.deliveries)
    assert receiver.deliveries[0].headers["x-slack-retry-reason"] == "connection_failed"


def test_app_can_disable_retries(sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver) -> None:
    receiver.respond_with(status=500, headers={"X-Slack-No-Retry": "1"})
    ada.send_message("hello")
    sandbox.wait_until(lambda: sandbox.traffic)
    sandbox.clock.advance(timedelta(hours=1))
    assert len(receiver.deliveries) == 1


def test_at_most_two_redirects_are_followed(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    receiver.respond_with(status=307, headers={"Location": receiver.url, "X-Slack-No-Retry": "1"})
    ada.send_message("hello")
    sandbox.wait_until(lambda: sandbox.request_counts["message"] == 2)
    assert "more than 2 redirects" in sandbox.traffic[0].problems[0]


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        ({"status": 404}, "HTTP 404"),
        ({"status": 500}, "HTTP 500"),
        ({"status": 202}, "HTTP 202 instead of 200"),
        ({"delay_seconds": 1.5}, "no answer within 1 s"),
    ],
)
def test_interaction_needs_status_200_in_time(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, response: Json, problem: str
) -> None:
    receiver.respond_with(**response)
    with pytest.raises(NotAcknowledgedError, match=problem):
        ada.use_shortcut("ask")
    with pytest.raises(NotAcknowledgedError, match="/plain"):
        ada.send_message("/plain hello")
    sandbox.clock.advance(timedelta(hours=1))
    assert len(receiver.deliveries) == 2, "over HTTP, interactions and commands are not retried"


def test_request_url_is_verified_by_challenge(sandbox: Sandbox, receiver: Receiver) -> None:
    receiver.respond_with({"challenge": "something else"})
    with pytest.raises(NotAcknowledgedError, match="challenge was not returned"):
        sandbox.use_http_delivery(receiver.url, verify=True)
    receiver.respond_with("challenge=something else")
    with pytest.raises(NotAcknowledgedError, match="challenge was not returned"):
        sandbox.use_http_delivery(receiver.url, verify=True)
    receiver.respond_with(status=401)
    with pytest.raises(NotAcknowledgedError, match="HTTP 401"):
        sandbox.use_http_delivery(receiver.url, verify=True)


def test_click_can_be_delivered_repeatedly(
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    make_question_blocks: Callable[..., list[Json]],
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    click = ada.click("A is better", times=2)
    click.redeliver()
    payloads = receiver.payloads("block_actions")
    assert payloads == [click.payload] * 3
