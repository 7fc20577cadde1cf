"""Web API calls: arguments, tokens, scopes, rate limits and errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import RateLimit, Sandbox, SimulatedUser

Json = dict[str, Any]
CallExpectingError = Callable[..., Json]


@pytest.fixture
def bearer(sandbox: Sandbox) -> dict[str, str]:
    """Return the authorization header of the app's bot."""
    return {"Authorization": f"Bearer {sandbox.bot_token}"}


def test_arguments_are_accepted_in_every_encoding(
    http: httpx.Client, bearer: dict[str, str], ada: SimulatedUser
) -> None:
    responses = [
        http.get("/api/users.info", params={"user": ada.id}, headers=bearer),
        http.post("/api/users.info", params={"user": ada.id}, headers=bearer),
        http.post("/api/users.info", data={"user": ada.id}, headers=bearer),
        http.post("/api/users.info", json={"user": ada.id}, headers=bearer),
        http.post("/api/users.info", files={"user": (None, ada.id)}, headers=bearer),
    ]
    names = [response.json().get("user", {}).get("name") for response in responses]
    assert names == ["ada"] * 5


def test_empty_json_body_has_no_arguments(http: httpx.Client, bearer: dict[str, str]) -> None:
    headers = bearer | {"Content-Type": "application/json"}
    response = http.post("/api/auth.test", headers=headers, content=b"").json()
    assert response["ok"] is True


def test_empty_chunked_body_has_no_arguments(http: httpx.Client, bearer: dict[str, str]) -> None:
    headers = bearer | {"Content-Type": "application/json"}
    response = http.post("/api/auth.test", headers=headers, content=iter([b""])).json()
    assert response["ok"] is True


def test_token_is_accepted_in_a_form_or_query_but_not_in_json(
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
def test_body_that_does_not_match_its_type_is_rejected(
    http: httpx.Client,
    bearer: dict[str, str],
    content_type: str | None,
    content: bytes,
    error: str,
) -> None:
    headers = bearer | ({"Content-Type": content_type} if content_type else {})
    response = http.post("/api/auth.test", headers=headers, content=content)
    assert (response.status_code, response.json()) == (200, {"ok": False, "error": error})


def test_blocks_can_be_json_or_a_json_string_but_not_encoded_twice(
    client: WebClient, ada: SimulatedUser, call_expecting_error: CallExpectingError
) -> None:
    divider = '[{"type":"divider"}]'
    form_response = client.api_call("chat.postMessage", data={"channel": ada.id, "blocks": divider})
    assert form_response["message"]["blocks"][0]["type"] == "divider"
    encoded_twice = call_expecting_error("chat.postMessage", channel=ada.id, blocks='"[]"')
    assert encoded_twice == {"ok": False, "error": "invalid_blocks_format"}
    invalid_json = call_expecting_error("chat.postMessage", channel=ada.id, blocks="[")
    assert invalid_json["error"] == "invalid_blocks_format"


def test_charset_problems_are_warnings(http: httpx.Client, bearer: dict[str, str]) -> None:
    plain = {"Content-Type": "application/json"}
    response = http.post("/api/api.test", headers=bearer | plain, content=b'{"a":1}').json()
    assert (response["ok"], response["warning"]) == (True, "missing_charset")
    assert response["response_metadata"] == {"warnings": ["missing_charset"]}
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    response = http.post("/api/api.test", headers=bearer | form, content=b"a=1").json()
    assert response["warning"] == "superfluous_charset"


def test_response_headers_name_the_scopes(http: httpx.Client, bearer: dict[str, str]) -> None:
    headers = http.post("/api/chat.postMessage", headers=bearer).headers
    assert "chat:write" in headers["x-oauth-scopes"].split(",")
    assert headers["x-accepted-oauth-scopes"] == "chat:write"
    assert headers["x-slack-req-id"]
    assert headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", None, "not_authed"),
        ("auth.test", "xoxb-unknown", "invalid_auth"),
        ("auth.test", "app", "not_allowed_token_type"),
        ("apps.connections.open", "bot", "not_allowed_token_type"),
        ("users.explode", "bot", "unknown_method"),
        ("pins.add", "bot", "not_supported_in_sandbox"),
        ("agents.sessions.setStatus", "bot", "not_supported_in_sandbox"),
        ("admin.users.list", "bot", "not_supported_in_sandbox"),
    ],
)
def test_wrong_token_or_method_is_rejected(
    http: httpx.Client, sandbox: Sandbox, method: str, token: str | None, error: str
) -> None:
    tokens = {"app": sandbox.app_token, "bot": sandbox.bot_token}
    headers = {"Authorization": f"Bearer {tokens.get(token, token)}"} if token else {}
    response = http.post(f"/api/{method}", headers=headers)
    assert (response.status_code, response.json()["error"]) == (200, error)


def test_connections_open_rejects_get(http: httpx.Client, sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.app_token}"}
    response = http.get("/api/apps.connections.open", headers=headers).json()
    assert response["error"] == "insecure_request"


def test_missing_scope_is_named(open_sandbox: Callable[..., Sandbox], manifest: Json) -> None:
    manifest["oauth_config"]["scopes"]["bot"] = ["commands", "team:read"]
    manifest["settings"]["event_subscriptions"]["bot_events"] = []
    sandbox = open_sandbox(manifest=manifest)
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    response = httpx.post(f"{sandbox.api_url}chat.postMessage", headers=headers, trust_env=False)
    assert response.json() == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": "commands,team:read",
    }


def test_missing_arguments_are_named(call_expecting_error: CallExpectingError) -> None:
    response = call_expecting_error("chat.update", text="new")
    assert response["error"] == "invalid_arguments"
    assert response["response_metadata"]["messages"] == [
        "[ERROR] missing required field: channel",
        "[ERROR] missing required field: ts",
    ]


def test_team_id_from_bolt_is_ignored(
    client: WebClient, sandbox: Sandbox, ada: SimulatedUser
) -> None:
    response = client.chat_postMessage(channel=ada.id, text="hi", team_id=sandbox.team_id)
    assert response["ok"] is True


async def test_async_client_reads_with_get(sandbox: Sandbox, ada: SimulatedUser) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    response = await client.users_info(user=ada.id, include_locale=True)
    assert (response["user"]["real_name"], response["user"]["locale"]) == ("Ada Lovelace", "en-US")
    assert (await client.auth_test(team_id=sandbox.team_id))["bot_id"] == sandbox.bot_id


def test_rate_limited_calls_succeed_after_the_window(
    open_sandbox: Callable[..., Sandbox],
    minutes: Any,  # noqa: ANN401 - a function from a number to a timedelta
) -> None:
    sandbox = open_sandbox(limits={"tier 4": RateLimit(2)})
    ada = sandbox.add_user("ada")
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}

    def call() -> httpx.Response:
        data = {"user": ada.id}
        url = f"{sandbox.api_url}users.info"
        return httpx.post(url, data=data, headers=headers, trust_env=False)

    assert [call().status_code for _ in range(3)] == [200, 200, 429]
    response = call()
    assert response.json() == {"ok": False, "error": "ratelimited"}
    assert 55 <= int(response.headers["retry-after"]) <= 60
    sandbox.clock.advance(minutes(1))
    assert call().status_code == 200


def test_traffic_records_requests_responses_and_problems(
    sandbox: Sandbox, ada: SimulatedUser, call_expecting_error: CallExpectingError
) -> None:
    call_expecting_error("chat.postMessage", channel=ada.id, blocks=[{"type": "nonsense"}])
    record = sandbox.traffic[-1]
    assert (record.direction, record.kind, record.status) == ("in", "chat.postMessage", 200)
    assert isinstance(record.request, dict)
    assert record.request["channel"] == ada.id
    assert record.problems[0] == "invalid_blocks"
    assert "nonsense" in record.problems[1]
    assert sandbox.request_counts["chat.postMessage"] == 1
    assert sandbox.request_counts["never.called"] == 0
