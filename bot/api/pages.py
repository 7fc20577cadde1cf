"""Pages of lists: an opaque cursor after which the next page begins."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

from bot.api.errors import OtherCursorError, UnknownCursorError

T = TypeVar("T")

MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100

MAX_POSITION = 2**31 - 1
"""Largest id that both databases store."""

PAGING_PARAMETERS = ("cursor", "limit")

STREAM_SUFFIX = ".ndjson"
"""A list as a stream has the cursors of its pages."""

_CURSOR = re.compile(r"after:([0-9]{1,10}):([0-9a-f]{8})")


class Page(BaseModel, Generic[T]):
    """One page of a list. `next_cursor` is null on the last page."""

    data: list[T]
    next_cursor: str | None = Field(default=None)


@dataclass(frozen=True, slots=True)
class ListCursor:
    """Where a page begins. `list_tag` is the same for all requests for one list."""

    list_tag: str
    text: str | None

    @property
    def position(self) -> int:
        """Return the position that the cursor names; 0 without one.

        Raises:
            UnknownCursorError: it is not a cursor of this API.
            OtherCursorError: another list returned it.
        """
        if self.text is None:
            return 0
        try:
            text = urlsafe_b64decode(self.text.encode("ascii") + b"==").decode("ascii")
        except ValueError:
            raise UnknownCursorError from None
        match = _CURSOR.fullmatch(text)
        if match is None or int(match[1]) > MAX_POSITION:
            raise UnknownCursorError
        if match[2] != self.list_tag:
            raise OtherCursorError
        return int(match[1])

    def following(self, position: int) -> str:
        """Return the cursor of a later position in the list."""
        return urlsafe_b64encode(f"after:{position}:{self.list_tag}".encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list is wanted: where it begins, and its most entries."""

    cursor: ListCursor
    limit: int

    def slice(self, entries: Sequence[T]) -> Page[T]:
        """Return the page of a list that is complete in memory."""
        start = self.cursor.position
        end = start + self.limit
        following = self.cursor.following(end) if end < len(entries) else None
        return Page(data=list(entries[start:end]), next_cursor=following)

    def page_of(self, entries: Sequence[T], position: Callable[[T], int]) -> Page[T]:
        """Return the page of `limit` entries; one more was read if there is another page."""
        shown = list(entries[: self.limit])
        has_more = len(entries) > self.limit
        following = self.cursor.following(position(shown[-1])) if has_more else None
        return Page(data=shown, next_cursor=following)


CursorText = Annotated[str | None, Query(description="Where the page begins: `next_cursor`.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most entries of a page.")]


async def _list_cursor(request: Request, cursor: CursorText = None) -> ListCursor:
    filters = sorted(
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in PAGING_PARAMETERS
    )
    name = f"{request.scope['path'].removesuffix(STREAM_SUFFIX)} {filters}"
    return ListCursor(sha256(name.encode()).hexdigest()[:8], cursor)


async def _paging(
    request: Request, cursor: CursorText = None, limit: Limit = DEFAULT_LIMIT
) -> Paging:
    return Paging(await _list_cursor(request, cursor), limit)


Cursor = Annotated[ListCursor, Depends(_list_cursor)]
PageRequest = Annotated[Paging, Depends(_paging)]
