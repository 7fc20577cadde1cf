"""No request that Slack could send breaks the bot: no status of 500, no traceback, no leak.

Valid payloads of every kind are changed at random and sent through the real web server, signed, and
through a real socket of the sandbox. The sample is the same on each run. With
LABELBOT_FUZZ_EXAMPLES, which sets its size, it is another one on each run.
"""

from __future__ import annotations

import gc
import hmac
import json
import logging
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from bot.clock import AdjustableClock
from bot.sandbox import NO_LIMITS, Sandbox
from bot.sandbox.delivery import Ack, Envelope
from bot.slack.app_manifest import build_manifest
from tests.fuzz.mutations import mutate
from tests.fuzz.samples import all_samples
from tests.journeys.journey import MONDAY_MORNING, Journey

EXAMPLES = int(os.environ.get("LABELBOT_FUZZ_EXAMPLES", "250"))

FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="LABELBOT_FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
"""All examples of a test are sent to the same bot."""

MAX_GROWTH_KB = 300_000
"""Largest growth of this process, with all texts of 200,000 characters that were sent."""

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

RAW_BODIES: tuple[tuple[bytes, str], ...] = (
    *((b"", content_type) for content_type in (FORM, JSON, "text/plain", "")),
    (b"{", JSON),
    (b"[" * 5_000, JSON),
    (b'{"a":' * 5_000, JSON),
    (b"\xff\xfe\x00", JSON),
    (b"\xff\xfe\x00", FORM),
    (b'{"type": "\\ud800"}', JSON),
    (b'{"type": NaN}', JSON),
    (b'{"type": 1e999}', JSON),
    (b"payload=", FORM),
    (b"payload=%ff", FORM),
    (b"payload=%7B%22type%22", FORM),
    (b"payload=[]", FORM),
    (b"payload={}&payload={}", FORM),
    (b"command=/label", FORM),
    (b"command=%2Flabel&user_id=%00&text=%F0%9F", FORM),
    (b"&&&===", FORM),
    (b"a=b&" * 50_000, FORM),
    (b"x" * 1_000_000, "multipart/form-data; boundary=x"),
    (b'{"type": "event_callback"}', FORM),
    (b"command=/label&user_id=U1", JSON),
)
"""Bodies that are no payload at all, with their content type."""

RAW_FRAMES = (
    "",
    "x",
    "[]",
    "{",
    '{"envelope_id": 1, "type": "x", "payload": {}}',
    '{"envelope_id": "e1", "type": "interactive", "payload": []}',
    '{"envelope_id": "e2", "type": "interactive", "payload": null}',
    '{"envelope_id": "e3", "type": [], "payload": {"type": "\\ud800"}}',
    '{"type": {}}',
    '{"a":' * 3_000,
    "\x00",
)
"""Frames that are no envelope."""


class TracebackLog(logging.Handler):
    """Collects log records that have a traceback."""

    def __init__(self) -> None:
        """Start with an empty list."""
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record with a traceback."""
        if record.exc_info:
            self.records.append(record)


@dataclass
class FuzzTarget:
    """A running bot, people who use it, and what it has logged."""

    journey: Journey
    samples: list[Any]
    errors: TracebackLog

    def draw_payload(self, random: Random) -> Any:  # noqa: ANN401 - any JSON value
        """Return a changed payload; what was logged before is no longer of interest."""
        self.errors.records.clear()
        payload = mutate(random.choice(self.samples), random)
        note(json.dumps(payload)[:3_000])
        return payload

    def check(self) -> None:
        """Check that nothing was logged as an error."""
        if self.errors.records:
            pytest.fail(logging.Formatter().format(self.errors.records[0])[-4_000:])

    def stop(self) -> None:
        """Stop the bot, which first finishes what it does in the background."""
        self.journey.stop_bot()
        self.check()


@pytest.fixture
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FuzzTarget]:
    """Run a bot with a campaign, one task of which is assigned: HTTP on PostgreSQL, or a socket."""
    transport = str(request.param)
    database = "postgresql_url" if transport == "http" else "sqlite_url"
    database_url = str(request.getfixturevalue(database))
    clock = AdjustableClock(MONDAY_MORNING)
    errors = TracebackLog()
    with Sandbox(manifest=build_manifest(None), clock=clock, limits=NO_LIMITS) as sandbox:
        journey = Journey(sandbox, database_url, tmp_path, transport, clock)
        ada, boss = journey.add_user("ada"), journey.add_user("boss")
        journey.coordinators = (boss.id,)
        journey.create_campaign("comparison", [ada, boss], overlap=2)
        logging.getLogger().addHandler(errors)
        journey.start_bot()
        yield FuzzTarget(journey, list(all_samples((ada.id, boss.id))), errors)
        journey.stop_bot()
        journey.database.close()
        logging.getLogger().removeHandler(errors)


def memory_kb() -> int:
    """Return the largest memory of this process so far."""
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def encode(payload: Any, random: Random) -> tuple[bytes, str]:  # noqa: ANN401 - any JSON value
    """Return a body and its content type, most of the time the right one."""
    is_object = isinstance(payload, dict)
    if random.random() < 0.03:
        return json.dumps(payload).encode(), random.choice((FORM, "text/plain", "", "a/b; c"))
    if is_object and "command" in payload:
        return urlencode({str(key): str(value) for key, value in payload.items()}).encode(), FORM
    if is_object and payload.get("type") in ("event_callback", "url_verification"):
        return json.dumps(payload).encode(), JSON
    return b"payload=" + quote_plus(json.dumps(payload)).encode(), FORM


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body. The SDK's function signs only texts."""
    message = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), message, "sha256").hexdigest()


@pytest.mark.parametrize("target", ["http"], indirect=True)
def test_no_http_request_breaks_the_bot(target: FuzzTarget) -> None:
    assert target.journey.bot
    secret = target.journey.sandbox.signing_secret
    before = memory_kb()
    with httpx.Client(trust_env=False, timeout=30) as client:

        def post(body: bytes, content_type: str) -> None:
            now = str(int(time.time()))
            headers = {
                "Content-Type": content_type,
                "X-Slack-Request-Timestamp": now,
                "X-Slack-Signature": sign(secret, now, body),
            }
            assert target.journey.bot
            response = client.post(target.journey.bot.url, content=body, headers=headers)
            target.check()
            assert response.status_code < 500

        @FUZZ
        @given(random=st.randoms())
        def post_payload(random: Random) -> None:
            post(*encode(target.draw_payload(random), random))

        for body, content_type in RAW_BODIES:
            post(body, content_type)
        post_payload()
    target.stop()
    assert memory_kb() - before < MAX_GROWTH_KB


def send_frame(sandbox: Sandbox, frame: str) -> None:
    """Send a text over the bot's socket."""
    (connection,) = sandbox._world.sockets._connections  # noqa: SLF001 - no person can do this
    sandbox._server.run_coroutine(connection.socket.send_str(frame))  # noqa: SLF001 - no person can do this


def send_payload(sandbox: Sandbox, payload: Any) -> Ack:  # noqa: ANN401 - any JSON value
    """Send a payload in an envelope; return the acknowledgment."""
    is_event = isinstance(payload, dict) and payload.get("type") == "event_callback"
    envelope = Envelope("events_api" if is_event else "interactive", payload)
    return sandbox._server.run_coroutine(sandbox._world.sockets.send(envelope))  # noqa: SLF001 - no person can do this


@pytest.mark.parametrize("target", ["socket"], indirect=True)
def test_no_envelope_breaks_the_bot(target: FuzzTarget) -> None:
    sandbox = target.journey.sandbox
    before = memory_kb()
    for frame in RAW_FRAMES:
        send_frame(sandbox, frame)

    @FUZZ
    @given(random=st.randoms())
    def deliver_payload(random: Random) -> None:
        ack = send_payload(sandbox, target.draw_payload(random))
        target.check()
        assert (ack.status, ack.problem) == (200, "")

    deliver_payload()
    assert sandbox.connection_count == 1
    target.stop()
    assert memory_kb() - before < MAX_GROWTH_KB
