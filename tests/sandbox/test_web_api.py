"""How methods are called: every way an app may, and what Slack says when it may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import RateLimit, Sandbox, SimulatedUser

Json = dict[str, Any]
Refusal = Callable[..., Json]


@pytest.fixture
def bearer(sandbox: Sandbox) -> dict[str, str]:
    return {"Authorization": f"Bearer {sandbox.bot_token}"}


def test_arguments_come_in_every_shape(
    http: httpx.Client, bearer: dict[str, str], ada: SimulatedUser
) -> None:
    calls = [
        http.get("/api/users.info", params={"user": ada.id}, headers=bearer),
        http.post("/api/users.info", params={"user": ada.id}, headers=bearer),
        http.post("/api/users.info", data={"user": ada.id}, headers=bearer),
        http.post("/api/users.info", json={"user": ada.id}, headers=bearer),
        http.post("/api/users.info", files={"user": (None, ada.id)}, headers=bearer),
    ]
    assert [call.json().get("user", {}).get("name") for call in calls] == ["ada"] * 5


def test_an_empty_json_body_is_no_arguments(http: httpx.Client, bearer: dict[str, str]) -> None:
    headers = bearer | {"Content-Type": "application/json"}
    answer = http.post("/api/auth.test", headers=headers, content=b"").json()
    assert answer["ok"] is True


def test_an_empty_body_in_chunks_is_no_arguments_either(
    http: httpx.Client, bearer: dict[str, str]
) -> None:
    headers = bearer | {"Content-Type": "application/json"}
    answer = http.post("/api/auth.test", headers=headers, content=iter([b""])).json()
    assert answer["ok"] is True


def test_the_token_may_be_in_a_form_or_the_query_but_not_in_json(
    http: httpx.Client, sandbox: Sandbox
) -> None:
    token = {"token": sandbox.bot_token}
    assert http.post("/api/auth.test", data=token).json()["ok"] is True
    assert http.get("/api/auth.test", params=token).json()["ok"] is True
    assert http.post("/api/auth.test", json=token).json()["error"] == "not_authed"


@pytest.mark.parametrize(
    ("content_type", "content", "error"),
    [
        ("application/json", b"{", "invalid_json"),
        ("application/json", b"[]", "json_not_object"),
        ("text/csv", b"a,b", "invalid_post_type"),
        (None, b"a=b", "missing_post_type"),
        ("multipart/form-data", b"a=b", "invalid_form_data"),
    ],
)
def test_a_body_that_is_not_what_it_says_is_refused(
    http: httpx.Client,
    bearer: dict[str, str],
    content_type: str | None,
    content: bytes,
    error: str,
) -> None:
    headers = bearer | ({"Content-Type": content_type} if content_type else {})
    answer = http.post("/api/auth.test", headers=headers, content=content)
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": error})


def test_blocks_may_be_json_or_a_string_of_json_but_not_a_string_in_a_string(
    client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    divider = '[{"type":"divider"}]'
    as_form = client.api_call("chat.postMessage", data={"channel": ada.id, "blocks": divider})
    assert as_form["message"]["blocks"][0]["type"] == "divider"
    twice = refusal("chat.postMessage", channel=ada.id, blocks='"[]"')
    assert twice == {"ok": False, "error": "invalid_blocks_format"}
    broken = refusal("chat.postMessage", channel=ada.id, blocks="[")
    assert broken["error"] == "invalid_blocks_format"


def test_charset_remarks_are_warnings(http: httpx.Client, bearer: dict[str, str]) -> None:
    plain = {"Content-Type": "application/json"}
    answer = http.post("/api/api.test", headers=bearer | plain, content=b'{"a":1}').json()
    assert (answer["ok"], answer["warning"]) == (True, "missing_charset")
    assert answer["response_metadata"] == {"warnings": ["missing_charset"]}
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    answer = http.post("/api/api.test", headers=bearer | form, content=b"a=1").json()
    assert answer["warning"] == "superfluous_charset"


def test_scopes_are_told_in_headers(http: httpx.Client, bearer: dict[str, str]) -> None:
    headers = http.post("/api/chat.postMessage", headers=bearer).headers
    assert "chat:write" in headers["x-oauth-scopes"].split(",")
    assert headers["x-accepted-oauth-scopes"] == "chat:write"
    assert headers["x-slack-req-id"]
    assert headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", None, "not_authed"),
        ("auth.test", "xoxb-somebody-else", "invalid_auth"),
        ("auth.test", "app", "not_allowed_token_type"),
        ("apps.connections.open", "bot", "not_allowed_token_type"),
        ("users.explode", "bot", "unknown_method"),
        ("pins.add", "bot", "not_built_in_sandbox"),
    ],
)
def test_wrong_tokens_and_names_are_refused(
    http: httpx.Client, sandbox: Sandbox, method: str, token: str | None, error: str
) -> None:
    known = {"app": sandbox.app_token, "bot": sandbox.bot_token}
    headers = {"Authorization": f"Bearer {known.get(token, token)}"} if token else {}
    answer = http.post(f"/api/{method}", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (200, error)


def test_the_socket_is_not_asked_for_by_get(http: httpx.Client, sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.app_token}"}
    answer = http.get("/api/apps.connections.open", headers=headers).json()
    assert answer["error"] == "insecure_request"


def test_a_missing_scope_is_named(open_sandbox: Callable[..., Sandbox], manifest: Json) -> None:
    manifest["oauth_config"]["scopes"]["bot"] = ["commands", "team:read"]
    manifest["settings"]["event_subscriptions"]["bot_events"] = []
    sandbox = open_sandbox(manifest=manifest)
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    answer = httpx.post(f"{sandbox.api_url}chat.postMessage", headers=headers, trust_env=False)
    assert answer.json() == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": "commands,team:read",
    }


def test_a_missing_argument_is_named(refusal: Refusal) -> None:
    answer = refusal("chat.update", text="new")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: channel",
        "[ERROR] missing required field: ts",
    ]


def test_the_team_that_bolt_adds_to_every_call_is_ignored(
    client: WebClient, sandbox: Sandbox, ada: SimulatedUser
) -> None:
    answer = client.chat_postMessage(channel=ada.id, text="hi", team_id=sandbox.team_id)
    assert answer["ok"] is True


async def test_the_asynchronous_client_reads_with_get(sandbox: Sandbox, ada: SimulatedUser) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    answer = await client.users_info(user=ada.id, include_locale=True)
    assert (answer["user"]["real_name"], answer["user"]["locale"]) == ("Ada Lovelace", "en-US")
    assert (await client.auth_test(team_id=sandbox.team_id))["bot_id"] == sandbox.bot_id


def test_too_many_calls_are_put_off_until_the_window_has_passed(
    open_sandbox: Callable[..., Sandbox],
    minutes: Any,  # noqa: ANN401 - a function
) -> None:
    sandbox = open_sandbox(limits={"tier 4": RateLimit(2)})
    ada = sandbox.add_user("ada")
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}

    def call() -> httpx.Response:
        data = {"user": ada.id}
        url = f"{sandbox.api_url}users.info"
        return httpx.post(url, data=data, headers=headers, trust_env=False)

    assert [call().status_code for _ in range(3)] == [200, 200, 429]
    limited = call()
    assert limited.json() == {"ok": False, "error": "ratelimited"}
    assert limited.headers["retry-after"] == "60"
    sandbox.clock.advance(minutes(1))
    assert call().status_code == 200


def test_traffic_says_what_was_asked_and_answered(
    sandbox: Sandbox, ada: SimulatedUser, refusal: Refusal
) -> None:
    refusal("chat.postMessage", channel=ada.id, blocks=[{"type": "nonsense"}])
    record = sandbox.traffic[-1]
    assert (record.direction, record.kind, record.status) == ("in", "chat.postMessage", 200)
    assert isinstance(record.request, dict)
    assert record.request["channel"] == ada.id
    assert record.problems[0] == "invalid_blocks"
    assert "nonsense" in record.problems[1]
    assert sandbox.request_counts["chat.postMessage"] == 1
    assert sandbox.request_counts["never.called"] == 0
