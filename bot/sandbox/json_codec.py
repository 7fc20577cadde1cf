"""JSON as it travels between the sandbox and an app."""

from __future__ import annotations

from typing import Any, TypeAlias

import orjson

Json: TypeAlias = dict[str, Any]
"""An object as JSON knows it; what is inside is whatever an app or a person sent."""


def encode(value: object) -> bytes:
    """Return `value` as JSON bytes."""
    return orjson.dumps(value)


def decode(raw: bytes | str) -> object:
    """Return what the JSON in `raw` says.

    Raises:
        ValueError: if it is not JSON.
    """
    return orjson.loads(raw)


def as_object(value: object) -> Json:
    """Return `value` if it is a JSON object, and an empty one otherwise."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return `value` if it is a JSON array, and an empty one otherwise."""
    return value if isinstance(value, list) else []
