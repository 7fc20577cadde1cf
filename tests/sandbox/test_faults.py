"""Faults affect exactly the calls they were added for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import FixedValueRetryIntervalCalculator
from slack_sdk.http_retry.builtin_handlers import (
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.sandbox import NotAcknowledgedError, Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver


def test_method_fails_the_given_number_of_times(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.faults.fail("chat.postMessage", status=503, times=2)
    short_interval = FixedValueRetryIntervalCalculator(0.001)
    client.retry_handlers.append(ServerErrorRetryHandler(2, short_interval))
    client.chat_postMessage(channel=ada.id, text="at last")
    assert [message.text for message in ada.messages] == ["at last"]
    calls = [record for record in sandbox.traffic if record.direction == "in"]
    assert [call.status for call in calls] == [503, 503, 200]


def test_performed_call_can_lose_its_response(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.faults.fail("chat.postMessage", is_performed=True)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=ada.id, text="posted without a response")
    ada.wait_for_text("posted without a response")


def test_error_fault_returns_an_api_error(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.faults.error("chat.postMessage", "internal_error")
    with pytest.raises(SlackApiError, match="internal_error"):
        client.chat_postMessage(channel=ada.id, text="no")
    assert ada.messages == []


def test_ratelimit_fault_returns_retry_after(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.ratelimit("auth.test", retry_after=1)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    started = time.monotonic()
    assert client.auth_test()["ok"]
    assert time.monotonic() - started >= 1


def test_slow_fault_delays_one_call(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.slow("auth.test", 0.05)
    started = time.monotonic()
    client.auth_test()
    assert time.monotonic() - started >= 0.05
    assert sandbox.faults.active() == [], "a fault happens once by default"


def test_asterisk_matches_every_method(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.fail("*", times=2)
    for call in (client.auth_test, client.team_info):
        with pytest.raises(SlackApiError):
            call()
    assert client.auth_test()["ok"]


def test_faults_can_be_cleared(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.fail("auth.test", times=9)
    sandbox.faults.clear()
    assert client.auth_test()["ok"]


def test_response_url_can_fail(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    make_question_blocks: Callable[..., Any],
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    url = (ada.click("A is better").payload or {})["response_url"]
    sandbox.faults.fail("response_url", status=500)
    response = {"text": "done", "replace_original": True}
    assert httpx.post(url, json=response, trust_env=False).status_code == 500
    assert httpx.post(url, json=response, trust_env=False).status_code == 200
    ada.wait_for_text("done")
    assert len(receiver.deliveries) >= 1


def test_lost_acknowledgment_counts_as_missing(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    make_question_blocks: Callable[..., Any],
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    sandbox.wait_until(lambda: sandbox.request_counts["message"] and receiver.deliveries)
    sandbox.faults.lose_acks()
    with pytest.raises(NotAcknowledgedError, match="lost"):
        ada.click("A is better")
    ada.click("A is better")
