"""chat.*: messages from the app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import SLACK_LIMITS, ActionRejectedError, Sandbox, SimulatedUser

Json = dict[str, Any]
CallExpectingError = Callable[..., Json]
ErrorCode = Callable[..., str]
BlocksFactory = Callable[..., list[Json]]

RICH = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "<@U1> & *plain*"}]}
    ],
}


def test_posted_message_has_ids_and_defaults(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, make_question_blocks: BlocksFactory
) -> None:
    response = client.chat_postMessage(
        channel=ada.id, text="a &amp; b", blocks=make_question_blocks()
    )
    message = response["message"]
    assert response["channel"] == ada.dm
    assert response["ts"] == message["ts"]
    assert message["text"] == "a &amp; b"
    assert (message["user"], message["bot_id"], message["app_id"], message["team"]) == (
        sandbox.bot_user_id,
        sandbox.bot_id,
        sandbox.app_id,
        sandbox.team_id,
    )
    assert message["bot_profile"]["id"] == sandbox.bot_id
    section, actions = message["blocks"]
    assert section["block_id"]
    assert section["text"]["verbatim"] is False
    assert actions["block_id"] == "q"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": "#nowhere", "text": "x"}, "channel_not_found"),
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": {"type": "section"}}, "invalid_blocks_format"),
        ({"text": "x", "markdown_text": "*x*"}, "markdown_text_conflict"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": "b" * 9000}}},
            "metadata_too_large",
        ),
        ({"text": "x", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ({"text": "x", "username": "Somebody"}, "missing_scope"),
    ],
)
def test_invalid_message_is_rejected(
    ada: SimulatedUser, error_code: ErrorCode, arguments: Json, error: str
) -> None:
    assert error_code("chat.postMessage", **({"channel": ada.id} | arguments)) == error
    assert ada.messages == []


def test_invalid_blocks_are_explained_with_pointers(
    ada: SimulatedUser, call_expecting_error: CallExpectingError
) -> None:
    long_section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    response = call_expecting_error(
        "chat.postMessage", channel=ada.id, text="x", blocks=[long_section]
    )
    assert (
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]" in response["errors"]
    )
    messages = response["response_metadata"]["messages"]
    assert messages == [f"[ERROR] {error}" for error in response["errors"]]


def test_long_text_is_truncated_in_post_and_rejected_in_update(
    client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    message_ref = {"channel": posted["channel"], "ts": posted["ts"]}
    assert error_code("chat.update", **message_ref, text="x" * 4001) == "msg_too_long"
    assert client.chat_update(**message_ref, text="x" * 4000)["ok"]


@pytest.mark.parametrize(
    ("change", "text", "kinds"),
    [
        ({"text": "new"}, "new", []),
        ({"text": "new", "blocks": [{"type": "divider"}]}, "new", ["divider"]),
        ({"blocks": [{"type": "divider"}]}, "", ["divider"]),
        ({"text": "new", "blocks": []}, "new", []),
        ({"metadata": {}}, "old", ["divider"]),
    ],
)
def test_update_replaces_content_by_slacks_rules(
    client: WebClient, ada: SimulatedUser, change: Json, text: str, kinds: list[str]
) -> None:
    metadata = {"event_type": "asked", "event_payload": {"id": 1}}
    posted = client.chat_postMessage(
        channel=ada.id, text="old", blocks=[{"type": "divider"}], metadata=metadata
    )
    message_ref = {"channel": posted["channel"], "ts": posted["ts"]}
    response = client.api_call("chat.update", json=message_ref | change)
    message = response["message"]
    assert response["text"] == message["text"] == text
    assert [block["type"] for block in message.get("blocks", [])] == kinds
    assert message.get("metadata") == (None if "metadata" in change else metadata)
    assert message["edited"]["user"] == message["user"]
    assert message["ts"] == posted["ts"]


def test_invalid_updates_and_deletions_are_rejected(
    client: WebClient, ada: SimulatedUser, error_code: ErrorCode, receiver: object
) -> None:
    assert receiver
    app_post = client.chat_postMessage(channel=ada.id, text="x", blocks=[RICH])
    user_post = ada.send_message("hello")
    message_ref = {"channel": ada.dm, "ts": app_post["ts"]}
    assert (
        error_code("chat.update", channel=ada.id, ts=app_post["ts"], text="x")
        == "channel_not_found"
    )
    missing = {"channel": ada.dm, "ts": "1.000001"}
    assert error_code("chat.update", **missing, text="x") == "message_not_found"
    assert error_code("chat.delete", **missing) == "message_not_found"
    foreign = {"channel": ada.dm, "ts": getattr(user_post, "ts", "")}
    assert error_code("chat.update", **foreign, text="x") == "cant_update_message"
    assert error_code("chat.delete", **foreign) == "cant_delete_message"
    divider = [{"type": "divider"}]
    assert error_code("chat.update", **message_ref, text="x", blocks=divider) == "block_mismatch"
    assert error_code("chat.update", **message_ref, text="", blocks=[]) == "no_text"


def test_deleted_message_disappears(client: WebClient, ada: SimulatedUser) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="soon gone")
    client.chat_delete(channel=ada.dm, ts=posted["ts"])
    ada.wait_until_gone("soon gone")


def test_ephemeral_message_is_visible_to_one_user_and_immutable(
    client: WebClient, sandbox: Sandbox, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    bob = sandbox.add_user("bob")
    channel = sandbox.add_channel("labels", members=[ada, bob])
    response = client.chat_postEphemeral(channel=channel.id, user=ada.id, text="only you")
    assert ada.wait_for_text("only you").is_ephemeral
    assert bob.messages == []
    message_ref = {"channel": channel.id, "ts": response["message_ts"]}
    assert error_code("chat.update", **message_ref, text="x") == "message_not_found"
    assert client.conversations_history(channel=channel.id)["messages"] == []


def test_ephemeral_message_needs_a_channel_member(
    sandbox: Sandbox, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    channel = sandbox.add_channel("labels")
    outside = {"channel": channel.id, "user": ada.id, "text": "x"}
    assert error_code("chat.postEphemeral", **outside) == "user_not_in_channel"
    inside = {"channel": ada.dm, "user": ada.id}
    assert error_code("chat.postEphemeral", **inside, text="x" * 4001) == "msg_too_long"
    assert error_code("chat.postEphemeral", **inside) == "no_text"


def test_bot_posts_only_in_its_channels(
    sandbox: Sandbox, client: WebClient, error_code: ErrorCode
) -> None:
    public = sandbox.add_channel("public", bot=False)
    private = sandbox.add_channel("private", bot=False, private=True)
    assert error_code("chat.postMessage", channel=public.id, text="x") == "not_in_channel"
    assert error_code("chat.postMessage", channel=private.id, text="x") == "channel_not_found"
    joined = sandbox.add_channel("joined", private=True)
    assert client.chat_postMessage(channel=joined.id, text="x")["ok"]


def test_deactivated_user_cannot_be_messaged(
    sandbox: Sandbox, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    ada.deactivate()
    for recipient in (ada.id, ada.dm):
        assert error_code("chat.postMessage", channel=recipient, text="x") == "channel_not_found"
    assert sandbox.request_counts["chat.postMessage"] == 2


def test_direct_message_needs_messages_tab(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["features"]["app_home"]["messages_tab_enabled"] = False
    sandbox = open_sandbox(manifest=manifest)
    ada = sandbox.add_user("ada")
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    with pytest.raises(SlackApiError, match="messages_tab_disabled"):
        client.chat_postMessage(channel=ada.id, text="x")


def test_custom_name_to_user_id_posts_in_slackbot_channel(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["oauth_config"]["scopes"]["bot"].append("chat:write.customize")
    sandbox = open_sandbox(manifest=manifest)
    ada = sandbox.add_user("ada")
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    by_user = client.chat_postMessage(channel=ada.id, text="lost", username="Helpful")
    again = client.chat_postMessage(channel=ada.id, text="lost", username="Helpful")
    by_channel = client.chat_postMessage(channel=ada.dm, text="found", username="Helpful")
    assert again["channel"] == by_user["channel"]
    assert by_user["channel"] != ada.dm
    assert by_channel["channel"] == ada.dm
    assert by_channel["message"]["username"] == "Helpful"


def test_one_message_per_second_and_channel(
    open_sandbox: Callable[..., Sandbox], minutes: Callable[[float], Any]
) -> None:
    sandbox = open_sandbox(limits=SLACK_LIMITS)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    ada, bob = sandbox.add_user("ada"), sandbox.add_user("bob")
    client.chat_postMessage(channel=ada.id, text="one")
    client.chat_postMessage(channel=bob.id, text="another channel")
    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        client.chat_postMessage(channel=ada.id, text="two")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["retry-after"] == "1"
    sandbox.clock.advance(minutes(1 / 60))
    client.chat_postMessage(channel=ada.id, text="two")


def test_reply_to_reply_joins_the_thread(client: WebClient, ada: SimulatedUser) -> None:
    parent = client.chat_postMessage(channel=ada.id, text="parent")["ts"]
    first = client.chat_postMessage(channel=ada.dm, text="first", thread_ts=parent)["ts"]
    second = client.chat_postMessage(channel=ada.dm, text="second", thread_ts=first)
    assert second["message"]["thread_ts"] == parent
    assert ada.wait_for_text("second").thread_ts == parent


def test_permalink_contains_channel_and_ts(client: WebClient, ada: SimulatedUser) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="x")
    link = client.chat_getPermalink(channel=ada.dm, message_ts=posted["ts"])["permalink"]
    assert link.endswith(f"/archives/{ada.dm}/p{posted['ts'].replace('.', '')}")


def test_archived_channel_rejects_messages(
    sandbox: Sandbox, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    channel = sandbox.add_channel("over", members=[ada])
    sandbox.archive_channel(channel)
    assert error_code("chat.postMessage", channel=channel.id, text="x") == "is_archived"
    with pytest.raises(ActionRejectedError):
        ada.send_message("x", channel=channel)


def test_attachments_are_kept_with_or_without_blocks(client: WebClient, ada: SimulatedUser) -> None:
    attachments: list[Json] = [{"text": "old style"}, {"blocks": [{"type": "divider"}]}]
    posted = client.chat_postMessage(channel=ada.id, text="x", attachments=attachments)
    legacy, with_blocks = posted["message"]["attachments"]
    assert legacy == {"text": "old style"}
    assert with_blocks["blocks"][0]["block_id"]
    message_ref = {"channel": ada.dm, "ts": posted["ts"]}
    updated = client.chat_update(**message_ref, text="y")["message"]
    assert len(updated["attachments"]) == 2
    cleared = client.chat_update(**message_ref, text="z", attachments=[])["message"]
    assert "attachments" not in cleared


def test_form_encoded_post_is_accepted(sandbox: Sandbox, ada: SimulatedUser) -> None:
    form = {"token": sandbox.bot_token, "channel": ada.id, "text": "by form"}
    response = httpx.post(f"{sandbox.api_url}chat.postMessage", data=form, trust_env=False)
    assert response.json()["ok"]
    ada.wait_for_text("by form")
