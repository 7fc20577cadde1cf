"""Fault routes of the control API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, SimulatedUser
from bot.sandbox.control.faults import FAULT_ARGUMENTS, FAULT_HANDLERS
from bot.sandbox.methods import METHODS

Json = dict[str, Any]


def add_fault(http: httpx.Client, expected_status: int = 200, /, **fault: object) -> Json:
    response = http.post("/control/faults", json=fault)
    assert response.status_code == expected_status, response.text
    body: Json = response.json()
    return body


@pytest.mark.parametrize("method", METHODS)
def test_every_method_answers_the_error_that_was_asked_for(
    http: httpx.Client, client: WebClient, method: str
) -> None:
    add_fault(http, method=method, error="token_revoked", times=1)
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json={})
    assert caught.value.response["error"] == "token_revoked"
    assert http.get("/control/workspace").json()["faults"] == []


def test_fault_lasts_for_seconds_of_the_clock(
    sandbox: Sandbox, http: httpx.Client, client: WebClient
) -> None:
    (fault,) = add_fault(http, error="account_inactive", for_seconds=60)["faults"]
    assert (fault["kind"], fault["method"], fault["error"]) == ("error", "*", "account_inactive")
    assert fault["until"] > sandbox.clock.now().isoformat()
    with pytest.raises(SlackApiError, match="account_inactive"):
        client.auth_test()
    sandbox.clock.advance(timedelta(minutes=1))
    assert client.auth_test()["ok"]


def test_page_names_the_user_who_adds_a_fault(http: httpx.Client, ada: SimulatedUser) -> None:
    (fault,) = add_fault(http, **{"as": ada.id, "kind": "fail", "status": 503})["faults"]
    assert (fault["kind"], fault["status"]) == ("fail", 503)


def test_every_kind_is_accepted(http: httpx.Client) -> None:
    arguments: Json = {"unfetchable_image": {"url": "https://example.com/*"}}
    for kind in FAULT_HANDLERS:
        add_fault(http, kind=kind, **arguments.get(kind, {}))
    kinds = [fault["kind"] for fault in http.get("/control/workspace").json()["faults"]]
    assert kinds == [kind for kind in FAULT_HANDLERS if kind not in {"drop_sockets", "disconnect"}]
    assert FAULT_ARGUMENTS.keys() == FAULT_HANDLERS.keys()
    assert add_fault(http, clear=True)["faults"] == []


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ({"kind": "flood"}, "kind must be one of"),
        ({}, "kind must be one of"),
        ({"kind": "error", "method": "chat.postmessage"}, "method must be"),
        ({"kind": "error", "method": "message"}, "method must be"),
        ({"kind": "error", "code": "token_revoked"}, "does not accept code"),
        ({"kind": "ratelimit", "error": "x"}, "does not accept error"),
        ({"kind": "lost_ack", "method": "*"}, "does not accept method"),
        ({"kind": "fail", "status": 99}, "status must be from 200 to 599"),
        ({"kind": "error", "error": 7}, "error must be a string"),
        ({"kind": "slow", "seconds": -1}, "must not be negative"),
        ({"kind": "slow", "times": 0}, "times must be at least 1"),
        ({"kind": "slow", "times": "often"}, "times must be a number"),
        ({"kind": "drop", "for_seconds": -5}, "must not be negative"),
        ({"kind": "duplicate", "method": "chat.update"}, "the type of a delivery"),
        ({"kind": "unfetchable_image"}, "url must be a string"),
        ({"kind": "disconnect", "reason": "bored"}, "reason must be one of"),
    ],
)
def test_fault_that_would_have_no_effect_is_refused(
    http: httpx.Client, fault: Json, problem: str
) -> None:
    assert problem in add_fault(http, 400, **fault)["message"]
    assert http.get("/control/workspace").json()["faults"] == []


def test_unfetchable_image_is_named_over_http(
    http: httpx.Client, client: WebClient, ada: SimulatedUser
) -> None:
    add_fault(http, kind="unfetchable_image", url="https://images.example/*")
    block = {"type": "image", "image_url": "https://images.example/a.png", "alt_text": "a"}
    with pytest.raises(SlackApiError, match="downloading image failed"):
        client.chat_postMessage(channel=ada.id, text="x", blocks=[block])


def test_upload_and_download_fail(
    sandbox: Sandbox, http: httpx.Client, client: WebClient, ada: SimulatedUser
) -> None:
    add_fault(http, kind="error", method="upload", error="upload_failed", times=1)
    upload = client.files_getUploadURLExternal(filename="a.txt", length=2)
    for status in (400, 200):
        response = httpx.post(upload["upload_url"], content=b"ab", trust_env=False)
        assert response.status_code == status
    completed = client.files_completeUploadExternal(
        files=[{"id": upload["file_id"]}], channel_id=ada.dm
    )
    url = completed["files"][0]["url_private"]
    add_fault(http, kind="fail", method="download", status=500, times=1)
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    assert httpx.get(url, headers=headers, trust_env=False).status_code == 500
    assert httpx.get(url, headers=headers, trust_env=False).content == b"ab"
