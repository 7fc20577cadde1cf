"""Faults affect exactly the calls they were added for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
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


@pytest.fixture
def response_url(
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    make_question_blocks: Callable[..., Any],
) -> str:
    """Return the response_url of a click on a question."""
    assert receiver
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    return str((ada.click("A is better").payload or {})["response_url"])


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


def test_error_lasts_until_the_clock_has_advanced(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.faults.error("*", "token_revoked", for_seconds=12)
    for call in (client.auth_test, client.team_info, client.users_list):
        with pytest.raises(SlackApiError, match="token_revoked"):
            call()
    with pytest.raises(SlackApiError, match="token_revoked"):
        client.chat_postMessage(channel=ada.id, text="no")
    sandbox.clock.advance(timedelta(seconds=12))
    assert client.chat_postMessage(channel=ada.id, text="yes")["ok"]
    assert sandbox.faults.active() == []


def test_family_of_methods_fails(sandbox: Sandbox, client: WebClient, ada: SimulatedUser) -> None:
    sandbox.faults.error("chat.*", "fatal_error", times=2)
    with pytest.raises(SlackApiError, match="fatal_error"):
        client.chat_postMessage(channel=ada.id, text="no")
    assert client.auth_test()["ok"]
    with pytest.raises(SlackApiError, match="fatal_error"):
        client.chat_delete(channel=ada.dm, ts="1.1")


@pytest.mark.parametrize("inject", ["error", "fail", "drop"])
def test_any_failure_can_come_after_the_effect(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, inject: str
) -> None:
    client.retry_handlers.clear()
    values = ("chat.postMessage", "internal_error") if inject == "error" else ("chat.postMessage",)
    getattr(sandbox.faults, inject)(*values, is_performed=True)
    with pytest.raises((SlackApiError, OSError)):
        client.chat_postMessage(channel=ada.id, text="posted")
    assert [message.text for message in ada.messages] == ["posted"]
    (record,) = [record for record in sandbox.traffic if record.direction == "in"]
    assert isinstance(record.request, dict)
    assert (record.kind, record.request["text"]) == ("chat.postMessage", "posted")


def test_dropped_connection_has_no_response_and_no_effect(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    client.retry_handlers.clear()
    sandbox.faults.drop("chat.postMessage")
    with pytest.raises(OSError, match=r"closed connection|Connection reset"):
        client.chat_postMessage(channel=ada.id, text="lost")
    assert ada.messages == []
    assert [record.status for record in sandbox.traffic] == [0]
    client.chat_postMessage(channel=ada.id, text="second")


def test_missing_scope_names_the_scopes(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.error("files.*", "missing_scope")
    with pytest.raises(SlackApiError) as caught:
        client.files_info(file="F1")
    response = caught.value.response
    assert response["needed"] == "files:read"
    assert "files:read" not in response["provided"].split(",")
    assert "files:write" in response["provided"].split(",")


def test_failure_can_have_a_body_of_json(sandbox: Sandbox, http: httpx.Client) -> None:
    sandbox.faults.fail("auth.test", status=500, error="internal_error")
    response = http.post("/api/auth.test")
    assert response.status_code == 500
    assert response.json() == {"ok": False, "error": "internal_error"}


def test_slow_call_may_also_fail(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.slow("*", 0.02, times=2)
    sandbox.faults.error("auth.test", "internal_error")
    started = time.monotonic()
    with pytest.raises(SlackApiError, match="internal_error"):
        client.auth_test()
    assert client.auth_test()["ok"]
    assert time.monotonic() - started >= 0.04


def test_slow_response_url_still_shows_the_message(
    sandbox: Sandbox, response_url: str, ada: SimulatedUser
) -> None:
    sandbox.faults.slow("*", 0.05)
    started = time.monotonic()
    response = httpx.post(response_url, json={"text": "done"}, trust_env=False)
    assert (response.status_code, response.text) == (200, "ok")
    assert time.monotonic() - started >= 0.05
    ada.wait_for_text("done")


@pytest.mark.parametrize(
    ("error", "status"), [("expired_url", 404), ("used_url", 404), ("no_text", 400)]
)
def test_response_url_can_refuse_with_an_error(
    sandbox: Sandbox, response_url: str, ada: SimulatedUser, error: str, status: int
) -> None:
    sandbox.faults.error("response_url", error)
    response = httpx.post(response_url, json={"text": "done"}, trust_env=False)
    assert (response.status_code, response.text) == (status, error)
    assert [message.text for message in ada.messages] == ["?"]


def test_response_url_can_be_rate_limited_or_dropped(sandbox: Sandbox, response_url: str) -> None:
    sandbox.faults.ratelimit("response_url", retry_after=7)
    response = httpx.post(response_url, json={"text": "done"}, trust_env=False)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")
    sandbox.faults.drop("response_url")
    with pytest.raises(httpx.TransportError):
        httpx.post(response_url, json={"text": "done"}, trust_env=False)


def test_errors_of_the_web_api_leave_other_endpoints_alone(
    sandbox: Sandbox, response_url: str, ada: SimulatedUser
) -> None:
    sandbox.faults.error("*", "token_revoked", times=9)
    assert httpx.post(response_url, json={"text": "done"}, trust_env=False).text == "ok"
    ada.wait_for_text("done")


def test_event_is_delivered_twice_with_the_same_ids(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    sandbox.faults.duplicate("message")
    ada.send_message("once")
    ada.send_message("next")
    sandbox.wait_until(lambda: len(receiver.payloads("message")) == 3)
    sandbox.wait_until_delivered()
    payloads = [one for one in receiver.payloads("message") if one["event"]["text"] == "once"]
    assert len(payloads) == 2
    assert payloads[0] == payloads[1]


def test_interaction_is_delivered_twice_with_the_same_trigger(
    sandbox: Sandbox, response_url: str, ada: SimulatedUser, receiver: Receiver
) -> None:
    assert response_url
    sandbox.faults.duplicate("block_actions")
    ada.click("B is better")
    first, second = receiver.payloads("block_actions")[-2:]
    assert first == second
    assert first["trigger_id"]
