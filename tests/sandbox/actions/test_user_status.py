"""How people are, and how the app hears of it."""

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
CHANGES = ("user_change", "user_profile_changed", "user_status_changed")


def events(sandbox: Sandbox, receiver: Receiver, kind: str, count: int = 1) -> list[Json]:
    """Return the events of this kind, once there are so many."""
    sandbox.wait_until(lambda: len(receiver.payloads(kind)) >= count)
    return [payload["event"] for payload in receiver.payloads(kind)]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_status_is_told_to_whoever_subscribed(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, kind: str
) -> None:
    ada.set_status("On holiday", ":palm_tree:")
    (event,) = events(sandbox, receiver, kind)
    profile = event["user"]["profile"]
    assert (profile["status_text"], profile["status_emoji"]) == ("On holiday", ":palm_tree:")
    assert event["cache_ts"] == event["user"]["updated"]


def test_a_status_ends_when_it_was_to_end(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    until = sandbox.clock.now() + timedelta(hours=2)
    ada.set_status("At lunch", until=until)
    profile = client.users_info(user=ada.id)["user"]["profile"]
    assert profile["status_emoji"] == ":speech_balloon:"
    assert profile["status_expiration"] == int(until.timestamp())
    sandbox.clock.advance(timedelta(hours=2))
    last = events(sandbox, receiver, "user_status_changed", 2)[-1]
    assert last["user"]["profile"]["status_text"] == ""
    assert last["user"]["profile"]["status_expiration"] == 0


def test_a_later_status_outlives_the_end_of_an_earlier_one(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    ada.set_status("At lunch", until=sandbox.clock.now() + timedelta(hours=1))
    ada.set_status("On holiday")
    sandbox.clock.advance(timedelta(hours=2))
    assert client.users_info(user=ada.id)["user"]["profile"]["status_text"] == "On holiday"


def test_a_status_that_slack_would_not_take(sandbox: Sandbox, ada: SimulatedUser) -> None:
    with pytest.raises(ActionRejectedError, match="100"):
        ada.set_status("x" * 101)
    with pytest.raises(ActionRejectedError, match="over already"):
        ada.set_status("x", until=sandbox.clock.now())


def test_quiet_hours_and_snoozes_are_told_without_what_is_hers_alone(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    ada.set_quiet_hours(time(22), time(7))
    ada.snooze(sandbox.clock.now() + timedelta(hours=1))
    ada.snooze(None)
    told = events(sandbox, receiver, "dnd_updated_user", 3)
    assert [one["dnd_status"]["dnd_enabled"] for one in told] == [True, True, True]
    for one in told:
        assert set(one["dnd_status"]) == {"dnd_enabled", "next_dnd_start_ts", "next_dnd_end_ts"}
    last = max(told, key=lambda one: one["event_ts"])["dnd_status"]
    assert last["next_dnd_end_ts"] - last["next_dnd_start_ts"] == 9 * 3600


@pytest.mark.parametrize(
    ("event", "scope"),
    [("user_status_changed", "users:read"), ("dnd_updated_user", "dnd:read")],
)
def test_without_a_subscription_or_a_scope_nobody_hears_of_it(
    open_sandbox: Callable[..., Sandbox], manifest: Json, event: str, scope: str
) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]
    subscribed["bot_events"] = ["app_home_opened"]
    sandbox = open_sandbox(manifest=manifest)
    sandbox.use_http_delivery("http://127.0.0.1:1/")
    ada = sandbox.add_user("ada")
    ada.set_status("Away")
    ada.snooze(sandbox.clock.now() + timedelta(hours=1))
    ada.open_home()
    sandbox.wait_until(lambda: sandbox.request_counts["app_home_opened"])
    assert sandbox.request_counts[event] == 0
    subscribed["bot_events"] = [event]
    manifest["oauth_config"]["scopes"]["bot"].remove(scope)
    with pytest.raises(Exception, match=f"needs the scope {scope}"):
        open_sandbox(manifest=manifest)
