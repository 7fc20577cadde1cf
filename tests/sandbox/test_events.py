"""Events: their payloads, subscriptions and rate limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import ActionRejectedError, MessageSnapshot, RateLimit, Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]


@pytest.fixture
def wait_for_events(sandbox: Sandbox, receiver: Receiver) -> Callable[..., list[Json]]:
    """Return a function that waits for `count` events of a type and returns them by their time.

    Over HTTP, events are delivered at the same time and may arrive in another order than they
    happened.
    """

    def wait(kind: str, count: int = 1) -> list[Json]:
        sandbox.wait_until(lambda: len(receiver.payloads(kind)) >= count)
        events = [payload["event"] for payload in receiver.payloads(kind)]
        return sorted(events, key=lambda event: float(event["event_ts"]))

    return wait


def test_event_payload_has_the_callback_fields(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    ada.open_messages()
    sandbox.wait_until(lambda: receiver.deliveries)
    payload = receiver.deliveries[0].payload
    assert payload["type"] == "event_callback"
    assert payload["team_id"] == payload["context_team_id"] == sandbox.team_id
    assert payload["api_app_id"] == sandbox.app_id
    assert payload["event_id"].startswith("Ev")
    assert abs(payload["event_time"] - sandbox.clock.now().timestamp()) < 5
    authorization = {
        "enterprise_id": None,
        "team_id": sandbox.team_id,
        "user_id": sandbox.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    assert payload["authorizations"] == [authorization]
    assert payload["event"]["event_ts"]


def test_typed_message_is_escaped_and_has_rich_text(
    ada: SimulatedUser, wait_for_events: Callable[..., list[Json]]
) -> None:
    ada.send_message("is a < b & c? see https://example.com/?a=1&b=2 or ask bob@example.com")
    (event,) = wait_for_events("message")
    assert event["text"] == (
        "is a &lt; b &amp; c? see <https://example.com/?a=1&amp;b=2> "
        "or ask <mailto:bob@example.com|bob@example.com>"
    )
    assert (event["channel"], event["channel_type"], event["user"]) == (ada.dm, "im", ada.id)
    assert event["client_msg_id"]
    assert "bot_id" not in event
    leaves = event["blocks"][0]["elements"][0]["elements"]
    assert [leaf["type"] for leaf in leaves] == ["text", "link", "text", "link"]
    assert leaves[0]["text"] == "is a < b & c? see "
    assert leaves[1]["url"] == "https://example.com/?a=1&b=2"


def test_apps_own_messages_are_events_with_its_bot_id(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    wait_for_events: Callable[..., list[Json]],
) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="mine")
    client.chat_update(channel=ada.dm, ts=posted["ts"], text="changed")
    client.chat_delete(channel=ada.dm, ts=posted["ts"])
    new, changed, deleted = wait_for_events("message", 3)
    assert (new["bot_id"], new["app_id"]) == (sandbox.bot_id, sandbox.app_id)
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("mine", "changed")
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", posted["ts"])


def test_ephemeral_messages_send_no_events(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    client.chat_postEphemeral(channel=ada.dm, user=ada.id, text="private")
    ada.send_message("public")
    sandbox.wait_until(lambda: receiver.deliveries)
    assert [payload["event"]["text"] for payload in receiver.payloads("message")] == ["public"]


def test_shared_file_is_an_event_with_a_private_link(
    sandbox: Sandbox, ada: SimulatedUser, wait_for_events: Callable[..., list[Json]]
) -> None:
    parent = ada.send_message("here it comes")
    assert isinstance(parent, MessageSnapshot)
    ada.upload_file("answer.txt", b"ideal", text="the answer", thread=parent)
    event = wait_for_events("message", 2)[-1]
    assert (event["subtype"], event["text"]) == ("file_share", "the answer")
    assert event["thread_ts"] == parent.ts
    file = event["files"][0]
    assert file["url_private"].startswith(sandbox.url)
    assert (file["name"], file["mimetype"], file["size"]) == ("answer.txt", "text/plain", 5)
    assert wait_for_events("file_shared")[0]["file_id"] == file["id"]


def test_app_home_opened_has_the_view_once_published(
    client: WebClient, ada: SimulatedUser, wait_for_events: Callable[..., list[Json]]
) -> None:
    ada.open_home()
    assert "view" not in wait_for_events("app_home_opened")[0]
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": [{"type": "divider"}]})
    ada.open_home()
    ada.open_messages()
    first, second, third = wait_for_events("app_home_opened", 3)
    assert (first["tab"], second["tab"], third["tab"]) == ("home", "home", "messages")
    assert second["view"]["type"] == "home"
    assert "view" not in third
    assert second["channel"] == ada.dm


def test_joins_and_reactions_send_events(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    wait_for_events: Callable[..., list[Json]],
) -> None:
    channel = sandbox.add_channel("labels")
    ada.join_channel(channel)
    assert wait_for_events("member_joined_channel")[0]["channel"] == channel.id
    client.chat_postMessage(channel=channel.id, text="news")
    ada.add_reaction("eyes", ada.wait_for_text("news"))
    reaction = wait_for_events("reaction_added")[0]
    assert (reaction["reaction"], reaction["item_user"]) == ("eyes", sandbox.bot_user_id)
    with pytest.raises(ActionRejectedError, match="already added"):
        ada.add_reaction("eyes", ada.wait_for_text("news"))
    ada.remove_reaction("eyes", ada.wait_for_text("news"))
    assert wait_for_events("reaction_removed")[0]["reaction"] == "eyes"
    with pytest.raises(ActionRejectedError, match="not added"):
        ada.remove_reaction("eyes", ada.wait_for_text("news"))
    kim = sandbox.join_user("kim")
    assert wait_for_events("team_join")[0]["user"]["id"] == kim.id


def test_edits_and_deletions_send_events(
    ada: SimulatedUser, wait_for_events: Callable[..., list[Json]]
) -> None:
    message = ada.send_message("frist")
    assert isinstance(message, MessageSnapshot)
    ada.edit_message(message, "first")
    ada.wait_for_text("first")
    ada.delete_message(message)
    ada.wait_until_gone("first")
    subtypes = [event.get("subtype") for event in wait_for_events("message", 3)]
    assert subtypes == [None, "message_changed", "message_deleted"]


def test_unsubscribed_events_are_not_sent(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["settings"]["event_subscriptions"]["bot_events"] = ["app_home_opened"]
    sandbox = open_sandbox(manifest=manifest)
    sandbox.use_http_delivery("http://127.0.0.1:1/")
    ada = sandbox.add_user("ada")
    ada.send_message("hello")
    ada.open_home()
    sandbox.wait_until(lambda: sandbox.request_counts["app_home_opened"])
    assert sandbox.request_counts["message"] == 0


def test_excess_events_are_dropped_with_one_notice_a_minute(
    open_sandbox: Callable[..., Sandbox],
) -> None:
    limits = {"events": RateLimit(2, 3600), "app_rate_limited": RateLimit(1)}
    sandbox = open_sandbox(limits=limits)
    ada = sandbox.add_user("ada")
    for number in range(5):
        ada.send_message(str(number))
    sandbox.wait_until(lambda: sandbox.request_counts["app_rate_limited"])
    events = [record.request for record in sandbox.traffic if record.kind == "message"]
    assert len({event["event_id"] for event in events if isinstance(event, dict)}) == 2
    (notice,) = [record.request for record in sandbox.traffic if record.kind == "app_rate_limited"]
    assert isinstance(notice, dict)
    assert (notice["type"], notice["minute_rate_limited"] % 60) == ("app_rate_limited", 0)


def test_mention_in_a_channel_sends_app_mention(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    wait_for_events: Callable[..., list[Json]],
) -> None:
    channel = sandbox.add_channel("labels", members=[ada])
    ada.send_message("@example please", channel=channel)
    ada.send_message("@example here too")
    client.chat_postMessage(channel=channel.id, text=f"<@{sandbox.bot_user_id}> is me")
    wait_for_events("message", 3)
    (mention,) = wait_for_events("app_mention")
    assert mention["text"] == f"<@{sandbox.bot_user_id}> please"
    assert (mention["channel"], mention["user"]) == (channel.id, ada.id)
    assert ada.wait_for_text("@Example please")


def test_channel_messages_are_sent_only_where_the_bot_is(
    sandbox: Sandbox, ada: SimulatedUser, wait_for_events: Callable[..., list[Json]]
) -> None:
    inside = sandbox.add_channel("inside", members=[ada])
    outside = sandbox.add_channel("outside", members=[ada], bot=False)
    ada.send_message("not sent", channel=outside)
    ada.send_message("sent", channel=inside)
    (event,) = wait_for_events("message")
    assert (event["text"], event["channel_type"]) == ("sent", "channel")
