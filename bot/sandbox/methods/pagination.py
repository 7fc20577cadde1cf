"""Cursor pagination of lists."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from ..arguments import Arguments
from ..errors import WebApiError
from ..json_codec import Json

T = TypeVar("T")


def paginate(
    items: Sequence[T], args: Arguments, *, maximum: int, default: int = 100
) -> tuple[Sequence[T], Json]:
    """Return the page selected by `cursor` and `limit`, and the JSON with the next cursor.

    Raises:
        WebApiError: `invalid_limit` or `invalid_cursor`.
    """
    limit = args.integer("limit", default, maximum)
    start = _decode_cursor(args.text("cursor"), len(items))
    has_more = start + limit < len(items)
    cursor = _encode_cursor(start + limit) if has_more else ""
    return items[start : start + limit], {"response_metadata": {"next_cursor": cursor}}


def _encode_cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _decode_cursor(cursor: str, length: int) -> int:
    if not cursor:
        return 0
    try:
        prefix, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise WebApiError(error="invalid_cursor") from None
    if prefix != "next" or not number.isdigit() or int(number) > length:
        raise WebApiError(error="invalid_cursor")
    return int(number)
