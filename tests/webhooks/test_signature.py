"""Signatures of webhooks: the published example, and what the official library verifies."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from bot.webhooks.signature import InvalidWebhookSecretError, parse_secrets, sign, signed_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - published
KEYS = st.binary(min_size=24, max_size=64)


def test_published_example_has_its_published_signature() -> None:
    """The example of https://github.com/standard-webhooks/standard-webhooks, in each library."""
    signature = sign(
        parse_secrets(SECRET),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(KEYS, st.text(st.characters(categories=["Ll", "Nd"]), min_size=1), st.text())
def test_official_library_verifies_every_message(key: bytes, message_id: str, text: str) -> None:
    body = text.encode("utf-8", "replace")
    secret = f"whsec_{b64encode(key).decode()}"
    now = datetime.now(UTC)
    headers = signed_headers(parse_secrets(secret), message_id, int(now.timestamp()), body)
    expected = Webhook(secret).sign(message_id, now, body.decode())
    assert headers["webhook-signature"] == expected


def test_message_is_signed_with_the_old_and_the_new_secret() -> None:
    new = f"whsec_{b64encode(bytes(32)).decode()}"
    body, now = b"{}", datetime.now(UTC)
    headers = signed_headers(parse_secrets(f"{SECRET} {new}"), "msg_1", int(now.timestamp()), body)
    for secret in (SECRET, new):
        assert Webhook(secret).verify(body.decode(), headers) == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_short",
        "whsec_ä",
        f"whsec_{b64encode(bytes(23)).decode()}",
        f"whsec_{b64encode(bytes(65)).decode()}",
        f"{SECRET} wrong",
    ],
)
def test_other_secrets_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(InvalidWebhookSecretError) as caught:
        parse_secrets(text)
    key = text.removeprefix("whsec_")
    assert not key.strip() or key not in str(caught.value)
