"""users.*, dnd.* and usergroups.*."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import httpx
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser

Json = dict[str, Any]
CallExpectingError = Callable[..., Json]
ErrorCode = Callable[..., str]


def test_user_info_has_time_zone_and_email(sandbox: Sandbox, client: WebClient) -> None:
    kim = sandbox.add_user("kim", real_name="Kim", tz="Asia/Tokyo", admin=True)
    user = client.users_info(user=kim.id)["user"]
    assert (user["tz"], user["tz_offset"], user["is_admin"]) == ("Asia/Tokyo", 32_400, True)
    assert (user["deleted"], user["is_bot"]) == (False, False)
    assert user["profile"]["email"] == "kim@example.com"


def test_profile_has_images_of_the_users_own_server(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    profile = client.users_info(user=ada.id)["user"]["profile"]
    assert profile["avatar_hash"]
    for size in (24, 32, 48, 72, 192, 512):
        url = profile[f"image_{size}"]
        assert url.startswith(sandbox.url)
        image = httpx.get(url, trust_env=False)
        assert image.headers["Content-Type"] == "image/png"
        assert struct.unpack(">II", image.content[16:24]) == (size, size)
    assert httpx.get(url.replace("512", "513"), trust_env=False).status_code == 404


def test_email_addresses_need_email_scope(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["oauth_config"]["scopes"]["bot"].remove("users:read.email")
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    ada = sandbox.add_user("ada")
    assert "email" not in client.users_info(user=ada.id)["user"]["profile"]


def test_users_are_found_by_email(
    client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    user = client.users_lookupByEmail(email="ADA@example.com")["user"]
    assert user["id"] == ada.id
    assert error_code("users.lookupByEmail", email="nobody@example.com") == "users_not_found"
    ada.deactivate()
    assert error_code("users.lookupByEmail", email="ada@example.com") == "users_not_found"


def test_user_list_includes_bot_and_slackbot(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    members = [user["id"] for page in client.users_list(limit=2) for user in page["members"]]
    assert set(members) == {ada.id, sandbox.bot_user_id, "USLACKBOT"}
    assert error_code("users.info", user="U404") == "user_not_found"


def test_profile_has_status(
    client: WebClient, ada: SimulatedUser, call_expecting_error: CallExpectingError
) -> None:
    ada.set_status("On leave", ":palm_tree:")
    profile = client.users_info(user=ada.id)["user"]["profile"]
    assert (profile["status_text"], profile["status_emoji"]) == ("On leave", ":palm_tree:")
    assert profile["status_expiration"] == 0
    assert call_expecting_error("users.profile.get", user=ada.id)["needed"] == "users.profile:read"


def test_profile_method_with_its_scope(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["oauth_config"]["scopes"]["bot"].append("users.profile:read")
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    ada = sandbox.add_user("ada", title="Expert")
    assert client.users_profile_get(user=ada.id)["profile"]["title"] == "Expert"
    assert client.users_profile_get()["profile"]["bot_id"] == sandbox.bot_id


def test_snooze_appears_as_dnd_period(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    no_dnd = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    assert client.dnd_info(user=ada.id).data == {"ok": True} | no_dnd
    until = sandbox.clock.now() + timedelta(hours=1)
    ada.snooze(until)
    response = client.dnd_info(user=ada.id)
    assert (response["dnd_enabled"], response["next_dnd_end_ts"]) == (True, int(until.timestamp()))
    assert response["next_dnd_start_ts"] <= sandbox.clock.now().timestamp()
    sandbox.clock.advance(timedelta(hours=1))
    assert client.dnd_info(user=ada.id)["dnd_enabled"] is False


def test_snooze_field_is_only_for_the_bot_itself(client: WebClient, ada: SimulatedUser) -> None:
    assert "snooze_enabled" not in client.dnd_info(user=ada.id).data
    assert client.dnd_info()["snooze_enabled"] is False


def test_dnd_team_info_covers_several_users(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    bob = sandbox.add_user("bob")
    ada.set_quiet_hours(time(22), time(7))
    users = client.dnd_teamInfo(users=[ada.id, bob.id, "U404"])["users"]
    assert {user_id: info["dnd_enabled"] for user_id, info in users.items()} == {
        ada.id: True,
        bob.id: False,
    }
    assert users[ada.id]["next_dnd_end_ts"] - users[ada.id]["next_dnd_start_ts"] == 9 * 3600
    ada.set_quiet_hours(None)
    assert client.dnd_info(user=ada.id)["dnd_enabled"] is False
    assert error_code("dnd.teamInfo") == "no_users_provided"


def test_usergroup_list_has_requested_fields(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    group = sandbox.add_usergroup([ada], handle="raters", name="Raters of jokes")
    (basic,) = client.usergroups_list()["usergroups"]
    assert (basic["id"], basic["handle"], basic["name"]) == (group, "raters", "Raters of jokes")
    assert not {"users", "user_count"} & basic.keys()
    (full,) = client.usergroups_list(include_users=True, include_count=True)["usergroups"]
    assert (full["users"], full["user_count"]) == ([ada.id], 1)


def test_usergroup_omits_deactivated_users(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    bob = sandbox.add_user("bob")
    group = sandbox.add_usergroup([ada, bob])
    bob.deactivate()
    assert client.usergroups_users_list(usergroup=group)["users"] == [ada.id]
    assert error_code("usergroups.users.list", usergroup="S404") == "no_such_subteam"


def test_disabled_usergroup_is_listed_on_request(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    group = sandbox.add_usergroup([ada])
    sandbox.disable_usergroup(group)
    assert client.usergroups_list()["usergroups"] == []
    (listed,) = client.usergroups_list(include_disabled=True)["usergroups"]
    assert listed["date_delete"] > 0
    assert error_code("usergroups.users.list", usergroup=group) == "no_such_subteam"
    members = client.usergroups_users_list(usergroup=group, include_disabled=True)
    assert members["users"] == [ada.id]


def test_team_info_rejects_other_teams(
    sandbox: Sandbox, client: WebClient, error_code: ErrorCode
) -> None:
    assert client.team_info()["team"]["id"] == sandbox.team_id
    assert error_code("team.info", team="T404") == "team_not_found"


def test_api_test_echoes_arguments(client: WebClient, error_code: ErrorCode) -> None:
    assert client.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert error_code("api.test", error="my_error") == "my_error"
