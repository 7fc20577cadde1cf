"""conversations.*."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, SimulatedUser

Json = dict[str, Any]
Refusal = Callable[..., Json]


def test_opening_a_direct_message_twice_says_so(client: WebClient, ada: SimulatedUser) -> None:
    first = client.conversations_open(users=ada.id)
    assert first.data == {"ok": True, "channel": {"id": ada.dm}}
    second = client.conversations_open(users=[ada.id], return_im=True)
    assert (second["no_op"], second["already_open"]) == (True, True)
    assert (second["channel"]["is_im"], second["channel"]["user"]) == (True, ada.id)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "users_list_not_supplied"),
        ({"users": "U404"}, "user_not_found"),
        ({"users": "USLACKBOT"}, "invalid_user_combination"),
        ({"users": "U1,U2"}, "not_built_in_sandbox"),
        ({"users": "[1"}, "invalid_array_arg"),
        ({"channel": "D404"}, "channel_not_found"),
    ],
)
def test_what_cannot_be_opened(refusal: Refusal, arguments: Json, error: str) -> None:
    assert refusal("conversations.open", **arguments)["error"] == error


def test_nobody_opens_a_message_to_somebody_who_left(ada: SimulatedUser, refusal: Refusal) -> None:
    ada.deactivate()
    assert refusal("conversations.open", users=ada.id)["error"] == "user_disabled"


def test_opening_a_direct_message_needs_its_own_scope(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    scopes[scopes.index("im:write")] = "mpim:write"
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    with pytest.raises(SlackApiError, match="missing_scope") as caught:
        client.conversations_open(users=sandbox.add_user("ada").id)
    assert caught.value.response["needed"] == "im:write"


def test_channels_are_told_by_their_kind(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    room = sandbox.add_channel("labels", members=[ada])
    info = client.conversations_info(channel=room.id, include_num_members=True)["channel"]
    assert (info["name"], info["is_channel"], info["is_member"]) == ("labels", True, True)
    assert info["num_members"] == 2
    members = client.conversations_members(channel=room.id)["members"]
    assert set(members) == {ada.id, sandbox.bot_user_id}
    private = sandbox.add_channel("secret", private=True)
    answer = refusal("conversations.info", channel=private.id)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:read")


def test_lists_come_in_pages(sandbox: Sandbox, client: WebClient, refusal: Refusal) -> None:
    names = [sandbox.add_channel(f"room{number}").name for number in range(5)]
    pages = [
        [channel["name"] for channel in page["channels"]]
        for page in client.conversations_list(limit=2)
    ]
    assert pages == [names[:2], names[2:4], names[4:]]
    assert refusal("conversations.list", limit=0)["error"] == "invalid_limit"
    assert refusal("conversations.list", cursor="made up")["error"] == "invalid_cursor"
    made_up = base64.b64encode(b"next:9999").decode()
    assert refusal("conversations.list", cursor=made_up)["error"] == "invalid_cursor"
    assert refusal("conversations.list", types="canal")["error"] == "invalid_types"
    assert refusal("conversations.list", types="mpim")["error"] == "missing_scope"


def test_only_opened_direct_messages_are_listed(client: WebClient, ada: SimulatedUser) -> None:
    assert client.conversations_list(types="im")["channels"] == []
    client.chat_postMessage(channel=ada.id, text="x")
    listed = client.conversations_list(types="im")["channels"]
    assert [channel["id"] for channel in listed] == [ada.dm]


def test_history_is_newest_first_and_leaves_replies_out(
    client: WebClient, ada: SimulatedUser
) -> None:
    stamps = [client.chat_postMessage(channel=ada.id, text=str(n))["ts"] for n in range(3)]
    client.chat_postMessage(channel=ada.dm, text="reply", thread_ts=stamps[0])
    messages = client.conversations_history(channel=ada.dm)["messages"]
    assert [message["text"] for message in messages] == ["2", "1", "0"]
    assert (messages[2]["reply_count"], messages[2]["thread_ts"]) == (1, stamps[0])
    after = client.conversations_history(channel=ada.dm, oldest=stamps[1])["messages"]
    assert [message["text"] for message in after] == ["2"]
    both = client.conversations_history(channel=ada.dm, oldest=stamps[1], inclusive=True)
    assert len(both["messages"]) == 2
    one = client.conversations_history(channel=ada.dm, limit=1)
    assert one["has_more"]


def test_replies_begin_with_the_parent(
    client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    parent = client.chat_postMessage(channel=ada.id, text="parent")["ts"]
    client.chat_postMessage(channel=ada.dm, text="reply", thread_ts=parent)
    client.chat_postMessage(channel=ada.dm, text="elsewhere")
    thread = client.conversations_replies(channel=ada.dm, ts=parent)["messages"]
    assert [message["text"] for message in thread] == ["parent", "reply"]
    assert refusal("conversations.replies", channel=ada.dm, ts="1.1")["error"] == (
        "thread_not_found"
    )
    assert refusal("conversations.history", channel=ada.dm, oldest="x")["error"] == (
        "invalid_ts_oldest"
    )


def test_history_needs_the_bot_in_the_channel(sandbox: Sandbox, refusal: Refusal) -> None:
    room = sandbox.add_channel("elsewhere", bot=False)
    assert refusal("conversations.history", channel=room.id)["error"] == "not_in_channel"


def test_the_app_joins_public_channels_only(
    open_sandbox: Callable[..., Sandbox], manifest: Json, refusal: Refusal
) -> None:
    assert refusal("conversations.join", channel="C1")["needed"] == "channels:join"
    manifest["oauth_config"]["scopes"]["bot"].append("channels:join")
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    room = sandbox.add_channel("labels", bot=False)
    assert client.conversations_join(channel=room.id)["channel"]["is_member"] is True
    assert client.conversations_join(channel=room.id)["warning"] == "already_in_channel"
    for channel, error in (
        (sandbox.add_channel("secret", private=True).id, "method_not_supported_for_channel_type"),
        (sandbox.add_user("ada").dm, "method_not_supported_for_channel_type"),
        ("C404", "channel_not_found"),
    ):
        with pytest.raises(SlackApiError, match=error):
            client.conversations_join(channel=channel)
    sandbox.archive_channel(room)
    with pytest.raises(SlackApiError, match="is_archived"):
        client.conversations_join(channel=room.id)
