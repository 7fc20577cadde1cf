"""Channel and user group membership, and its events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import ActionRejectedError, Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]


def wait_for_events(sandbox: Sandbox, receiver: Receiver, kind: str, count: int = 1) -> list[Json]:
    """Wait until the app has received `count` events of a type, and return them."""
    sandbox.wait_until(lambda: len(receiver.payloads(kind)) >= count)
    return [payload["event"] for payload in receiver.payloads(kind)]


def test_invited_bot_receives_its_own_join_and_later_ones(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    channel = sandbox.add_channel("labels", members=[ada], bot=False)
    bob = sandbox.add_user("bob")
    ada.invite_to_channel(channel)
    ada.invite_to_channel(channel, bob)
    bot, other = sorted(
        wait_for_events(sandbox, receiver, "member_joined_channel", 2),
        key=lambda event: event["event_ts"],
    )
    assert (bot["user"], bot["inviter"]) == (sandbox.bot_user_id, ada.id)
    assert (other["user"], other["channel"], other["channel_type"]) == (bob.id, channel.id, "C")
    members = client.conversations_members(channel=channel.id)["members"]
    assert set(members) == {ada.id, bob.id, sandbox.bot_user_id}
    ada.invite_to_channel(channel, bob)
    assert len(receiver.payloads("member_joined_channel")) == 2


def test_removed_bot_receives_only_its_own_removal(
    sandbox: Sandbox,
    ada: SimulatedUser,
    receiver: Receiver,
    call_expecting_error: Callable[..., Json],
) -> None:
    channel = sandbox.add_channel("labels", members=[ada])
    ada.remove_from_channel(channel)
    (left,) = wait_for_events(sandbox, receiver, "channel_left")
    assert (left["channel"], left["actor_id"]) == (channel.id, ada.id)
    assert (
        wait_for_events(sandbox, receiver, "member_left_channel")[0]["user"] == sandbox.bot_user_id
    )
    ada.send_message("not sent", channel=channel)
    response = call_expecting_error("chat.postMessage", channel=channel.id, text="x")
    assert response["error"] == "not_in_channel"
    assert receiver.payloads("message") == []


def test_user_leaves_a_channel(sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver) -> None:
    channel = sandbox.add_channel("labels", members=[ada])
    ada.remove_from_channel(channel, ada)
    assert wait_for_events(sandbox, receiver, "member_left_channel")[0]["user"] == ada.id
    with pytest.raises(ActionRejectedError):
        ada.remove_from_channel(channel, ada)


def test_private_channel_needs_an_invitation(sandbox: Sandbox, ada: SimulatedUser) -> None:
    bob = sandbox.add_user("bob")
    channel = sandbox.add_channel("secret", members=[ada], private=True)
    with pytest.raises(ActionRejectedError, match="invited"):
        bob.join_channel(channel)
    with pytest.raises(ActionRejectedError, match="not in this channel"):
        bob.invite_to_channel(channel)
    ada.invite_to_channel(channel, bob)
    bob.send_message("here I am", channel=channel)


def test_membership_events_of_private_channels_need_groups_read(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    sandbox = open_sandbox(manifest=manifest)
    sandbox.use_http_delivery("http://127.0.0.1:1/")
    ada = sandbox.add_user("ada")
    private = sandbox.add_channel("secret", members=[ada], private=True, bot=False)
    public = sandbox.add_channel("labels", members=[ada], bot=False)
    ada.invite_to_channel(private)
    ada.invite_to_channel(public)
    sandbox.wait_until(lambda: sandbox.request_counts["member_joined_channel"])
    payloads = [
        record.request for record in sandbox.traffic if record.kind == "member_joined_channel"
    ]
    channel_ids = {payload["event"]["channel"] for payload in payloads if isinstance(payload, dict)}
    assert channel_ids == {public.id}


def test_archived_channel_takes_no_members(sandbox: Sandbox, ada: SimulatedUser) -> None:
    channel = sandbox.add_channel("old", members=[ada])
    sandbox.archive_channel(channel)
    with pytest.raises(ActionRejectedError):
        ada.invite_to_channel(channel)


def test_usergroup_change_sends_added_and_removed_users(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    bob = sandbox.add_user("bob")
    group = sandbox.add_usergroup([ada], handle="raters")
    sandbox.set_usergroup_members(group, [bob])
    (changed,) = wait_for_events(sandbox, receiver, "subteam_members_changed")
    assert (changed["added_users"], changed["removed_users"]) == ([bob.id], [ada.id])
    (updated,) = wait_for_events(sandbox, receiver, "subteam_updated")
    assert (updated["subteam"]["handle"], updated["subteam"]["users"]) == ("raters", [bob.id])
