"""Requests that send rows, without the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.client.calls import ApiCall, idempotency_key, path_of
from bot.client.models.items import PushResult
from bot.client.problems import RejectedRowsError

NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class PushOptions:
    """How rows are read, as in the options of `labelbot import`.

    Attributes:
        meanings: what the values of answers mean, as in ("left=a", "right=b").
        shape: the shape of the dataset; None: it is detected.
        group_by: the column whose equal values make rows one item.
        strict: add nothing if a row is invalid.
    """

    meanings: tuple[str, ...] = ()
    shape: str | None = None
    group_by: str | None = None
    strict: bool = False


USUAL = PushOptions()

Columns = Mapping[str, str | Sequence[str]]
"""The columns of parts of an item: {"candidates": ["a", "b"]}, also {"candidates": "a,b"}."""


def push_items(campaign: str, mapping: Columns, options: PushOptions) -> ApiCall[PushResult]:
    """Return a request that adds rows to a campaign."""
    parameters = _parameters(mapping, options) | ({"strict": "true"} if options.strict else {})
    headers = {**idempotency_key(), **NDJSON}
    path = path_of("campaigns", campaign, "items")
    return ApiCall("POST", path, PushResult, parameters, None, headers)


def check_items(
    campaign: str, mapping: Columns, options: PushOptions, *, near: bool
) -> ApiCall[dict[str, Any]]:
    """Return a request that checks rows and stores nothing."""
    parameters = _parameters(mapping, options) | ({"near": "true"} if near else {})
    path = path_of("campaigns", campaign, "items", "check")
    return ApiCall("POST", path, dict[str, Any], parameters, None, NDJSON)


def require_all_rows(result: PushResult) -> PushResult:
    """Return the result of a push.

    Raises:
        RejectedRowsError: rows were rejected.
    """
    if result.rejected:
        raise RejectedRowsError(result)
    return result


def _parameters(mapping: Columns, options: PushOptions) -> dict[str, Any]:
    """Return the parameters of a request; those that are not set are left out."""
    parameters: dict[str, Any] = {
        "map": [f"{part}={_join_columns(part, names)}" for part, names in mapping.items()],
        "value": list(options.meanings),
        "shape": options.shape,
        "group_by": options.group_by,
    }
    return {name: value for name, value in parameters.items() if value}


def _join_columns(part: str, names: str | Sequence[str]) -> str:
    """Return the names of columns as the API takes them.

    Raises:
        TypeError: they are not text.
        ValueError: a name has a comma, so that the API would read it as two.
    """
    if isinstance(names, str):
        return names
    for name in names if isinstance(names, Sequence) else [names]:
        if not isinstance(name, str):
            message = f"the columns of “{part}” must be names, not {type(name).__name__}"
            raise TypeError(message)
        if "," in name:
            message = f"the column “{name}” has a comma: rename it to map it to “{part}”"
            raise ValueError(message)
    return ",".join(names)
