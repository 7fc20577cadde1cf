"""The base of what the client returns, and what several routes return."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class ResponseModel(BaseModel):
    """A value of a response. Fields that a newer server adds are kept and do no harm."""

    model_config = ConfigDict(extra="allow", frozen=True)


class TaggedModel(ResponseModel):
    """A value with the ETag that its response had; None if it is an entry of a list."""

    etag: str | None = None


class ListPage(ResponseModel, Generic[T]):
    """One page of a list; `next_cursor` is None on the last page."""

    data: list[T]
    next_cursor: str | None


class ChangeResult(ResponseModel):
    """How many things a request changed."""

    changed: int
