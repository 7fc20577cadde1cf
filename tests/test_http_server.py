"""The HTTP server for Slack: signed requests reach Bolt, others do not, and health checks."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from aiohttp import ClientResponse, ClientSession
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.health import HealthReport
from bot.http_connections import MAX_BODY_BYTES, WebServer
from bot.http_server import (
    build_handler,
)
from tests.slack_requests import (
    FORM_CONTENT_TYPE,
    JSON,
    NEW_SECRET,
    SECRET,
    SECRETS,
    documented_headers,
)

HEALTHY = HealthReport(
    ok=True, status="ok", problems=(), database="writable", slack="connected", pending_messages=0
)


@dataclass
class RunningServer:
    """A running web server, the bodies that reached Bolt, and the health it reports."""

    client: ClientSession
    received: list[dict[str, Any]] = field(default_factory=list)
    health: HealthReport = HEALTHY

    async def post(
        self,
        raw: bytes,
        content_type: str = FORM_CONTENT_TYPE,
        *,
        secret: str = SECRET,
        age: int = 0,
    ) -> ClientResponse:
        """Send a signed request."""
        timestamp = str(int(time.time()) - age)
        signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=raw)
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature or "",
        }
        return await self.client.post("/slack/events", data=BytesIO(raw), headers=headers)


def recording_app(received: list[dict[str, Any]]) -> AsyncApp:
    """Return a Bolt app that records the bodies that reach it."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0", bot_id="B0")

    async def record(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body)
        await ack()

    async def echo(ack: AsyncAck, body: dict[str, Any]) -> None:
        received.append(body)
        await ack(f"You typed {body['text']}")

    app = AsyncApp(
        name="example",
        client=AsyncWebClient(token=None),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )
    app.command("/label")(echo)
    app.action("tap")(record)
    app.event("app_home_opened")(record)
    return app


@pytest.fixture
async def server() -> AsyncIterator[RunningServer]:
    """Return a running server that has the signing secret and the one that replaces it."""
    received: list[dict[str, Any]] = []

    async def check_health() -> HealthReport:
        return running.health

    web_server = WebServer(build_handler(recording_app(received), SECRETS, check_health))
    port = await web_server.start("127.0.0.1", 0)
    async with ClientSession(f"http://127.0.0.1:{port}") as client:
        running = RunningServer(client, received)
        yield running
    await web_server.stop()


COMMAND = {
    "command": "/label",
    "text": "next",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "D1",
    "trigger_id": "1.2",
}

TAP = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1"},
    "actions": [{"action_id": "tap", "block_id": "b", "type": "button", "value": "1"}],
}

EVENT = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "app_home_opened", "user": "U1", "tab": "home"},
}


@pytest.mark.parametrize("text", ["next", "my payload", "payload=1", "<@U1|ada> & co", "🙂", ""])
async def test_command_with_any_text_is_answered(server: RunningServer, text: str) -> None:
    response = await server.post(urlencode({**COMMAND, "text": text}).encode())
    assert response.status == 200
    assert await response.text() == f"You typed {text}"
    assert [body["text"] for body in server.received] == [text]


async def test_block_action_reaches_bolt(server: RunningServer) -> None:
    response = await server.post(b"payload=" + quote_plus(json.dumps(TAP)).encode())
    assert (response.status, await response.text()) == (200, "")
    assert server.received == [TAP]


async def test_event_reaches_bolt(server: RunningServer) -> None:
    response = await server.post(json.dumps(EVENT).encode(), JSON)
    assert (response.status, await response.text()) == (200, "")
    assert server.received == [EVENT]


async def test_event_with_charset_reaches_bolt(server: RunningServer) -> None:
    response = await server.post(json.dumps(EVENT).encode(), f"{JSON}; charset=utf-8")
    assert response.status == 200
    assert server.received == [EVENT]


async def test_request_without_listener_is_not_acknowledged(server: RunningServer) -> None:
    response = await server.post(urlencode({**COMMAND, "command": "/other"}).encode())
    assert response.status == 404


async def test_url_verification_challenge_is_returned(server: RunningServer) -> None:
    challenge = {"type": "url_verification", "token": "x", "challenge": "3eZbrw1a <b>"}
    response = await server.post(json.dumps(challenge).encode(), JSON)
    assert (response.status, response.content_type) == (200, "text/plain")
    assert await response.text() == "3eZbrw1a <b>"
    assert server.received == []


async def test_ssl_check_is_answered(server: RunningServer) -> None:
    response = await server.post(b"ssl_check=1&token=x")
    assert (response.status, await response.text()) == (200, "")


Send = Callable[[RunningServer], Awaitable[ClientResponse]]

UNSIGNED: dict[str, Send] = {
    "another secret": lambda server: server.post(urlencode(COMMAND).encode(), secret=SECRET[::-1]),
    "six minutes old": lambda server: server.post(urlencode(COMMAND).encode(), age=360),
    "six minutes in the future": lambda server: server.post(urlencode(COMMAND).encode(), age=-360),
    "unsigned": lambda server: server.client.post("/slack/events", data=COMMAND),
    "unsigned challenge": lambda server: server.client.post(
        "/slack/events", json={"type": "url_verification", "challenge": "x"}
    ),
    "timestamp is not a number": lambda server: server.client.post(
        "/slack/events",
        data=COMMAND,
        headers=documented_headers(**{"X-Slack-Request-Timestamp": "now"}),
    ),
    "body is not text": lambda server: server.client.post(
        "/slack/events",
        data=b"\xff\xfe",
        headers=documented_headers(**{"X-Slack-Request-Timestamp": str(int(time.time()))}),
    ),
}


@pytest.mark.parametrize("send", UNSIGNED.values(), ids=UNSIGNED.keys())
async def test_unsigned_request_gets_the_same_response_as_from_bolt(
    server: RunningServer, send: Send
) -> None:
    response = await send(server)
    assert response.status == 401
    assert await response.json() == {"error": "invalid request"}
    assert server.received == []


async def test_old_and_new_secret_are_accepted_during_a_change(server: RunningServer) -> None:
    raw = urlencode(COMMAND).encode()
    for secret in (SECRET, NEW_SECRET, SECRETS):  # the last one: a secret may contain spaces
        assert (await server.post(raw, secret=secret)).status == 200
    assert (await server.post(raw, secret=SECRET[1:])).status == 401


@pytest.mark.parametrize(
    ("raw", "content_type"), [(b"{", JSON), (b"[1]", JSON), (b"payload=x", FORM_CONTENT_TYPE)]
)
async def test_signed_invalid_body_is_a_bad_request(
    server: RunningServer, raw: bytes, content_type: str
) -> None:
    response = await server.post(raw, content_type)
    assert response.status == 400
    assert (await response.json())["error"] in ("invalid JSON", "not a JSON object")


async def test_body_above_the_limit_is_rejected(server: RunningServer) -> None:
    response = await server.post(b"text=" + b"x" * MAX_BODY_BYTES)
    assert response.status == 413
    assert server.received == []


async def test_body_at_the_limit_is_accepted(server: RunningServer) -> None:
    body = urlencode({**COMMAND, "text": ""}).encode()
    response = await server.post(body + b"&more=" + b"x" * (MAX_BODY_BYTES - len(body) - 6))
    assert response.status == 200


async def test_events_path_accepts_only_post(server: RunningServer) -> None:
    response = await server.client.get("/slack/events")
    assert response.status == 405


DEGRADED = replace(HEALTHY, ok=False, status="degraded", problems=("Slack does not answer.",))
FAILING = replace(DEGRADED, status="failing", database="the disk is full")


@pytest.mark.parametrize(
    ("report", "statuses"),
    [(HEALTHY, (200, 200, 200)), (DEGRADED, (200, 200, 503)), (FAILING, (200, 503, 503))],
)
async def test_health_checks_need_no_signature(
    server: RunningServer, report: HealthReport, statuses: tuple[int, ...]
) -> None:
    server.health = report
    paths = ("/livez", "/readyz", "/health")
    responses = [await server.client.get(path) for path in paths]
    assert tuple(response.status for response in responses) == statuses
    assert await responses[0].json() == {"ok": True}
    for response in responses[1:]:
        assert await response.json() == {**report.to_json(), "problems": list(report.problems)}


async def test_head_request_gets_the_status_of_a_health_check(server: RunningServer) -> None:
    server.health = FAILING
    response = await server.client.head("/readyz")
    assert (response.status, await response.text()) == (503, "")


async def test_unknown_path_is_not_found(server: RunningServer) -> None:
    assert (await server.client.get("/")).status == 404


async def test_without_secret_only_the_health_checks_are_served() -> None:
    async def check_health() -> HealthReport:
        return HEALTHY

    web_server = WebServer(build_handler(recording_app([]), None, check_health))
    port = await web_server.start("127.0.0.1", 0)
    async with ClientSession(f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/health")).status == 200
        assert (await client.post("/slack/events", data=b"ssl_check=1")).status == 404
    await web_server.stop()
