"""users.*, dnd.* and usergroups.*."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser

Json = dict[str, Any]
Refusal = Callable[..., Json]


def test_a_person_is_told_with_her_time_zone(sandbox: Sandbox, client: WebClient) -> None:
    kim = sandbox.add_user("kim", real_name="Kim", tz="Asia/Tokyo", admin=True)
    user = client.users_info(user=kim.id)["user"]
    assert (user["tz"], user["tz_offset"], user["is_admin"]) == ("Asia/Tokyo", 32_400, True)
    assert (user["deleted"], user["is_bot"]) == (False, False)
    assert user["profile"]["email"] == "kim@example.com"


def test_addresses_need_their_own_scope(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["oauth_config"]["scopes"]["bot"].remove("users:read.email")
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    ada = sandbox.add_user("ada")
    assert "email" not in client.users_info(user=ada.id)["user"]["profile"]


def test_people_are_found_by_address(
    client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    found = client.users_lookupByEmail(email="ADA@example.com")["user"]
    assert found["id"] == ada.id
    unknown = refusal("users.lookupByEmail", email="nobody@example.com")
    assert unknown["error"] == "users_not_found"
    ada.deactivate()
    left = refusal("users.lookupByEmail", email="ada@example.com")
    assert left["error"] == "users_not_found"


def test_everybody_is_listed_the_bot_and_slackbot_too(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    members = [user["id"] for page in client.users_list(limit=2) for user in page["members"]]
    assert set(members) == {ada.id, sandbox.bot_user_id, "USLACKBOT"}
    assert refusal("users.info", user="U404")["error"] == "user_not_found"


def test_a_status_is_in_the_profile(
    client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    ada.set_status("On leave", ":palm_tree:")
    profile = client.users_info(user=ada.id)["user"]["profile"]
    assert (profile["status_text"], profile["status_emoji"]) == ("On leave", ":palm_tree:")
    assert profile["status_expiration"] == 0
    assert refusal("users.profile.get", user=ada.id)["needed"] == "users.profile:read"


def test_a_profile_alone_needs_its_own_scope(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["oauth_config"]["scopes"]["bot"].append("users.profile:read")
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    ada = sandbox.add_user("ada", title="Expert")
    assert client.users_profile_get(user=ada.id)["profile"]["title"] == "Expert"
    assert client.users_profile_get()["profile"]["bot_id"] == sandbox.bot_id


def test_a_snooze_is_told_as_when_it_begins_and_ends(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    never = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    assert client.dnd_info(user=ada.id).data == {"ok": True} | never
    until = sandbox.clock.now() + timedelta(hours=1)
    ada.snooze(until)
    answer = client.dnd_info(user=ada.id)
    assert (answer["dnd_enabled"], answer["next_dnd_end_ts"]) == (True, int(until.timestamp()))
    assert answer["next_dnd_start_ts"] <= sandbox.clock.now().timestamp()
    sandbox.clock.advance(timedelta(hours=1))
    assert client.dnd_info(user=ada.id)["dnd_enabled"] is False


def test_only_the_bot_itself_is_told_of_its_snooze(client: WebClient, ada: SimulatedUser) -> None:
    assert "snooze_enabled" not in client.dnd_info(user=ada.id).data
    assert client.dnd_info()["snooze_enabled"] is False


def test_quiet_hours_are_told_of_many_at_once(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    bob = sandbox.add_user("bob")
    ada.set_quiet_hours(time(22), time(7))
    told = client.dnd_teamInfo(users=[ada.id, bob.id, "U404"])["users"]
    assert {one: info["dnd_enabled"] for one, info in told.items()} == {ada.id: True, bob.id: False}
    assert told[ada.id]["next_dnd_end_ts"] - told[ada.id]["next_dnd_start_ts"] == 9 * 3600
    ada.set_quiet_hours(None)
    assert client.dnd_info(user=ada.id)["dnd_enabled"] is False
    assert refusal("dnd.teamInfo")["error"] == "no_users_provided"


def test_user_groups_are_listed_with_what_is_asked_for(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    group = sandbox.add_usergroup([ada], handle="raters", name="Raters of jokes")
    (bare,) = client.usergroups_list()["usergroups"]
    assert (bare["id"], bare["handle"], bare["name"]) == (group, "raters", "Raters of jokes")
    assert not {"users", "user_count"} & bare.keys()
    (full,) = client.usergroups_list(include_users=True, include_count=True)["usergroups"]
    assert (full["users"], full["user_count"]) == ([ada.id], 1)


def test_a_user_group_leaves_out_who_left_the_workspace(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    bob = sandbox.add_user("bob")
    group = sandbox.add_usergroup([ada, bob])
    bob.deactivate()
    assert client.usergroups_users_list(usergroup=group)["users"] == [ada.id]
    assert refusal("usergroups.users.list", usergroup="S404")["error"] == "no_such_subteam"


def test_a_disabled_user_group_is_shown_on_request(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    group = sandbox.add_usergroup([ada])
    sandbox.disable_usergroup(group)
    assert client.usergroups_list()["usergroups"] == []
    (listed,) = client.usergroups_list(include_disabled=True)["usergroups"]
    assert listed["date_delete"] > 0
    assert refusal("usergroups.users.list", usergroup=group)["error"] == "no_such_subteam"
    shown = client.usergroups_users_list(usergroup=group, include_disabled=True)
    assert shown["users"] == [ada.id]


def test_the_team_is_told(sandbox: Sandbox, client: WebClient, refusal: Refusal) -> None:
    assert client.team_info()["team"]["id"] == sandbox.team_id
    assert refusal("team.info", team="T404")["error"] == "team_not_found"


def test_the_api_can_be_tested(client: WebClient, refusal: Refusal) -> None:
    assert client.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert refusal("api.test", error="my_error")["error"] == "my_error"
