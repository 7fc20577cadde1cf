"""Tests of the web server: only signed requests are accepted, and none is changed by parsing."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes, urlencode

import pytest
from aiohttp import ClientResponse, ClientSession
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import Clock, SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.health import HealthReport
from bot.http_connections import MAX_BODY_BYTES, WebServer
from bot.http_server import (
    BadRequestError,
    build_handler,
    is_signed,
    parse_body,
    unquote_form,
)

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - Slack publishes it as an example
NEW_SECRET = f"new{SECRET}"
SECRETS = f"{SECRET} {NEW_SECRET}"
JSON = "application/json"
FORM_CONTENT_TYPE = "application/x-www-form-urlencoded"

# The worked example of Slack's page "Verifying requests from Slack".
DOCUMENTED_AT = "1531420618"
DOCUMENTED_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
    b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
DOCUMENTED_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


class StoppedClock(Clock):
    """A clock that always returns the same time."""

    def __init__(self, timestamp: float) -> None:
        """Set the time."""
        self.timestamp = timestamp

    def now(self) -> float:
        """Return the time."""
        return self.timestamp


def verifier_at(seconds: float) -> SignatureVerifier:
    """Return a verifier whose clock stands this many seconds after the documented example."""
    return SignatureVerifier(SECRET, StoppedClock(int(DOCUMENTED_AT) + seconds))


def documented_headers(**changes: str) -> dict[str, str]:
    """Return the headers of the documented example, with changes."""
    headers = {
        "X-Slack-Request-Timestamp": DOCUMENTED_AT,
        "X-Slack-Signature": DOCUMENTED_SIGNATURE,
    }
    return {**headers, **changes}


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_documented_example_is_valid_for_five_minutes(*, seconds: int, expected: bool) -> None:
    assert is_signed(verifier_at(seconds), documented_headers(), DOCUMENTED_BODY) is expected


TAMPERED = [
    ({}, DOCUMENTED_BODY + b"&text=more"),
    ({}, b""),
    ({}, b"\xff\xfe"),
    ({"X-Slack-Signature": ""}, DOCUMENTED_BODY),
    ({"X-Slack-Signature": DOCUMENTED_SIGNATURE[:-1] + "4"}, DOCUMENTED_BODY),
    ({"X-Slack-Signature": DOCUMENTED_SIGNATURE.upper()}, DOCUMENTED_BODY),
    ({"X-Slack-Signature": DOCUMENTED_SIGNATURE.replace("v0", "v1")}, DOCUMENTED_BODY),
    ({"X-Slack-Signature": "v0=ü"}, DOCUMENTED_BODY),
    ({"X-Slack-Request-Timestamp": ""}, DOCUMENTED_BODY),
    ({"X-Slack-Request-Timestamp": "1531420619"}, DOCUMENTED_BODY),
    ({"X-Slack-Request-Timestamp": "abc"}, DOCUMENTED_BODY),
    ({"X-Slack-Request-Timestamp": "-1531420618"}, DOCUMENTED_BODY),
    ({"X-Slack-Request-Timestamp": "1531420618.5"}, DOCUMENTED_BODY),
    ({"X-Slack-Request-Timestamp": "١٥٣١٤٢٠٦١٨"}, DOCUMENTED_BODY),
    ({"X-Slack-Request-Timestamp": "9" * 400}, DOCUMENTED_BODY),
    ({"X-Slack-Request-Timestamp": "9" * 5000}, DOCUMENTED_BODY),
]


@pytest.mark.parametrize(("changes", "body"), TAMPERED)
def test_tampered_request_is_not_signed(changes: dict[str, str], body: bytes) -> None:
    assert not is_signed(verifier_at(0), documented_headers(**changes), body)


def test_request_without_headers_is_not_signed() -> None:
    assert not is_signed(verifier_at(0), {}, DOCUMENTED_BODY)


@given(body=st.binary(max_size=200), timestamp=st.text(max_size=25), signature=st.text(max_size=80))
def test_random_signature_is_neither_valid_nor_an_error(
    body: bytes, timestamp: str, signature: str
) -> None:
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    assert not is_signed(verifier_at(0), headers, body)


BODIES = [
    (b'{"type":"event_callback"}', JSON, {"type": "event_callback"}),
    (b"payload=%7B%22a%22%3A%22b+c%26%22%7D", FORM_CONTENT_TYPE, {"a": "b c&"}),
    (b"payload=%7B%22a%22%3A1%7D&x=1", FORM_CONTENT_TYPE, {"a": 1}),
    (b"x=1&payload=%7B%22a%22%3A1%7D", FORM_CONTENT_TYPE, {"a": 1}),
    (
        b"command=%2Flabel&text=my+payload",
        FORM_CONTENT_TYPE,
        {"command": "/label", "text": "my payload"},
    ),
    (
        b"command=%2Flabel&text=payload%3Dx",
        FORM_CONTENT_TYPE,
        {"command": "/label", "text": "payload=x"},
    ),
    (b"command=%2Flabel&text=", FORM_CONTENT_TYPE, {"command": "/label", "text": ""}),
    (b"text=%F0%9F%99%82", FORM_CONTENT_TYPE, {"text": "🙂"}),
    (b"", FORM_CONTENT_TYPE, {}),
]


@pytest.mark.parametrize(("raw", "content_type", "body"), BODIES)
def test_json_payload_form_and_plain_form_are_parsed(
    raw: bytes, content_type: str, body: dict[str, Any]
) -> None:
    assert parse_body(raw, content_type) == body


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b'"payload"', JSON),
        (b"\xff", JSON),
        (b"payload=", FORM_CONTENT_TYPE),
        (b"payload=1", FORM_CONTENT_TYPE),
        (b"payload=%7B", FORM_CONTENT_TYPE),
        (b"payload=%FF", FORM_CONTENT_TYPE),
        (b"x=1&payload=", FORM_CONTENT_TYPE),
    ],
)
def test_invalid_body_is_rejected(raw: bytes, content_type: str) -> None:
    with pytest.raises(BadRequestError):
        parse_body(raw, content_type)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


UNSTORABLE_TEXTS = [
    (rb'{"a": "x\u0000y"}', JSON),
    (rb'{"a": "x\ud800y"}', JSON),
    (b"payload=%7B%22a%22%3A%22x%5Cu0000y%22%7D", FORM_CONTENT_TYPE),
    (b"a=x%00y", FORM_CONTENT_TYPE),
]


@pytest.mark.parametrize(("raw", "content_type"), UNSTORABLE_TEXTS)
def test_characters_that_no_database_stores_are_replaced(raw: bytes, content_type: str) -> None:
    assert parse_body(raw, content_type) == {"a": "x\N{REPLACEMENT CHARACTER}y"}


@given(body=st.dictionaries(TEXTS, TEXTS | st.integers(-(2**53), 2**53) | st.none(), max_size=5))
def test_interaction_arrives_unchanged(body: dict[str, Any]) -> None:
    quoted = quote_plus(json.dumps(body)).encode()
    assert parse_body(b"payload=" + quoted, FORM_CONTENT_TYPE) == body


@given(fields=st.dictionaries(TEXTS.filter(lambda name: name != "payload"), TEXTS, max_size=5))
def test_command_arrives_as_typed(fields: dict[str, str]) -> None:
    assert parse_body(urlencode(fields).encode(), FORM_CONTENT_TYPE) == fields


PIECES = (
    "a",
    " ",
    "_",
    "\\",
    "+",
    "=",
    "\n",
    "\r",
    "%",
    "%%",
    "%zz",
    "%4",
    "%41",
    "%3D",
    "%0A",
    "%C3%A9",
)


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=9))
def test_unusual_quoting_is_decoded_like_urllib(pieces: list[str]) -> None:
    quoted = "".join(pieces).encode()
    assert unquote_form(quoted) == unquote_to_bytes(quoted.replace(b"+", b" "))


@given(
    raw=st.binary(max_size=120),
    content_type=st.sampled_from([JSON, FORM_CONTENT_TYPE, "text/plain", ""]),
)
def test_no_bytes_break_the_parser(raw: bytes, content_type: str) -> None:
    with suppress(BadRequestError):
        assert isinstance(parse_body(raw, content_type), dict)


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
