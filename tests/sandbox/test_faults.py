"""Bad days: every fault befalls exactly the calls it was ordered for."""

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


def test_a_method_fails_as_often_as_was_ordered(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.faults.fail("chat.postMessage", status=503, times=2)
    at_once = FixedValueRetryIntervalCalculator(0.001)
    client.retry_handlers.append(ServerErrorRetryHandler(2, at_once))
    client.chat_postMessage(channel=ada.id, text="at last")
    assert [message.text for message in ada.messages] == ["at last"]
    calls = [record for record in sandbox.traffic if record.direction == "in"]
    assert [call.status for call in calls] == [503, 503, 200]


def test_the_answer_may_be_lost_after_the_deed(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.faults.fail("chat.postMessage", is_performed=True)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=ada.id, text="said, but unanswered")
    ada.wait_for_text("said, but unanswered")


def test_an_error_is_answered_in_slacks_way(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.faults.error("chat.postMessage", "internal_error")
    with pytest.raises(SlackApiError, match="internal_error"):
        client.chat_postMessage(channel=ada.id, text="no")
    assert ada.messages == []


def test_a_rate_limit_can_be_ordered(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.ratelimit("auth.test", retry_after=1)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    began = time.monotonic()
    assert client.auth_test()["ok"]
    assert time.monotonic() - began >= 1


def test_a_method_can_be_slow(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.slow("auth.test", 0.05)
    began = time.monotonic()
    client.auth_test()
    assert time.monotonic() - began >= 0.05
    assert sandbox.faults.active() == [], "once, as nothing else was said"


def test_an_asterisk_means_every_method(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.fail("*", times=2)
    for call in (client.auth_test, client.team_info):
        with pytest.raises(SlackApiError):
            call()
    assert client.auth_test()["ok"]


def test_faults_can_be_cleared(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.fail("auth.test", times=9)
    sandbox.faults.clear()
    assert client.auth_test()["ok"]


def test_a_response_url_can_fail(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    question: Callable[..., Any],
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=question())
    url = (ada.click("A is better").payload or {})["response_url"]
    sandbox.faults.fail("response_url", status=500)
    answer = {"text": "done", "replace_original": True}
    assert httpx.post(url, json=answer, trust_env=False).status_code == 500
    assert httpx.post(url, json=answer, trust_env=False).status_code == 200
    ada.wait_for_text("done")
    assert len(receiver.deliveries) >= 1


def test_a_lost_ack_is_none(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    question: Callable[..., Any],
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=question())
    sandbox.wait_until(lambda: sandbox.request_counts["message"] and receiver.deliveries)
    sandbox.faults.lose_acks()
    with pytest.raises(NotAcknowledgedError, match="lost"):
        ada.click("A is better")
    ada.click("A is better")
