"""JSON bodies from Slack, parsed into values that the database can store."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"
"""Replaces NUL and lone surrogates: PostgreSQL cannot store the one, UTF-8 not the other."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_ESCAPED_NUL = b"\\u0000"

_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class InvalidJsonError(ValueError):
    """The text is not a JSON object."""


def parse_json_object(text: bytes) -> dict[str, Any]:
    """Parse a JSON object. In its texts, NUL and lone surrogates are replaced.

    Raises:
        InvalidJsonError: it is not JSON, not an object, or nested too deeply.
    """
    value = _parse(text)
    if not isinstance(value, dict):
        message = "not a JSON object"
        raise InvalidJsonError(message)
    return value


def _parse(text: bytes) -> object:
    try:
        value = orjson.loads(text)
        return clean(value) if _ESCAPED_NUL in text else value
    except orjson.JSONDecodeError as error:
        message = "invalid JSON"
        if not _ESCAPED_SURROGATE.search(text):
            raise InvalidJsonError(message) from error
        try:  # orjson refuses lone surrogates, which clients can send
            return clean(json.loads(text))
        except (ValueError, RecursionError) as other_error:
            raise InvalidJsonError(message) from other_error


def clean(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Replace the characters of a JSON value that cannot be stored."""
    if isinstance(value, str):
        return _UNSTORABLE.sub(REPLACEMENT_CHARACTER, value)
    if isinstance(value, list):
        return [clean(entry) for entry in value]
    if isinstance(value, dict):
        return {clean(key): clean(entry) for key, entry in value.items()}
    return value
