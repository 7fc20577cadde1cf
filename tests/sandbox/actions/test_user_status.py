"""Status and Do Not Disturb, and their events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import ActionRejectedError, Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]
STATUS_EVENTS = ("user_change", "user_profile_changed", "user_status_changed")


def wait_for_events(sandbox: Sandbox, receiver: Receiver, kind: str, count: int = 1) -> list[Json]:
    """Wait until the app has received `count` events of a type, and return them."""
    sandbox.wait_until(lambda: len(receiver.payloads(kind)) >= count)
    return [payload["event"] for payload in receiver.payloads(kind)]


@pytest.mark.parametrize("kind", STATUS_EVENTS)
def test_status_change_sends_subscribed_events(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, kind: str
) -> None:
    ada.set_status("On holiday", ":palm_tree:")
    (event,) = wait_for_events(sandbox, receiver, kind)
    profile = event["user"]["profile"]
    assert (profile["status_text"], profile["status_emoji"]) == ("On holiday", ":palm_tree:")
    assert event["cache_ts"] == event["user"]["updated"]


def test_status_expires_at_its_end(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    until = sandbox.clock.now() + timedelta(hours=2)
    ada.set_status("At lunch", until=until)
    profile = client.users_info(user=ada.id)["user"]["profile"]
    assert profile["status_emoji"] == ":speech_balloon:"
    assert profile["status_expiration"] == int(until.timestamp())
    sandbox.clock.advance(timedelta(hours=2))
    last = wait_for_events(sandbox, receiver, "user_status_changed", 2)[-1]
    assert last["user"]["profile"]["status_text"] == ""
    assert last["user"]["profile"]["status_expiration"] == 0


def test_expiry_of_an_earlier_status_keeps_a_later_one(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    ada.set_status("At lunch", until=sandbox.clock.now() + timedelta(hours=1))
    ada.set_status("On holiday")
    sandbox.clock.advance(timedelta(hours=2))
    assert client.users_info(user=ada.id)["user"]["profile"]["status_text"] == "On holiday"


def test_invalid_status_is_rejected(sandbox: Sandbox, ada: SimulatedUser) -> None:
    with pytest.raises(ActionRejectedError, match="100"):
        ada.set_status("x" * 101)
    with pytest.raises(ActionRejectedError, match="in the past"):
        ada.set_status("x", until=sandbox.clock.now())


def test_dnd_events_have_only_the_public_fields(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    ada.set_quiet_hours(time(22), time(7))
    ada.snooze(sandbox.clock.now() + timedelta(hours=1))
    ada.snooze(None)
    received = wait_for_events(sandbox, receiver, "dnd_updated_user", 3)
    assert [event["dnd_status"]["dnd_enabled"] for event in received] == [True, True, True]
    for event in received:
        assert set(event["dnd_status"]) == {"dnd_enabled", "next_dnd_start_ts", "next_dnd_end_ts"}
    last = max(received, key=lambda event: event["event_ts"])["dnd_status"]
    assert last["next_dnd_end_ts"] - last["next_dnd_start_ts"] == 9 * 3600


@pytest.mark.parametrize(
    ("event", "scope"),
    [("user_status_changed", "users:read"), ("dnd_updated_user", "dnd:read")],
)
def test_events_need_a_subscription_and_a_scope(
    open_sandbox: Callable[..., Sandbox], manifest: Json, event: str, scope: str
) -> None:
    subscriptions = manifest["settings"]["event_subscriptions"]
    subscriptions["bot_events"] = ["app_home_opened"]
    sandbox = open_sandbox(manifest=manifest)
    sandbox.use_http_delivery("http://127.0.0.1:1/")
    ada = sandbox.add_user("ada")
    ada.set_status("Away")
    ada.snooze(sandbox.clock.now() + timedelta(hours=1))
    ada.open_home()
    sandbox.wait_until(lambda: sandbox.request_counts["app_home_opened"])
    assert sandbox.request_counts[event] == 0
    subscriptions["bot_events"] = [event]
    manifest["oauth_config"]["scopes"]["bot"].remove(scope)
    with pytest.raises(Exception, match=f"needs the scope {scope}"):
        open_sandbox(manifest=manifest)
