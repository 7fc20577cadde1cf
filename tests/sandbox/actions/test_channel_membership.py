"""Who comes into a channel and who goes, and how the app hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import ActionRejectedError, Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]


def events(sandbox: Sandbox, receiver: Receiver, kind: str, count: int = 1) -> list[Json]:
    """Return the events of this kind, once there are so many."""
    sandbox.wait_until(lambda: len(receiver.payloads(kind)) >= count)
    return [payload["event"] for payload in receiver.payloads(kind)]


def test_the_bot_is_invited_and_hears_of_itself_and_of_who_comes_then(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    room = sandbox.add_channel("labels", members=[ada], bot=False)
    bob = sandbox.add_user("bob")
    ada.invite_to_channel(room)
    ada.invite_to_channel(room, bob)
    bot, other = sorted(
        events(sandbox, receiver, "member_joined_channel", 2), key=lambda one: one["event_ts"]
    )
    assert (bot["user"], bot["inviter"]) == (sandbox.bot_user_id, ada.id)
    assert (other["user"], other["channel"], other["channel_type"]) == (bob.id, room.id, "C")
    members = client.conversations_members(channel=room.id)["members"]
    assert set(members) == {ada.id, bob.id, sandbox.bot_user_id}
    ada.invite_to_channel(room, bob)
    assert len(receiver.payloads("member_joined_channel")) == 2


def test_the_bot_is_removed_and_hears_that_only(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, refusal: Callable[..., Json]
) -> None:
    room = sandbox.add_channel("labels", members=[ada])
    ada.remove_from_channel(room)
    (left,) = events(sandbox, receiver, "channel_left")
    assert (left["channel"], left["actor_id"]) == (room.id, ada.id)
    assert events(sandbox, receiver, "member_left_channel")[0]["user"] == sandbox.bot_user_id
    ada.send_message("unheard", channel=room)
    assert refusal("chat.postMessage", channel=room.id, text="x")["error"] == "not_in_channel"
    assert receiver.payloads("message") == []


def test_somebody_leaves(sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver) -> None:
    room = sandbox.add_channel("labels", members=[ada])
    ada.remove_from_channel(room, ada)
    assert events(sandbox, receiver, "member_left_channel")[0]["user"] == ada.id
    with pytest.raises(ActionRejectedError):
        ada.remove_from_channel(room, ada)


def test_nobody_walks_into_a_private_channel(sandbox: Sandbox, ada: SimulatedUser) -> None:
    bob = sandbox.add_user("bob")
    room = sandbox.add_channel("secret", members=[ada], private=True)
    with pytest.raises(ActionRejectedError, match="invited"):
        bob.join_channel(room)
    with pytest.raises(ActionRejectedError, match="not in this channel"):
        bob.invite_to_channel(room)
    ada.invite_to_channel(room, bob)
    bob.send_message("here I am", channel=room)


def test_private_channels_take_a_scope_of_their_own(
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
    told = [one.request for one in sandbox.traffic if one.kind == "member_joined_channel"]
    assert {one["event"]["channel"] for one in told if isinstance(one, dict)} == {public.id}


def test_nobody_comes_or_goes_where_all_is_over(sandbox: Sandbox, ada: SimulatedUser) -> None:
    room = sandbox.add_channel("old", members=[ada])
    sandbox.archive_channel(room)
    with pytest.raises(ActionRejectedError):
        ada.invite_to_channel(room)


def test_a_group_changes_and_the_app_hears_who_came_and_went(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    bob = sandbox.add_user("bob")
    group = sandbox.add_usergroup([ada], handle="raters")
    sandbox.set_usergroup_members(group, [bob])
    (changed,) = events(sandbox, receiver, "subteam_members_changed")
    assert (changed["added_users"], changed["removed_users"]) == ([bob.id], [ada.id])
    (updated,) = events(sandbox, receiver, "subteam_updated")
    assert (updated["subteam"]["handle"], updated["subteam"]["users"]) == ("raters", [bob.id])
