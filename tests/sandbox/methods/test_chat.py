"""chat.*: what the app says, and what Slack makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import SLACK_LIMITS, ActionRejectedError, Sandbox, SimulatedUser

Json = dict[str, Any]
Refusal = Callable[..., Json]
Blocks = Callable[..., list[Json]]

RICH = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "<@U1> & *plain*"}]}
    ],
}


def test_a_message_comes_back_with_its_ids_and_defaults(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, question: Blocks
) -> None:
    answer = client.chat_postMessage(channel=ada.id, text="a &amp; b", blocks=question())
    message = answer["message"]
    assert answer["channel"] == ada.dm
    assert answer["ts"] == message["ts"]
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
def test_what_cannot_be_posted(
    ada: SimulatedUser, refusal: Refusal, arguments: Json, error: str
) -> None:
    assert refusal("chat.postMessage", **({"channel": ada.id} | arguments))["error"] == error
    assert ada.messages == []


def test_bad_blocks_are_explained_with_pointers(ada: SimulatedUser, refusal: Refusal) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    answer = refusal("chat.postMessage", channel=ada.id, text="x", blocks=[long])
    assert (
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]" in answer["errors"]
    )
    told = answer["response_metadata"]["messages"]
    assert told == [f"[ERROR] {error}" for error in answer["errors"]]


def test_a_very_long_text_is_cut_when_posted_and_refused_when_updated(
    client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    assert refusal("chat.update", **place, text="x" * 4001)["error"] == "msg_too_long"
    assert client.chat_update(**place, text="x" * 4000)["ok"]


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
def test_an_update_replaces_by_slacks_rules(
    client: WebClient, ada: SimulatedUser, change: Json, text: str, kinds: list[str]
) -> None:
    about = {"event_type": "asked", "event_payload": {"id": 1}}
    posted = client.chat_postMessage(
        channel=ada.id, text="old", blocks=[{"type": "divider"}], metadata=about
    )
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    answer = client.api_call("chat.update", json=place | change)
    message = answer["message"]
    assert answer["text"] == message["text"] == text
    assert [block["type"] for block in message.get("blocks", [])] == kinds
    assert message.get("metadata") == (None if "metadata" in change else about)
    assert message["edited"]["user"] == message["user"]
    assert message["ts"] == posted["ts"]


def test_what_cannot_be_updated_or_deleted(
    client: WebClient, ada: SimulatedUser, refusal: Refusal, receiver: object
) -> None:
    assert receiver
    mine = client.chat_postMessage(channel=ada.id, text="x", blocks=[RICH])
    hers = ada.send_message("hello")
    place = {"channel": ada.dm, "ts": mine["ts"]}
    assert refusal("chat.update", channel=ada.id, ts=mine["ts"], text="x")["error"] == (
        "channel_not_found"
    )
    nowhere = {"channel": ada.dm, "ts": "1.000001"}
    assert refusal("chat.update", **nowhere, text="x")["error"] == "message_not_found"
    assert refusal("chat.delete", **nowhere)["error"] == "message_not_found"
    other = {"channel": ada.dm, "ts": getattr(hers, "ts", "")}
    assert refusal("chat.update", **other, text="x")["error"] == "cant_update_message"
    assert refusal("chat.delete", **other)["error"] == "cant_delete_message"
    divider = [{"type": "divider"}]
    assert refusal("chat.update", **place, text="x", blocks=divider)["error"] == "block_mismatch"
    assert refusal("chat.update", **place, text="", blocks=[])["error"] == "no_text"


def test_a_deleted_message_is_gone(client: WebClient, ada: SimulatedUser) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="soon gone")
    client.chat_delete(channel=ada.dm, ts=posted["ts"])
    ada.wait_until_gone("soon gone")


def test_an_ephemeral_message_is_seen_by_one_and_cannot_be_changed(
    client: WebClient, sandbox: Sandbox, ada: SimulatedUser, refusal: Refusal
) -> None:
    bob = sandbox.add_user("bob")
    room = sandbox.add_channel("labels", members=[ada, bob])
    answer = client.chat_postEphemeral(channel=room.id, user=ada.id, text="only you")
    assert ada.wait_for_text("only you").is_ephemeral
    assert bob.messages == []
    place = {"channel": room.id, "ts": answer["message_ts"]}
    assert refusal("chat.update", **place, text="x")["error"] == "message_not_found"
    assert client.conversations_history(channel=room.id)["messages"] == []


def test_an_ephemeral_message_needs_somebody_who_is_there(
    sandbox: Sandbox, ada: SimulatedUser, refusal: Refusal
) -> None:
    room = sandbox.add_channel("labels")
    outside = {"channel": room.id, "user": ada.id, "text": "x"}
    assert refusal("chat.postEphemeral", **outside)["error"] == "user_not_in_channel"
    inside = {"channel": ada.dm, "user": ada.id}
    assert refusal("chat.postEphemeral", **inside, text="x" * 4001)["error"] == "msg_too_long"
    assert refusal("chat.postEphemeral", **inside)["error"] == "no_text"


def test_the_bot_posts_only_where_it_is(
    sandbox: Sandbox, client: WebClient, refusal: Refusal
) -> None:
    public = sandbox.add_channel("public", bot=False)
    private = sandbox.add_channel("private", bot=False, private=True)
    assert refusal("chat.postMessage", channel=public.id, text="x")["error"] == "not_in_channel"
    assert refusal("chat.postMessage", channel=private.id, text="x")["error"] == "channel_not_found"
    joined = sandbox.add_channel("joined", private=True)
    assert client.chat_postMessage(channel=joined.id, text="x")["ok"]


def test_somebody_who_left_cannot_be_written_to(
    sandbox: Sandbox, ada: SimulatedUser, refusal: Refusal
) -> None:
    ada.deactivate()
    for channel in (ada.id, ada.dm):
        answer = refusal("chat.postMessage", channel=channel, text="x")
        assert answer["error"] == "channel_not_found"
    assert sandbox.request_counts["chat.postMessage"] == 2


def test_without_a_messages_tab_there_is_no_direct_message(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["features"]["app_home"]["messages_tab_enabled"] = False
    sandbox = open_sandbox(manifest=manifest)
    ada = sandbox.add_user("ada")
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    with pytest.raises(SlackApiError, match="messages_tab_disabled"):
        client.chat_postMessage(channel=ada.id, text="x")


def test_under_another_name_a_user_id_leads_to_slackbot(
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


def test_one_message_a_second_and_channel(
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


def test_a_reply_to_a_reply_goes_to_the_thread(client: WebClient, ada: SimulatedUser) -> None:
    parent = client.chat_postMessage(channel=ada.id, text="parent")["ts"]
    first = client.chat_postMessage(channel=ada.dm, text="first", thread_ts=parent)["ts"]
    second = client.chat_postMessage(channel=ada.dm, text="second", thread_ts=first)
    assert second["message"]["thread_ts"] == parent
    assert ada.wait_for_text("second").thread_ts == parent


def test_a_permalink_names_channel_and_message(client: WebClient, ada: SimulatedUser) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="x")
    link = client.chat_getPermalink(channel=ada.dm, message_ts=posted["ts"])["permalink"]
    assert link.endswith(f"/archives/{ada.dm}/p{posted['ts'].replace('.', '')}")


def test_nothing_is_posted_in_an_archived_channel(
    sandbox: Sandbox, ada: SimulatedUser, refusal: Refusal
) -> None:
    room = sandbox.add_channel("over", members=[ada])
    sandbox.archive_channel(room)
    assert refusal("chat.postMessage", channel=room.id, text="x")["error"] == "is_archived"
    with pytest.raises(ActionRejectedError):
        ada.send_message("x", channel=room)


def test_an_attachment_is_kept_with_or_without_blocks(
    client: WebClient, ada: SimulatedUser
) -> None:
    given: list[Json] = [{"text": "old style"}, {"blocks": [{"type": "divider"}]}]
    posted = client.chat_postMessage(channel=ada.id, text="x", attachments=given)
    old, new = posted["message"]["attachments"]
    assert old == {"text": "old style"}
    assert new["blocks"][0]["block_id"]
    place = {"channel": ada.dm, "ts": posted["ts"]}
    kept = client.chat_update(**place, text="y")["message"]
    assert len(kept["attachments"]) == 2
    gone = client.chat_update(**place, text="z", attachments=[])["message"]
    assert "attachments" not in gone


def test_hand_written_forms_post_too(sandbox: Sandbox, ada: SimulatedUser) -> None:
    data = {"token": sandbox.bot_token, "channel": ada.id, "text": "by form"}
    answer = httpx.post(f"{sandbox.api_url}chat.postMessage", data=data, trust_env=False)
    assert answer.json()["ok"]
    ada.wait_for_text("by form")
