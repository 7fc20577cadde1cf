"""The web server: only what Slack signed gets in, read once, and nothing gets lost on the way."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes, urlencode

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import Clock, SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.web import (
    FORM_CONTENT_TYPE,
    MAX_REQUEST_BYTES,
    BadRequestError,
    build_web_app,
    is_signed,
    parse_body,
    unquote_form,
)

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - Slack publishes it as an example
JSON = "application/json"

# Slack's "Verifying requests from Slack" works this example through.
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
    """A clock that always shows the same second."""

    def __init__(self, shows: float) -> None:
        """Show this time from now on."""
        self.shows = shows

    def now(self) -> float:
        """Return the time."""
        return self.shows


def stopped(seconds: float) -> SignatureVerifier:
    """Return a verifier for whom it is so many seconds after the documented example."""
    return SignatureVerifier(SECRET, StoppedClock(int(DOCUMENTED_AT) + seconds))


def documented(**changed: str) -> dict[str, str]:
    """Return the headers of the documented example."""
    headers = {
        "X-Slack-Request-Timestamp": DOCUMENTED_AT,
        "X-Slack-Signature": DOCUMENTED_SIGNATURE,
    }
    return {**headers, **changed}


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_slacks_own_example_is_signed_for_five_minutes(*, seconds: int, expected: bool) -> None:
    assert is_signed(stopped(seconds), documented(), DOCUMENTED_BODY) is expected


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


@pytest.mark.parametrize(("changed", "body"), TAMPERED)
def test_anything_else_is_not_signed(changed: dict[str, str], body: bytes) -> None:
    assert not is_signed(stopped(0), documented(**changed), body)


def test_a_request_without_the_headers_is_not_signed() -> None:
    assert not is_signed(stopped(0), {}, DOCUMENTED_BODY)


@given(body=st.binary(max_size=200), timestamp=st.text(max_size=25), signature=st.text(max_size=80))
def test_nobody_gets_in_by_chance_or_breaks_the_check(
    body: bytes, timestamp: str, signature: str
) -> None:
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    assert not is_signed(stopped(0), headers, body)


READ = [
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


@pytest.mark.parametrize(("raw", "content_type", "body"), READ)
def test_each_of_slacks_three_ways_of_writing_is_read(
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
def test_what_is_neither_is_refused(raw: bytes, content_type: str) -> None:
    with pytest.raises(BadRequestError):
        parse_body(raw, content_type)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(body=st.dictionaries(TEXTS, TEXTS | st.integers(-(2**53), 2**53) | st.none(), max_size=5))
def test_every_interaction_arrives_as_it_was_sent(body: dict[str, Any]) -> None:
    written = quote_plus(json.dumps(body)).encode()
    assert parse_body(b"payload=" + written, FORM_CONTENT_TYPE) == body


@given(fields=st.dictionaries(TEXTS.filter(lambda name: name != "payload"), TEXTS, max_size=5))
def test_every_command_arrives_as_it_was_typed(fields: dict[str, str]) -> None:
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
def test_strange_quoting_is_read_as_the_library_reads_it(pieces: list[str]) -> None:
    quoted = "".join(pieces).encode()
    assert unquote_form(quoted) == unquote_to_bytes(quoted.replace(b"+", b" "))


@given(
    raw=st.binary(max_size=120),
    content_type=st.sampled_from([JSON, FORM_CONTENT_TYPE, "text/plain", ""]),
)
def test_no_bytes_whatever_break_the_reading(raw: bytes, content_type: str) -> None:
    with suppress(BadRequestError):
        assert isinstance(parse_body(raw, content_type), dict)


@dataclass
class Door:
    """A running web server, what got through it, and a hand that signs."""

    client: TestClient[Any, Any]
    heard: list[dict[str, Any]] = field(default_factory=list)
    health: dict[str, Any] = field(default_factory=lambda: {"ok": True, "pending_messages": 0})

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


def listening(heard: list[dict[str, Any]]) -> AsyncApp:
    """Return a Bolt app that writes down what reaches it."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0", bot_id="B0")

    async def hear(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    async def obey(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack(f"You typed {body['text']}")

    app = AsyncApp(
        name="example",
        client=AsyncWebClient(token=None),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )
    app.command("/label")(obey)
    app.action("tap")(hear)
    app.event("app_home_opened")(hear)
    return app


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """Return a door that knows the secret."""
    heard: list[dict[str, Any]] = []

    async def healthy() -> dict[str, Any]:
        return opened.health

    server = TestServer(build_web_app(listening(heard), SECRET, healthy))
    async with TestClient(server) as client:
        opened = Door(client, heard)
        yield opened


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
async def test_a_command_is_answered_whatever_its_words(door: Door, text: str) -> None:
    answer = await door.post(urlencode({**COMMAND, "text": text}).encode())
    assert answer.status == 200
    assert await answer.text() == f"You typed {text}"
    assert [body["text"] for body in door.heard] == [text]


async def test_a_tap_gets_through(door: Door) -> None:
    answer = await door.post(b"payload=" + quote_plus(json.dumps(TAP)).encode())
    assert (answer.status, await answer.text()) == (200, "")
    assert door.heard == [TAP]


async def test_an_event_gets_through(door: Door) -> None:
    answer = await door.post(json.dumps(EVENT).encode(), JSON)
    assert (answer.status, await answer.text()) == (200, "")
    assert door.heard == [EVENT]


async def test_an_event_gets_through_whatever_its_charset_is_called(door: Door) -> None:
    answer = await door.post(json.dumps(EVENT).encode(), f"{JSON}; charset=utf-8")
    assert answer.status == 200
    assert door.heard == [EVENT]


async def test_what_nobody_listens_to_is_not_acknowledged(door: Door) -> None:
    answer = await door.post(urlencode({**COMMAND, "command": "/other"}).encode())
    assert answer.status == 404


async def test_the_challenge_of_a_new_address_is_sent_back(door: Door) -> None:
    challenge = {"type": "url_verification", "token": "x", "challenge": "3eZbrw1a <b>"}
    answer = await door.post(json.dumps(challenge).encode(), JSON)
    assert (answer.status, answer.content_type) == (200, "text/plain")
    assert await answer.text() == "3eZbrw1a <b>"
    assert door.heard == []


async def test_the_check_of_the_certificate_is_answered(door: Door) -> None:
    answer = await door.post(b"ssl_check=1&token=x")
    assert (answer.status, await answer.text()) == (200, "")


Send = Callable[[Door], Awaitable[ClientResponse]]
REFUSED: dict[str, Send] = {
    "another secret": lambda door: door.post(urlencode(COMMAND).encode(), secret=SECRET[::-1]),
    "six minutes old": lambda door: door.post(urlencode(COMMAND).encode(), age=360),
    "six minutes early": lambda door: door.post(urlencode(COMMAND).encode(), age=-360),
    "nothing signed": lambda door: door.client.post("/slack/events", data=COMMAND),
    "a challenge not signed": lambda door: door.client.post(
        "/slack/events", json={"type": "url_verification", "challenge": "x"}
    ),
    "a time in words": lambda door: door.client.post(
        "/slack/events", data=COMMAND, headers=documented(**{"X-Slack-Request-Timestamp": "now"})
    ),
    "no text at all": lambda door: door.client.post(
        "/slack/events",
        data=b"\xff\xfe",
        headers=documented(**{"X-Slack-Request-Timestamp": str(int(time.time()))}),
    ),
}


@pytest.mark.parametrize("send", REFUSED.values(), ids=REFUSED.keys())
async def test_what_slack_did_not_sign_is_refused_as_bolt_refuses_it(
    door: Door, send: Send
) -> None:
    answer = await send(door)
    assert answer.status == 401
    assert await answer.json() == {"error": "invalid request"}
    assert door.heard == []


@pytest.mark.parametrize(
    ("raw", "content_type"), [(b"{", JSON), (b"[1]", JSON), (b"payload=x", FORM_CONTENT_TYPE)]
)
async def test_a_signed_body_that_is_broken_is_a_bad_request(
    door: Door, raw: bytes, content_type: str
) -> None:
    answer = await door.post(raw, content_type)
    assert answer.status == 400
    assert (await answer.json())["error"].startswith("this is no JSON")


async def test_a_body_larger_than_slack_sends_is_not_read(door: Door) -> None:
    answer = await door.post(b"text=" + b"x" * MAX_REQUEST_BYTES)
    assert answer.status == 413
    assert door.heard == []


async def test_the_largest_body_is_read(door: Door) -> None:
    body = urlencode({**COMMAND, "text": ""}).encode()
    answer = await door.post(body + b"&more=" + b"x" * (MAX_REQUEST_BYTES - len(body) - 6))
    assert answer.status == 200


async def test_slack_can_only_post(door: Door) -> None:
    answer = await door.client.get("/slack/events")
    assert answer.status == 405


@pytest.mark.parametrize(("is_well", "status"), [(True, 200), (False, 503)])
async def test_health_is_told_to_anybody(door: Door, *, is_well: bool, status: int) -> None:
    door.health = {"ok": is_well, "database": "answers"}
    answer = await door.client.get("/health")
    assert answer.status == status
    assert await answer.json() == door.health


async def test_without_a_secret_there_is_no_way_in_but_health() -> None:
    async def healthy() -> dict[str, Any]:
        return {"ok": True}

    server = TestServer(build_web_app(listening([]), None, healthy))
    async with TestClient(server) as client:
        assert (await client.get("/health")).status == 200
        assert (await client.post("/slack/events", data=b"ssl_check=1")).status == 404
