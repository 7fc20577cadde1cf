"""response_url: five uses, thirty minutes, and what can be said through it."""

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
Say = Callable[..., httpx.Response]


@pytest.fixture
def url(
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,  # noqa: ARG001 - somebody has to acknowledge
    question: Callable[..., list[Json]],
) -> str:
    """Return the response_url of a click in a message."""
    client.chat_postMessage(channel=ada.id, text="?", blocks=question())
    return str((ada.click("A is better").payload or {})["response_url"])


@pytest.fixture
def say(url: str) -> Say:
    """Return what posts JSON to it."""
    return lambda **body: httpx.post(url, json=body, trust_env=False)


def test_it_is_on_the_sandboxs_own_host(sandbox: Sandbox, url: str) -> None:
    assert url.startswith(f"{sandbox.url}/")
    assert f"/actions/{sandbox.app_id}/" in url


def test_the_sdk_answers_through_it(url: str, ada: SimulatedUser) -> None:
    answer = WebhookClient(url).send(text="Hello")
    assert (answer.status_code, answer.body) == (200, "ok")
    assert ada.wait_for_text("Hello").is_ephemeral


def test_five_uses_and_no_more(say: Say, ada: SimulatedUser) -> None:
    answers = [say(text=str(number)) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[-1].text == "used_url"
    assert len(ada.messages) == 6


def test_thirty_minutes_and_no_longer(sandbox: Sandbox, say: Say) -> None:
    sandbox.clock.advance(timedelta(minutes=29))
    assert say(text="in time").status_code == 200
    sandbox.clock.advance(timedelta(minutes=2))
    answer = say(text="late")
    assert (answer.status_code, answer.text) == (404, "expired_url")


def test_what_expired_long_ago_is_forgotten(sandbox: Sandbox, say: Say, ada: SimulatedUser) -> None:
    sandbox.clock.advance(timedelta(hours=2))
    ada.click("A is better")
    ada.click("A is better")
    assert say(text="late").text == "invalid_url"


def test_nothing_lives_at_a_made_up_address(sandbox: Sandbox) -> None:
    answer = httpx.post(f"{sandbox.url}/response/actions/A/1/2", json={}, trust_env=False)
    assert (answer.status_code, answer.text) == (404, "invalid_url")


def test_the_message_itself_can_be_replaced_or_deleted(
    say: Say, ada: SimulatedUser, receiver: Receiver, sandbox: Sandbox
) -> None:
    say(replace_original="true", text="instead")
    message = ada.wait_for_text("instead")
    assert (message.blocks, len(ada.messages)) == ([], 1)
    say(delete_original=True)
    assert ada.messages == []
    sandbox.wait_until(lambda: len(receiver.payloads("message")) == 3)
    told = {payload["event"].get("subtype") for payload in receiver.payloads("message")}
    assert told == {None, "message_changed", "message_deleted"}
    gone = say(replace_original=True, text="too late")
    assert (gone.status_code, gone.text) == (400, "message_not_found")


def test_it_can_speak_to_everybody_and_into_a_thread(say: Say, ada: SimulatedUser) -> None:
    parent = ada.messages[0]
    say(response_type="in_channel", text="for all", thread_ts=parent.ts)
    message = ada.wait_for_text("for all")
    assert (message.is_ephemeral, message.thread_ts) == (False, parent.ts)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "invalid_payload"),
        (b"[]", "invalid_payload"),
        (b"{}", "no_text"),
        (b'{"blocks":[{"type":"nonsense"}]}', "invalid_blocks"),
        (b'{"blocks":"[]"}', "invalid_blocks_format"),
        (b'{"text":"x","replace_original":true,"blocks":[{"type":"section"}]}', "invalid_blocks"),
    ],
)
def test_bad_answers_get_400_and_a_word(url: str, body: bytes, error: str) -> None:
    answer = httpx.post(url, content=body, trust_env=False)
    assert (answer.status_code, answer.text) == (400, error)
    assert answer.headers["content-type"].startswith("text/plain")


def test_an_ephemeral_message_is_replaced_through_it(
    say: Say, ada: SimulatedUser, question: Callable[..., list[Json]]
) -> None:
    say(text="?", blocks=question("Really?", "again"))
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
    "answer", [{"blocks": [{"type": "nonsense"}]}, {"response_type": "ephemeral"}]
)
def test_a_commands_answer_is_judged_like_any_message(
    ada: SimulatedUser, receiver: Receiver, answer: Json
) -> None:
    receiver.respond_with(answer)
    with pytest.raises(NotAcknowledgedError, match="Slack says"):
        ada.send_message("/plain x")


def test_a_commands_answer_may_be_text_or_json_or_nothing(
    ada: SimulatedUser, receiver: Receiver
) -> None:
    receiver.respond_with("plain words")
    ada.send_message("/plain x")
    assert ada.wait_for_text("plain words").is_ephemeral
    receiver.respond_with({"text": "for all", "response_type": "in_channel"})
    ada.send_message("/plain x")
    assert not ada.wait_for_text("for all").is_ephemeral
    receiver.respond_with("")
    ada.send_message("/plain x")
    assert len(ada.messages) == 2
