"""chat.*: replies that the channel shows too, and texts that are cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]
ErrorCode = Callable[..., str]


def history(client: WebClient, channel: str) -> list[str]:
    return [
        message["text"] for message in client.conversations_history(channel=channel)["messages"]
    ]


def test_broadcast_reply_is_in_its_thread_and_in_the_channel(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    channel = sandbox.add_channel("labels", members=[ada]).id
    parent = client.chat_postMessage(channel=channel, text="question")["ts"]
    client.chat_postMessage(channel=channel, text="quiet", thread_ts=parent)
    reply = client.chat_postMessage(
        channel=channel, text="loud", thread_ts=parent, reply_broadcast=True
    )["message"]
    assert (reply["subtype"], reply["thread_ts"], reply["root"]["text"]) == (
        "thread_broadcast",
        parent,
        "question",
    )
    assert history(client, channel) == ["loud", "question"]
    replies = client.conversations_replies(channel=channel, ts=parent)["messages"]
    assert [message["text"] for message in replies] == ["question", "quiet", "loud"]
    sandbox.wait_until(lambda: len(receiver.payloads("message")) == 3)
    subtypes = {one["event"].get("subtype") for one in receiver.payloads("message")}
    assert subtypes == {None, "thread_broadcast"}


def test_broadcast_without_thread_is_an_ordinary_message(
    client: WebClient, ada: SimulatedUser
) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="x", reply_broadcast=True)
    assert "subtype" not in posted["message"]


def test_old_reply_is_broadcast_by_an_update(
    sandbox: Sandbox, client: WebClient, error_code: ErrorCode
) -> None:
    channel = sandbox.add_channel("labels").id
    parent = client.chat_postMessage(channel=channel, text="question")["ts"]
    reply = client.chat_postMessage(channel=channel, text="reply", thread_ts=parent)["ts"]
    request: Json = {"channel": channel, "ts": reply, "reply_broadcast": True}
    assert error_code("chat.update", **request, text="new") == "no_dual_broadcast_content_update"
    assert error_code("chat.update", **request | {"ts": parent}) == "cant_broadcast_message"
    client.api_call("chat.update", json=request)
    assert history(client, channel) == ["reply", "question"]


def test_cut_text_is_announced_by_a_warning(client: WebClient, ada: SimulatedUser) -> None:
    longest = client.chat_postMessage(channel=ada.id, text="x" * 40_000)
    assert "warning" not in longest
    cut = client.api_call("chat.postMessage", json={"channel": ada.id, "text": "x" * 40_001})
    assert len(cut["message"]["text"]) == 40_000
    assert "message_truncated" in cut["warning"].split(",")
    assert "message_truncated" in cut["response_metadata"]["warnings"]
