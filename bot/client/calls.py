"""Requests as values, shared by both clients: method, path, parameters, body and result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from urllib.parse import quote
from uuid import uuid4

from pydantic_core import to_json

T = TypeVar("T")

PREFIX = "/api/v1"

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class ApiCall(Generic[T]):
    """A request and the type of its result.

    A change has an idempotency key, so that it can be sent again. `content` is a function that
    returns the body in parts, from its beginning, if it is large.
    """

    method: str
    path: str
    result: type[T]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def path_of(*parts: object) -> str:
    """Return the path of a route; names of campaigns and items may have any characters."""
    return "/".join([PREFIX, *(quote(str(part), safe="") for part in parts)])


def get(path: str, result: type[T], **parameters: object) -> ApiCall[T]:
    """Return a request that reads; parameters that are None are left out."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return ApiCall("GET", path, result, given)


def page_after(call: ApiCall[T], cursor: str | None) -> ApiCall[T]:
    """Return the request for the page after a cursor; None: for the first one."""
    if cursor is None:
        return call
    return replace(call, parameters={**call.parameters, "cursor": cursor})


def change(
    method: str, path: str, result: type[T], body: Mapping[str, object] | None = None
) -> ApiCall[T]:
    """Return a request that changes something."""
    headers = idempotency_key() | (JSON if body is not None else {})
    content = None if body is None else to_json(body)
    return ApiCall(method, path, result, {}, content, headers)


def idempotency_key() -> dict[str, str]:
    """Return a header that makes sure that a request takes effect once."""
    return {"Idempotency-Key": str(uuid4())}
