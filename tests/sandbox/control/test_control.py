"""The control API, and its protection from other sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from tests.sandbox.receiver import Receiver

Json = dict[str, Any]
BuildBlocks = Callable[..., list[Json]]


def post(
    http: httpx.Client, action: str, arguments: Mapping[str, object], expected: int = 200
) -> Json:
    """Call the control API and return its response."""
    response = http.post(f"/control/{action}", json=dict(arguments))
    assert response.status_code == expected, response.text
    body: Json = response.json()
    assert body["ok"] is (expected == 200)
    return body


def get_workspace(http: httpx.Client) -> Json:
    """Return the workspace from the control API."""
    workspace: Json = http.get("/control/workspace").json()
    return workspace


def test_users_and_channels_are_created(http: httpx.Client) -> None:
    ada = post(
        http, "users", {"name": "ada", "real_name": "Ada", "tz": "Asia/Tokyo", "title": "Expert"}
    )
    channel = post(http, "channels", {"name": "#general", "members": ["ada"]})
    workspace = get_workspace(http)
    assert workspace["users"][0]["id"] == ada["id"]
    assert workspace["users"][0]["title"] == "Expert"
    assert workspace["channels"][-1]["id"] == channel["id"]
    assert workspace["settings"]["SLACK_BOT_TOKEN"].startswith("xoxb-")


def test_status_and_dnd_are_set(http: httpx.Client, sandbox: Sandbox, ada: SimulatedUser) -> None:
    status = {"text": "On holiday", "emoji": ":palm_tree:", "minutes": 60}
    post(http, "set_status", {"as": "ada", **status})
    post(http, "set_quiet_hours", {"as": "ada", "from": "22:00", "to": "07:00"})
    post(http, "snooze", {"as": "ada", "minutes": 30})
    (user,) = get_workspace(http)["users"]
    assert (user["status"]["text"], user["status"]["emoji"]) == ("On holiday", ":palm_tree:")
    assert 3500 < user["status"]["until"] - sandbox.clock.now().timestamp() <= 3600
    assert user["dnd"]["next_dnd_end_ts"] > sandbox.clock.now().timestamp()
    post(http, "set_quiet_hours", {"as": ada.id})
    post(http, "snooze", {"as": ada.id})
    (user,) = get_workspace(http)["users"]
    assert user["dnd"]["dnd_enabled"] is False
    error = post(http, "set_quiet_hours", {"as": "ada", "from": "ten", "to": "07:00"}, 400)
    assert "22:00" in error["message"]


def test_channel_and_usergroup_members_are_changed(
    http: httpx.Client, sandbox: Sandbox, ada: SimulatedUser
) -> None:
    bob = sandbox.add_user("bob")
    sandbox.add_channel("labels", members=[ada], bot=False)
    post(http, "invite_to_channel", {"as": "ada", "channel": "labels"})
    post(http, "invite_to_channel", {"as": "ada", "channel": "labels", "users": ["bob"]})
    members = get_workspace(http)["channels"][-1]["members"]
    assert set(members) == {ada.id, bob.id, sandbox.bot_user_id}
    post(http, "remove_from_channel", {"as": "ada", "channel": "labels"})
    assert sandbox.bot_user_id not in get_workspace(http)["channels"][-1]["members"]
    group = post(http, "usergroups", {"handle": "raters", "members": ["ada"]})["id"]
    post(http, "usergroups", {"id": group, "members": ["ada", "bob"]})
    (usergroup,) = get_workspace(http)["usergroups"]
    assert (usergroup["handle"], usergroup["members"]) == ("raters", [ada.id, bob.id])
    post(http, "usergroups", {"id": group, "disable": True})
    post(http, "usergroups", {"id": "S404"}, 400)


def test_reaction_is_added_and_removed(
    http: httpx.Client, client: WebClient, ada: SimulatedUser
) -> None:
    ts = client.chat_postMessage(channel=ada.id, text="news")["ts"]
    post(http, "react", {"as": "ada", "message_ts": ts, "name": "eyes"})
    post(http, "react", {"as": "ada", "message_ts": ts, "name": "eyes"}, 422)
    post(http, "react", {"as": "ada", "message_ts": ts, "name": "eyes", "remove": True})
    latest = ada.latest
    assert latest is not None
    assert "reactions" not in latest.raw


def test_clicks_and_messages_reach_the_app(
    http: httpx.Client,
    receiver: Receiver,
    client: WebClient,
    ada: SimulatedUser,
    make_question_blocks: BuildBlocks,
) -> None:
    client.chat_postMessage(channel=ada.id, text="q", blocks=make_question_blocks())
    screen = http.get("/control/screen", params={"as": "ada"}).json()
    button = screen["messages"][-1]["buttons"][0]
    result = post(http, "click", {"as": "ada", "text": button})
    assert result["payload"]["type"] == "block_actions"
    assert receiver.payloads("block_actions")[0]["actions"] == result["payload"]["actions"]
    post(http, "send_message", {"as": "ada", "text": "hello"})
    screen = http.get("/control/screen", params={"as": "ada"}).json()
    assert screen["messages"][-1]["text"] == "hello"


def test_element_can_be_addressed(
    http: httpx.Client,
    receiver: Receiver,
    client: WebClient,
    ada: SimulatedUser,
    make_question_blocks: BuildBlocks,
) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="q", blocks=make_question_blocks())
    message = posted["message"]
    block = next(block for block in message["blocks"] if block["type"] == "actions")
    element = {"message_ts": message["ts"], "block_id": block["block_id"]}
    element["action_id"] = block["elements"][-1]["action_id"]
    result = post(http, "click", {"as": "ada", "element": element})
    assert result["payload"]["actions"][0]["action_id"] == element["action_id"]
    assert len(receiver.payloads("block_actions")) == 1


def test_modal_is_submitted_after_client_errors(
    http: httpx.Client,
    client: WebClient,
    ada: SimulatedUser,
    new_trigger_id: Callable[[], str],
    form_modal: Json,
) -> None:
    client.views_open(trigger_id=new_trigger_id(), view=form_modal)
    error = post(http, "submit_modal", {"as": "ada"}, 422)
    assert error["error"] == "rejected"
    assert ada.modal is not None
    assert list(ada.modal.errors.values()) == ["Please complete this required field."]
    result = post(http, "submit_modal", {"as": "ada", "entries": {"your_reason": "because"}})
    values = result["payload"]["view"]["state"]["values"]
    assert values["reason"]["text"]["value"] == "because"
    assert result["modals"] == []


def test_clock_is_advanced(http: httpx.Client, sandbox: Sandbox, ada: SimulatedUser) -> None:
    before = sandbox.clock.now()
    post(http, "clock", {"hours": 1, "minutes": 30})
    assert 5399 < (sandbox.clock.now() - before).total_seconds() < 5500
    now = post(http, "clock", {"as": ada.name, "next": "monday"})["now"]
    assert "T09:00" in now or "T08:00" in now
    assert post(http, "clock", {"next": "never"}, 400)["message"].startswith("next must be one of")
    assert post(http, "clock", {"hours": -1}, 400)["message"] == "the clock cannot go backwards"


def test_faults_are_added_and_cleared(http: httpx.Client, client: WebClient) -> None:
    post(http, "faults", {"kind": "fail", "status": 503})
    assert http.post("/api/auth.test").status_code == 503
    post(http, "faults", {"kind": "fail", "clear": True})
    assert client.auth_test()["ok"]
    faults = post(http, "faults", {"kind": "lost_ack", "times": 2})["faults"]
    assert faults == [{"kind": "lost_ack", "method": "acks", "times": 2}]
    assert post(http, "faults", {"clear": True})["faults"] == []


def test_rate_limits_are_set(http: httpx.Client, client: WebClient) -> None:
    post(http, "rate_limits", {"rate_limits": {"auth.test": [1, 60]}})
    assert client.auth_test()["ok"]
    assert http.post("/api/auth.test", headers=_token(client)).status_code == 429
    post(http, "rate_limits", {"rate_limits": "none"})
    assert http.post("/api/auth.test", headers=_token(client)).status_code == 200
    post(http, "rate_limits", {"rate_limits": {"auth.test": "often"}}, 400)


def _token(client: WebClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.token}"}


def test_traffic_is_filtered_and_paged(
    http: httpx.Client, client: WebClient, ada: SimulatedUser
) -> None:
    client.auth_test()
    http.post("/api/chat.update", headers=_token(client))
    traffic = http.get("/control/traffic", params={"problems": "1"}).json()
    assert [record["kind"] for record in traffic["records"]] == ["chat.update"]
    later = http.get("/control/traffic", params={"after": traffic["total"]}).json()
    assert later["records"] == []
    assert ada.name == "ada"


def test_uploaded_file_is_stored_unchanged(http: httpx.Client, ada: SimulatedUser) -> None:
    query = {"as": "ada", "name": "a.txt", "text": "look"}
    response = http.post("/control/upload_file", params=query, content=b"bytes")
    assert response.json()["message"]["files"][0]["name"] == "a.txt"
    latest = ada.latest
    assert latest is not None
    downloaded = http.get(f"/page/files/{latest.files[0]['id']}", params={"as": ada.id})
    assert downloaded.content == b"bytes"
    assert downloaded.headers["content-disposition"] == 'attachment; filename="a.txt"'
    assert http.get(f"/page/files/{latest.files[0]['id']}").status_code == 404


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ({"Origin": "https://evil.example"}, "/control/users"),
        ({"Origin": "null"}, "/control/users"),
        ({"Host": "evil.example"}, "/control/users"),
        ({"Sec-Fetch-Site": "cross-site"}, "/control/users"),
        ({"Sec-Fetch-Site": "same-site"}, "/gallery/control/click"),
    ],
)
def test_other_sites_are_rejected(http: httpx.Client, headers: dict[str, str], path: str) -> None:
    response = http.post(path, json={"name": "eve"}, headers=headers)
    assert response.status_code == 403
    assert get_workspace(http)["users"] == []


@pytest.mark.parametrize("path", ["/", "/gallery", "/traffic", "/control/workspace", "/page/live"])
def test_other_host_names_are_rejected(http: httpx.Client, path: str) -> None:
    response = http.get(path, headers={"Host": "rebound.example"})
    assert response.status_code == 403
    assert "xoxb" not in response.text


def test_form_body_is_rejected(http: httpx.Client) -> None:
    assert http.post("/control/users", data={"name": "eve"}).status_code == 400


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("click", {}),
        ("click", {"as": "nobody", "text": "x"}),
        ("click", {"as": "ada", "element": {"message_ts": "1"}}),
        ("choose", {"as": "ada", "label": "x"}),
        ("send_message", {"as": "ada", "text": "x", "channel": "nowhere"}),
        ("open_tab", {"as": "ada", "tab": "settings"}),
        ("users", {"name": "eve", "tz": "Mars/Olympus"}),
        ("faults", {"kind": "flood"}),
        ("wait_for_text", {"as": "ada", "text": "x", "within": "soon"}),
    ],
)
def test_bad_request_is_explained(
    http: httpx.Client, ada: SimulatedUser, action: str, arguments: dict[str, object]
) -> None:
    del ada
    assert post(http, action, arguments, 400)["message"]


def test_missing_element_is_not_visible(http: httpx.Client, ada: SimulatedUser) -> None:
    del ada
    error = post(http, "click", {"as": "ada", "text": "Nothing", "within": 0}, 404)
    assert error["error"] == "not_visible"
