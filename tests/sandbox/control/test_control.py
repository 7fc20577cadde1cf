"""The control API: everything a test in another language needs, and nothing for other sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from tests.sandbox.receiver import Receiver

Json = dict[str, Any]
Blocks = Callable[..., list[Json]]


def ask(http: httpx.Client, deed: str, what: Mapping[str, object], expected: int = 200) -> Json:
    """Ask for something and return the answer."""
    answer = http.post(f"/control/{deed}", json=dict(what))
    assert answer.status_code == expected, answer.text
    told: Json = answer.json()
    assert told["ok"] is (expected == 200)
    return told


def test_people_and_channels_come_to_be(http: httpx.Client) -> None:
    ada = ask(
        http, "people", {"name": "ada", "real_name": "Ada", "tz": "Asia/Tokyo", "title": "Expert"}
    )
    room = ask(http, "channels", {"name": "#general", "members": ["ada"]})
    found = http.get("/control/workspace").json()
    assert found["people"][0]["id"] == ada["id"]
    assert found["people"][0]["title"] == "Expert"
    assert found["channels"][-1]["id"] == room["id"]
    assert found["settings"]["SLACK_BOT_TOKEN"].startswith("xoxb-")


def test_people_say_how_they_are(http: httpx.Client, sandbox: Sandbox, ada: SimulatedUser) -> None:
    status = {"text": "On holiday", "emoji": ":palm_tree:", "minutes": 60}
    ask(http, "sets_status", {"as": "ada", **status})
    ask(http, "sets_quiet_hours", {"as": "ada", "from": "22:00", "to": "07:00"})
    ask(http, "snoozes", {"as": "ada", "minutes": 30})
    (found,) = http.get("/control/workspace").json()["people"]
    assert (found["status"]["text"], found["status"]["emoji"]) == ("On holiday", ":palm_tree:")
    assert 3500 < found["status"]["until"] - sandbox.clock.now().timestamp() <= 3600
    assert found["dnd"]["next_dnd_end_ts"] > sandbox.clock.now().timestamp()
    ask(http, "sets_quiet_hours", {"as": ada.id})
    ask(http, "snoozes", {"as": ada.id})
    (found,) = http.get("/control/workspace").json()["people"]
    assert found["dnd"]["dnd_enabled"] is False
    refused = ask(http, "sets_quiet_hours", {"as": "ada", "from": "ten", "to": "07:00"}, 400)
    assert "22:00" in refused["message"]


def test_channels_and_groups_are_joined_and_left(
    http: httpx.Client, sandbox: Sandbox, ada: SimulatedUser
) -> None:
    bob = sandbox.add_user("bob")
    sandbox.add_channel("labels", members=[ada], bot=False)
    ask(http, "invites", {"as": "ada", "channel": "labels"})
    ask(http, "invites", {"as": "ada", "channel": "labels", "people": ["bob"]})
    members = http.get("/control/workspace").json()["channels"][-1]["members"]
    assert set(members) == {ada.id, bob.id, sandbox.bot_user_id}
    ask(http, "removes", {"as": "ada", "channel": "labels"})
    assert (
        sandbox.bot_user_id
        not in (http.get("/control/workspace").json()["channels"][-1]["members"])
    )
    group = ask(http, "usergroups", {"handle": "raters", "members": ["ada"]})["id"]
    ask(http, "usergroups", {"id": group, "members": ["ada", "bob"]})
    (found,) = http.get("/control/workspace").json()["usergroups"]
    assert (found["handle"], found["members"]) == ("raters", [ada.id, bob.id])
    ask(http, "usergroups", {"id": group, "disable": True})
    ask(http, "usergroups", {"id": "S404"}, 400)


def test_a_reaction_is_taken_back(
    http: httpx.Client, client: WebClient, ada: SimulatedUser
) -> None:
    ts = client.chat_postMessage(channel=ada.id, text="news")["ts"]
    ask(http, "reacts", {"as": "ada", "message": ts, "name": "eyes"})
    ask(http, "reacts", {"as": "ada", "message": ts, "name": "eyes"}, 422)
    ask(http, "reacts", {"as": "ada", "message": ts, "name": "eyes", "gone": True})
    latest = ada.latest
    assert latest is not None
    assert "reactions" not in latest.raw


def test_what_is_typed_clicked_and_filled_reaches_the_app(
    http: httpx.Client, receiver: Receiver, client: WebClient, ada: SimulatedUser, question: Blocks
) -> None:
    client.chat_postMessage(channel=ada.id, text="q", blocks=question())
    seen = http.get("/control/sees", params={"as": "ada"}).json()
    button = seen["messages"][-1]["buttons"][0]
    told = ask(http, "clicks", {"as": "ada", "text": button})
    assert told["payload"]["type"] == "block_actions"
    assert receiver.payloads("block_actions")[0]["actions"] == told["payload"]["actions"]
    ask(http, "types", {"as": "ada", "text": "hello"})
    assert http.get("/control/sees", params={"as": "ada"}).json()["messages"][-1]["text"] == "hello"


def test_an_element_can_be_pointed_at(
    http: httpx.Client, receiver: Receiver, client: WebClient, ada: SimulatedUser, question: Blocks
) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="q", blocks=question())
    message = posted["message"]
    block = next(one for one in message["blocks"] if one["type"] == "actions")
    at = {"message": message["ts"], "block": block["block_id"]}
    at["action"] = block["elements"][-1]["action_id"]
    told = ask(http, "clicks", {"as": "ada", "at": at})
    assert told["payload"]["actions"][0]["action_id"] == at["action"]
    assert len(receiver.payloads("block_actions")) == 1


def test_a_modal_is_submitted_with_its_errors(
    http: httpx.Client,
    client: WebClient,
    ada: SimulatedUser,
    trigger: Callable[[], str],
    form: Json,
) -> None:
    client.views_open(trigger_id=trigger(), view=form)
    refused = ask(http, "submits", {"as": "ada"}, 422)
    assert refused["error"] == "rejected"
    assert ada.modal is not None
    assert list(ada.modal.errors.values()) == ["Please complete this required field."]
    told = ask(http, "submits", {"as": "ada", "entries": {"your_reason": "because"}})
    values = told["payload"]["view"]["state"]["values"]
    assert values["reason"]["text"]["value"] == "because"
    assert told["modals"] == []


def test_the_clock_is_turned(http: httpx.Client, sandbox: Sandbox, ada: SimulatedUser) -> None:
    before = sandbox.clock.now()
    ask(http, "clock", {"hours": 1, "minutes": 30})
    assert 5399 < (sandbox.clock.now() - before).total_seconds() < 5500
    now = ask(http, "clock", {"as": ada.name, "next": "monday"})["now"]
    assert "T09:00" in now or "T08:00" in now
    assert ask(http, "clock", {"next": "never"}, 400)["message"].startswith("next must be one of")
    assert ask(http, "clock", {"hours": -1}, 400)["message"] == "time does not run backwards"


def test_faults_are_switched_on_and_off(http: httpx.Client, client: WebClient) -> None:
    ask(http, "faults", {"kind": "fail", "status": 503})
    assert http.post("/api/auth.test").status_code == 503
    ask(http, "faults", {"kind": "fail", "lift": True})
    assert client.auth_test()["ok"]
    standing = ask(http, "faults", {"kind": "lost", "times": 2})["faults"]
    assert standing == [{"kind": "lost", "method": "acknowledgements", "times": 2}]
    assert ask(http, "faults", {"lift": True})["faults"] == []


def test_limits_are_set(http: httpx.Client, client: WebClient) -> None:
    ask(http, "limits", {"limits": {"auth.test": [1, 60]}})
    assert client.auth_test()["ok"]
    assert http.post("/api/auth.test", headers=_token(client)).status_code == 429
    ask(http, "limits", {"limits": "none"})
    assert http.post("/api/auth.test", headers=_token(client)).status_code == 200
    ask(http, "limits", {"limits": {"auth.test": "often"}}, 400)


def _token(client: WebClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.token}"}


def test_the_traffic_can_be_read(http: httpx.Client, client: WebClient, ada: SimulatedUser) -> None:
    client.auth_test()
    http.post("/api/chat.update", headers=_token(client))
    found = http.get("/control/traffic", params={"problems": "1"}).json()
    assert [record["kind"] for record in found["records"]] == ["chat.update"]
    again = http.get("/control/traffic", params={"after": found["noted"]}).json()
    assert again["records"] == []
    assert ada.name == "ada"


def test_files_come_as_they_are(http: httpx.Client, ada: SimulatedUser) -> None:
    query = {"as": "ada", "name": "a.txt", "text": "look"}
    answer = http.post("/control/uploads", params=query, content=b"bytes")
    assert answer.json()["message"]["files"][0]["name"] == "a.txt"
    latest = ada.latest
    assert latest is not None
    shown = http.get(f"/page/files/{latest.files[0]['id']}", params={"as": ada.id})
    assert shown.content == b"bytes"
    assert shown.headers["content-disposition"] == 'attachment; filename="a.txt"'
    assert http.get(f"/page/files/{latest.files[0]['id']}").status_code == 404


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ({"Origin": "https://evil.example"}, "/control/people"),
        ({"Origin": "null"}, "/control/people"),
        ({"Host": "evil.example"}, "/control/people"),
        ({"Sec-Fetch-Site": "cross-site"}, "/control/people"),
        ({"Sec-Fetch-Site": "same-site"}, "/gallery/control/clicks"),
    ],
)
def test_other_sites_cannot_use_it(http: httpx.Client, headers: dict[str, str], path: str) -> None:
    answer = http.post(path, json={"name": "eve"}, headers=headers)
    assert answer.status_code == 403
    assert http.get("/control/workspace").json()["people"] == []


@pytest.mark.parametrize("path", ["/", "/gallery", "/traffic", "/control/workspace", "/page/live"])
def test_another_name_for_this_machine_shows_nothing(http: httpx.Client, path: str) -> None:
    answer = http.get(path, headers={"Host": "rebound.example"})
    assert answer.status_code == 403
    assert "xoxb" not in answer.text


def test_a_form_of_another_page_is_not_read(http: httpx.Client) -> None:
    assert http.post("/control/people", data={"name": "eve"}).status_code == 400


@pytest.mark.parametrize(
    ("deed", "what"),
    [
        ("clicks", {}),
        ("clicks", {"as": "nobody", "text": "x"}),
        ("clicks", {"as": "ada", "at": {"message": "1"}}),
        ("chooses", {"as": "ada", "label": "x"}),
        ("types", {"as": "ada", "text": "x", "channel": "nowhere"}),
        ("opens", {"as": "ada", "tab": "settings"}),
        ("people", {"name": "eve", "tz": "Mars/Olympus"}),
        ("faults", {"kind": "flood"}),
        ("waits", {"as": "ada", "text": "x", "within": "soon"}),
    ],
)
def test_what_makes_no_sense_is_said(
    http: httpx.Client, ada: SimulatedUser, deed: str, what: dict[str, object]
) -> None:
    del ada
    assert ask(http, deed, what, 400)["message"]


def test_what_is_not_there_is_said(http: httpx.Client, ada: SimulatedUser) -> None:
    del ada
    told = ask(http, "clicks", {"as": "ada", "text": "Nothing", "within": 0}, 404)
    assert told["error"] == "not_visible"
