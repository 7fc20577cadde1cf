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
CallExpectingError = Callable[..., Json]
ErrorCode = Callable[..., str]


def test_reopened_direct_message_is_reported_as_open(client: WebClient, ada: SimulatedUser) -> None:
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
        ({"users": "U1,U2"}, "not_supported_in_sandbox"),
        ({"users": "[1"}, "invalid_array_arg"),
        ({"channel": "D404"}, "channel_not_found"),
    ],
)
def test_invalid_conversation_cannot_be_opened(
    error_code: ErrorCode, arguments: Json, error: str
) -> None:
    assert error_code("conversations.open", **arguments) == error


def test_direct_message_to_deactivated_user_cannot_be_opened(
    ada: SimulatedUser, error_code: ErrorCode
) -> None:
    ada.deactivate()
    assert error_code("conversations.open", users=ada.id) == "user_disabled"


def test_opening_direct_message_needs_im_write_scope(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    scopes[scopes.index("im:write")] = "mpim:write"
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    with pytest.raises(SlackApiError, match="missing_scope") as caught:
        client.conversations_open(users=sandbox.add_user("ada").id)
    assert caught.value.response["needed"] == "im:write"


def test_channel_info_and_members(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    call_expecting_error: CallExpectingError,
) -> None:
    channel = sandbox.add_channel("labels", members=[ada])
    info = client.conversations_info(channel=channel.id, include_num_members=True)["channel"]
    assert (info["name"], info["is_channel"], info["is_member"]) == ("labels", True, True)
    assert info["num_members"] == 2
    members = client.conversations_members(channel=channel.id)["members"]
    assert set(members) == {ada.id, sandbox.bot_user_id}
    private = sandbox.add_channel("secret", private=True)
    response = call_expecting_error("conversations.info", channel=private.id)
    assert (response["error"], response["needed"]) == ("missing_scope", "groups:read")


def test_channel_list_is_paginated(
    sandbox: Sandbox, client: WebClient, error_code: ErrorCode
) -> None:
    names = [sandbox.add_channel(f"channel{number}").name for number in range(5)]
    pages = [
        [channel["name"] for channel in page["channels"]]
        for page in client.conversations_list(limit=2)
    ]
    assert pages == [names[:2], names[2:4], names[4:]]
    assert error_code("conversations.list", limit=0) == "invalid_limit"
    assert error_code("conversations.list", cursor="made up") == "invalid_cursor"
    out_of_range = base64.b64encode(b"next:9999").decode()
    assert error_code("conversations.list", cursor=out_of_range) == "invalid_cursor"
    assert error_code("conversations.list", types="canal") == "invalid_types"
    assert error_code("conversations.list", types="mpim") == "missing_scope"


def test_only_opened_direct_messages_are_listed(client: WebClient, ada: SimulatedUser) -> None:
    assert client.conversations_list(types="im")["channels"] == []
    client.chat_postMessage(channel=ada.id, text="x")
    channels = client.conversations_list(types="im")["channels"]
    assert [channel["id"] for channel in channels] == [ada.dm]


def test_history_is_newest_first_without_replies(client: WebClient, ada: SimulatedUser) -> None:
    timestamps = [client.chat_postMessage(channel=ada.id, text=str(n))["ts"] for n in range(3)]
    client.chat_postMessage(channel=ada.dm, text="reply", thread_ts=timestamps[0])
    messages = client.conversations_history(channel=ada.dm)["messages"]
    assert [message["text"] for message in messages] == ["2", "1", "0"]
    assert (messages[2]["reply_count"], messages[2]["thread_ts"]) == (1, timestamps[0])
    later = client.conversations_history(channel=ada.dm, oldest=timestamps[1])["messages"]
    assert [message["text"] for message in later] == ["2"]
    inclusive = client.conversations_history(channel=ada.dm, oldest=timestamps[1], inclusive=True)
    assert len(inclusive["messages"]) == 2
    first_page = client.conversations_history(channel=ada.dm, limit=1)
    assert first_page["has_more"]


def test_replies_start_with_the_parent(
    client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    parent = client.chat_postMessage(channel=ada.id, text="parent")["ts"]
    client.chat_postMessage(channel=ada.dm, text="reply", thread_ts=parent)
    client.chat_postMessage(channel=ada.dm, text="elsewhere")
    thread = client.conversations_replies(channel=ada.dm, ts=parent)["messages"]
    assert [message["text"] for message in thread] == ["parent", "reply"]
    assert error_code("conversations.replies", channel=ada.dm, ts="1.1") == "thread_not_found"
    assert error_code("conversations.history", channel=ada.dm, oldest="x") == "invalid_ts_oldest"


def test_history_needs_bot_membership(sandbox: Sandbox, error_code: ErrorCode) -> None:
    channel = sandbox.add_channel("elsewhere", bot=False)
    assert error_code("conversations.history", channel=channel.id) == "not_in_channel"


def test_app_joins_only_public_channels(
    open_sandbox: Callable[..., Sandbox], manifest: Json, call_expecting_error: CallExpectingError
) -> None:
    assert call_expecting_error("conversations.join", channel="C1")["needed"] == "channels:join"
    manifest["oauth_config"]["scopes"]["bot"].append("channels:join")
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    channel = sandbox.add_channel("labels", bot=False)
    assert client.conversations_join(channel=channel.id)["channel"]["is_member"] is True
    assert client.conversations_join(channel=channel.id)["warning"] == "already_in_channel"
    for channel_id, error in (
        (sandbox.add_channel("secret", private=True).id, "method_not_supported_for_channel_type"),
        (sandbox.add_user("ada").dm, "method_not_supported_for_channel_type"),
        ("C404", "channel_not_found"),
    ):
        with pytest.raises(SlackApiError, match=error):
            client.conversations_join(channel=channel_id)
    sandbox.archive_channel(channel)
    with pytest.raises(SlackApiError, match="is_archived"):
        client.conversations_join(channel=channel.id)
