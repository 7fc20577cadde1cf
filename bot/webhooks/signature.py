"""Signatures of webhooks by Standard Webhooks (https://www.standardwebhooks.com, version 1)."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from hmac import digest
from secrets import token_bytes

from bot.errors import BotError

SECRET_PREFIX = "whsec_"  # noqa: S105 - the beginning of every secret

NEW_KEY_BYTES = 32

MIN_KEY_BYTES, MAX_KEY_BYTES = 24, 64
"""Length of a key, as the specification recommends."""


class InvalidWebhookSecretError(BotError):
    """must be “whsec_” and 24 to 64 bytes as Base64; for a new one: openssl rand -base64 32."""


def new_secret() -> str:
    """Return a secret that nobody knows."""
    return f"{SECRET_PREFIX}{b64encode(token_bytes(NEW_KEY_BYTES)).decode()}"


def parse_secrets(text: str) -> tuple[bytes, ...]:
    """Return the keys of one or more secrets, separated by spaces.

    While a receiver changes its secret, messages are signed with the old and the new one.

    Raises:
        InvalidWebhookSecretError: one of them is not `whsec_` and Base64, or there is none.
    """
    keys = tuple(map(_parse_secret, text.split()))
    if not keys:
        raise InvalidWebhookSecretError
    return keys


def _parse_secret(secret: str) -> bytes:
    if not secret.startswith(SECRET_PREFIX):
        raise InvalidWebhookSecretError
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidWebhookSecretError from None
    if not MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES:
        raise InvalidWebhookSecretError
    return key


def sign(keys: Sequence[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signatures of a message, one for each key.

    HMAC-SHA256 over the id, the time of the attempt in Unix seconds and the body, with dots
    between them.
    """
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return " ".join(f"v1,{b64encode(digest(key, content, sha256)).decode()}" for key in keys)


def signed_headers(
    keys: Sequence[bytes], message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the three headers of a signed message.

    `message_id` is the same in every attempt to deliver the message, so that receivers recognize a
    repeated one.
    """
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(keys, message_id, timestamp, body),
    }
