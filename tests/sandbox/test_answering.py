"""response_url: five uses, thirty minutes, and what can be said through it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.sandbox import NotAcknowledged, Person, Sandbox

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]
Say = Callable[..., httpx.Response]


@pytest.fixture
def url(
    client: WebClient,
    ada: Person,
    receiver: Receiver,  # noqa: ARG001 - somebody has to acknowledge
    question: Callable[..., list[Json]],
) -> str:
    """Return the response_url of a click in a message."""
    client.chat_postMessage(channel=ada.id, text="?", blocks=question())
    return str((ada.clicks("A is better").payload or {})["response_url"])


@pytest.fixture
def say(url: str) -> Say:
    """Return what posts JSON to it."""
    return lambda **body: httpx.post(url, json=body, trust_env=False)


def test_it_is_on_the_sandboxs_own_host(sandbox: Sandbox, url: str) -> None:
    assert url.startswith(f"{sandbox.url}/")
    assert f"/actions/{sandbox.app_id}/" in url


def test_the_sdk_answers_through_it(url: str, ada: Person) -> None:
    answer = WebhookClient(url).send(text="Hello")
    assert (answer.status_code, answer.body) == (200, "ok")
    assert ada.sees("Hello").ephemeral


def test_five_uses_and_no_more(say: Say, ada: Person) -> None:
    answers = [say(text=str(number)) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[-1].text == "used_url"
    assert len(ada.messages) == 6


def test_thirty_minutes_and_no_longer(sandbox: Sandbox, say: Say) -> None:
    sandbox.clock.turn(timedelta(minutes=29))
    assert say(text="in time").status_code == 200
    sandbox.clock.turn(timedelta(minutes=2))
    answer = say(text="late")
    assert (answer.status_code, answer.text) == (404, "expired_url")


def test_what_expired_long_ago_is_forgotten(sandbox: Sandbox, say: Say, ada: Person) -> None:
    sandbox.clock.turn(timedelta(hours=2))
    ada.clicks("A is better")
    ada.clicks("A is better")
    assert say(text="late").text == "invalid_url"


def test_nothing_lives_at_a_made_up_address(sandbox: Sandbox) -> None:
    answer = httpx.post(f"{sandbox.url}/response/actions/A/1/2", json={}, trust_env=False)
    assert (answer.status_code, answer.text) == (404, "invalid_url")


def test_the_message_itself_can_be_replaced_or_deleted(
    say: Say, ada: Person, receiver: Receiver, sandbox: Sandbox
) -> None:
    say(replace_original="true", text="instead")
    message = ada.sees("instead")
    assert (message.blocks, len(ada.messages)) == ([], 1)
    say(delete_original=True)
    assert ada.messages == []
    sandbox.wait_until(lambda: len(receiver.payloads("message")) == 3)
    told = {payload["event"].get("subtype") for payload in receiver.payloads("message")}
    assert told == {None, "message_changed", "message_deleted"}
    gone = say(replace_original=True, text="too late")
    assert (gone.status_code, gone.text) == (400, "message_not_found")


def test_it_can_speak_to_everybody_and_into_a_thread(say: Say, ada: Person) -> None:
    parent = ada.messages[0]
    say(response_type="in_channel", text="for all", thread_ts=parent.ts)
    message = ada.sees("for all")
    assert (message.ephemeral, message.thread_ts) == (False, parent.ts)


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
    say: Say, ada: Person, question: Callable[..., list[Json]]
) -> None:
    say(text="?", blocks=question("Really?", "again"))
    ada.sees("Really?")
    click = ada.clicks("B is better").payload or {}
    assert click["container"]["is_ephemeral"] is True
    assert "message" not in click
    httpx.post(
        click["response_url"], json={"text": "Fine", "replace_original": True}, trust_env=False
    )
    assert ada.sees("Fine").ephemeral
    ada.sees_not("Really?")
    httpx.post(click["response_url"], json={"delete_original": True}, trust_env=False)
    ada.sees_not("Fine")


@pytest.mark.parametrize(
    "answer", [{"blocks": [{"type": "nonsense"}]}, {"response_type": "ephemeral"}]
)
def test_a_commands_answer_is_judged_like_any_message(
    ada: Person, receiver: Receiver, answer: Json
) -> None:
    receiver.answers(answer)
    with pytest.raises(NotAcknowledged, match="Slack says"):
        ada.types("/plain x")


def test_a_commands_answer_may_be_text_or_json_or_nothing(ada: Person, receiver: Receiver) -> None:
    receiver.answers("plain words")
    ada.types("/plain x")
    assert ada.sees("plain words").ephemeral
    receiver.answers({"text": "for all", "response_type": "in_channel"})
    ada.types("/plain x")
    assert not ada.sees("for all").ephemeral
    receiver.answers("")
    ada.types("/plain x")
    assert len(ada.messages) == 2
