"""Response URLs and responses to commands: limits, and the messages they post or change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.sandbox import NotAcknowledgedError, Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]
Respond = Callable[..., httpx.Response]


@pytest.fixture
def url(
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,  # noqa: ARG001 - acknowledges the click
    make_question_blocks: Callable[..., list[Json]],
) -> str:
    """Return the response_url of a click in a message."""
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    return str((ada.click("A is better").payload or {})["response_url"])


@pytest.fixture
def respond(url: str) -> Respond:
    """Return a function that posts JSON to the response_url."""
    return lambda **body: httpx.post(url, json=body, trust_env=False)


def test_response_url_is_on_the_sandboxs_host(sandbox: Sandbox, url: str) -> None:
    assert url.startswith(f"{sandbox.url}/")
    assert f"/actions/{sandbox.app_id}/" in url


def test_sdk_webhook_client_can_respond(url: str, ada: SimulatedUser) -> None:
    reply = WebhookClient(url).send(text="Hello")
    assert (reply.status_code, reply.body) == (200, "ok")
    assert ada.wait_for_text("Hello").is_ephemeral


def test_sixth_use_is_rejected(respond: Respond, ada: SimulatedUser) -> None:
    replies = [respond(text=str(number)) for number in range(6)]
    assert [reply.status_code for reply in replies] == [200] * 5 + [404]
    assert replies[-1].text == "used_url"
    assert len(ada.messages) == 6


def test_url_expires_after_thirty_minutes(sandbox: Sandbox, respond: Respond) -> None:
    sandbox.clock.advance(timedelta(minutes=29))
    assert respond(text="in time").status_code == 200
    sandbox.clock.advance(timedelta(minutes=2))
    reply = respond(text="late")
    assert (reply.status_code, reply.text) == (404, "expired_url")


def test_long_expired_url_is_dropped(
    sandbox: Sandbox, respond: Respond, ada: SimulatedUser
) -> None:
    sandbox.clock.advance(timedelta(hours=2))
    ada.click("A is better")
    ada.click("A is better")
    assert respond(text="late").text == "invalid_url"


def test_unknown_url_is_rejected(sandbox: Sandbox) -> None:
    reply = httpx.post(f"{sandbox.url}/response/actions/A/1/2", json={}, trust_env=False)
    assert (reply.status_code, reply.text) == (404, "invalid_url")


def test_original_message_can_be_replaced_or_deleted(
    respond: Respond, ada: SimulatedUser, receiver: Receiver, sandbox: Sandbox
) -> None:
    respond(replace_original="true", text="instead")
    message = ada.wait_for_text("instead")
    assert (message.blocks, len(ada.messages)) == ([], 1)
    respond(delete_original=True)
    assert ada.messages == []
    sandbox.wait_until(lambda: len(receiver.payloads("message")) == 3)
    subtypes = {payload["event"].get("subtype") for payload in receiver.payloads("message")}
    assert subtypes == {None, "message_changed", "message_deleted"}
    reply = respond(replace_original=True, text="too late")
    assert (reply.status_code, reply.text) == (400, "message_not_found")


def test_response_can_be_public_and_in_a_thread(respond: Respond, ada: SimulatedUser) -> None:
    parent = ada.messages[0]
    respond(response_type="in_channel", text="for all", thread_ts=parent.ts)
    message = ada.wait_for_text("for all")
    assert (message.is_ephemeral, message.thread_ts) == (False, parent.ts)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "invalid_payload"),
        (b"[]", "invalid_payload"),
        (b"{}", "no_text"),
        (b'{"text":7}', "invalid_payload"),
        (b'{"text":["a"]}', "invalid_payload"),
        (b'{"blocks":[{"type":"nonsense"}]}', "invalid_blocks"),
        (b'{"blocks":"[]"}', "invalid_blocks_format"),
        (b'{"text":"x","replace_original":true,"blocks":[{"type":"section"}]}', "invalid_blocks"),
    ],
)
def test_invalid_response_returns_400_and_an_error(url: str, body: bytes, error: str) -> None:
    reply = httpx.post(url, content=body, trust_env=False)
    assert (reply.status_code, reply.text) == (400, error)
    assert reply.headers["content-type"].startswith("text/plain")


def test_ephemeral_message_can_be_replaced_and_deleted(
    respond: Respond, ada: SimulatedUser, make_question_blocks: Callable[..., list[Json]]
) -> None:
    respond(text="?", blocks=make_question_blocks("Really?", "again"))
    ada.wait_for_text("Really?")
    click = ada.click("B is better").payload or {}
    assert click["container"]["is_ephemeral"] is True
    assert "message" not in click
    httpx.post(
        click["response_url"], json={"text": "Fine", "replace_original": True}, trust_env=False
    )
    assert ada.wait_for_text("Fine").is_ephemeral
    ada.wait_until_gone("Really?")
    httpx.post(click["response_url"], json={"delete_original": True}, trust_env=False)
    ada.wait_until_gone("Fine")


@pytest.mark.parametrize(
    "response", [{"blocks": [{"type": "nonsense"}]}, {"response_type": "ephemeral"}]
)
def test_invalid_command_response_is_rejected(
    ada: SimulatedUser, receiver: Receiver, response: Json
) -> None:
    receiver.respond_with(response)
    with pytest.raises(NotAcknowledgedError, match="Slack rejects the response"):
        ada.send_message("/plain x")


def test_command_response_can_be_text_json_or_empty(ada: SimulatedUser, receiver: Receiver) -> None:
    receiver.respond_with("plain words")
    ada.send_message("/plain x")
    assert ada.wait_for_text("plain words").is_ephemeral
    receiver.respond_with({"text": "for all", "response_type": "in_channel"})
    ada.send_message("/plain x")
    assert not ada.wait_for_text("for all").is_ephemeral
    receiver.respond_with("")
    ada.send_message("/plain x")
    assert len(ada.messages) == 2
