"""users.*, dnd.* and usergroups.*."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient

from bot.sandbox import Person, Sandbox

Json = dict[str, Any]
Refusal = Callable[..., Json]


def test_a_person_is_told_with_her_time_zone(sandbox: Sandbox, client: WebClient) -> None:
    kim = sandbox.person("kim", real_name="Kim", tz="Asia/Tokyo", admin=True)
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
    ada = sandbox.person("ada")
    assert "email" not in client.users_info(user=ada.id)["user"]["profile"]


def test_people_are_found_by_address(client: WebClient, ada: Person, refusal: Refusal) -> None:
    found = client.users_lookupByEmail(email="ADA@example.com")["user"]
    assert found["id"] == ada.id
    unknown = refusal("users.lookupByEmail", email="nobody@example.com")
    assert unknown["error"] == "users_not_found"
    ada.leaves()
    left = refusal("users.lookupByEmail", email="ada@example.com")
    assert left["error"] == "users_not_found"


def test_everybody_is_listed_the_bot_and_slackbot_too(
    sandbox: Sandbox, client: WebClient, ada: Person, refusal: Refusal
) -> None:
    members = [user["id"] for page in client.users_list(limit=2) for user in page["members"]]
    assert set(members) == {ada.id, sandbox.bot_user_id, "USLACKBOT"}
    assert refusal("users.info", user="U404")["error"] == "user_not_found"


def test_a_status_is_in_the_profile(client: WebClient, ada: Person) -> None:
    ada.status("On leave", emoji=":palm_tree:")
    profile = client.users_info(user=ada.id)["user"]["profile"]
    assert (profile["status_text"], profile["status_emoji"]) == ("On leave", ":palm_tree:")


def test_a_snooze_lasts_until_it_ends(sandbox: Sandbox, client: WebClient, ada: Person) -> None:
    assert client.dnd_info(user=ada.id)["snooze_enabled"] is False
    until = sandbox.clock.now() + timedelta(hours=1)
    ada.snoozes(until)
    answer = client.dnd_info(user=ada.id)
    assert (answer["snooze_enabled"], answer["snooze_endtime"]) == (True, int(until.timestamp()))
    sandbox.clock.turn(timedelta(hours=1))
    assert client.dnd_info(user=ada.id)["snooze_enabled"] is False


def test_a_user_group_leaves_out_who_left(
    sandbox: Sandbox, client: WebClient, ada: Person, refusal: Refusal
) -> None:
    bob = sandbox.person("bob")
    group = sandbox.usergroup([ada, bob])
    bob.leaves()
    assert client.usergroups_users_list(usergroup=group)["users"] == [ada.id]
    everybody = client.usergroups_users_list(usergroup=group, include_disabled=True)["users"]
    assert everybody == [ada.id, bob.id]
    assert refusal("usergroups.users.list", usergroup="S404")["error"] == "no_such_subteam"


def test_the_team_is_told(sandbox: Sandbox, client: WebClient, refusal: Refusal) -> None:
    assert client.team_info()["team"]["id"] == sandbox.team_id
    assert refusal("team.info", team="T404")["error"] == "team_not_found"


def test_the_api_can_be_tested(client: WebClient, refusal: Refusal) -> None:
    assert client.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert refusal("api.test", error="my_error")["error"] == "my_error"
