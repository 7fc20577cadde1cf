"""Long lists, a page at a time."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import Refusal
from bot.sandbox.wire import Json

T = TypeVar("T")


def page(
    everything: Sequence[T], args: Arguments, *, most: int, usual: int = 100
) -> tuple[Sequence[T], Json]:
    """Return the page that `cursor` and `limit` ask for, and what says where the next begins.

    Raises:
        Refusal: `invalid_limit` or `invalid_cursor`.
    """
    limit = args.number("limit", usual, most)
    start = _start(args.text("cursor"), len(everything))
    rest = start + limit < len(everything)
    cursor = _cursor(start + limit) if rest else ""
    return everything[start : start + limit], {"response_metadata": {"next_cursor": cursor}}


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str, length: int) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refusal(error="invalid_cursor") from None
    if word != "next" or not number.isdigit() or int(number) > length:
        raise Refusal(error="invalid_cursor")
    return int(number)
