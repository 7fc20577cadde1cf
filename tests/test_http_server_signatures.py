"""Signatures of requests: Slack's example is valid for five minutes, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier

from bot.http_server import (
    is_signed,
)
from tests.slack_requests import (
    DOCUMENTED_AT,
    DOCUMENTED_BODY,
    DOCUMENTED_SIGNATURE,
    SECRET,
    documented_headers,
)


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
