"""Pages of lists: an opaque cursor after which the next page begins."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from bot.api.errors import UnknownCursorError

T = TypeVar("T")

MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100

MAX_POSITION = 2**31 - 1
"""Largest id that both databases store."""

Cursor = Annotated[str | None, Query(description="Where the page begins: `next_cursor`.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most entries of a page.")]

_POSITION = re.compile(r"after:([0-9]{1,10})")


class Page(BaseModel, Generic[T]):
    """One page of a list. `next_cursor` is null on the last page."""

    data: list[T]
    next_cursor: str | None = Field(default=None)


def position_of(cursor: str | None) -> int:
    """Return the position that a cursor names; 0 without one.

    Raises:
        UnknownCursorError: it is not a cursor of this API.
    """
    if cursor is None:
        return 0
    try:
        text = urlsafe_b64decode(cursor.encode("ascii") + b"==").decode("ascii")
    except ValueError:
        raise UnknownCursorError from None
    match = _POSITION.fullmatch(text)
    if match is None or int(match[1]) > MAX_POSITION:
        raise UnknownCursorError
    return int(match[1])


def cursor_of(position: int) -> str:
    """Return the cursor of a position."""
    return urlsafe_b64encode(f"after:{position}".encode()).decode().rstrip("=")


def slice_page(entries: Sequence[T], cursor: str | None, limit: int) -> Page[T]:
    """Return a page of a list that is complete in memory."""
    start = position_of(cursor)
    end = start + limit
    following = cursor_of(end) if end < len(entries) else None
    return Page(data=list(entries[start:end]), next_cursor=following)


def following_page(entries: Sequence[T], limit: int, position: Callable[[T], int]) -> Page[T]:
    """Return a page of up to `limit` entries; one more was read if there is another page."""
    shown = list(entries[:limit])
    following = cursor_of(position(shown[-1])) if len(entries) > limit else None
    return Page(data=shown, next_cursor=following)
