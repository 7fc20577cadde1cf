"""JSON encoding and decoding."""

from __future__ import annotations

from typing import Any, TypeAlias

import orjson

Json: TypeAlias = dict[str, Any]
"""A JSON object with arbitrary content."""


def encode(value: object) -> bytes:
    """Return `value` as JSON bytes."""
    return orjson.dumps(value)


def decode(raw: bytes | str) -> object:
    """Return the value of the JSON in `raw`.

    Raises:
        ValueError: if it is not JSON.
    """
    return orjson.loads(raw)


def as_object(value: object) -> Json:
    """Return `value` if it is a JSON object, else an empty object."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return `value` if it is a JSON array, else an empty list."""
    return value if isinstance(value, list) else []
