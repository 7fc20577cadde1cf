"""Requests as values, shared by both clients: method, path, parameters and body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from pydantic_core import to_json

PREFIX = "/api/v1"

BATCH_ROWS = 1_000
"""Rows of one request, so that a repetition sends little again."""

NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A request. A change has an idempotency key, so that it can be sent again."""

    method: str
    path: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def get(path: str, **parameters: object) -> ApiCall:
    """Return a request that reads; parameters that are None are left out."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return ApiCall("GET", PREFIX + path, given)


def post(path: str, body: Mapping[str, object] | None = None) -> ApiCall:
    """Return a request that changes something."""
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    return ApiCall("POST", PREFIX + path, {}, to_json(body or {}), headers)


def push(
    campaign: str, rows: Iterable[Mapping[str, object]], mapping: Mapping[str, str]
) -> ApiCall:
    """Return a request that adds rows to a campaign."""
    content = b"".join(to_json(dict(row), inf_nan_mode="null") + b"\n" for row in rows)
    parameters = {"map": [f"{part}={columns}" for part, columns in mapping.items()]}
    headers = {"Idempotency-Key": str(uuid4()), **NDJSON}
    return ApiCall("POST", f"{campaign_path(campaign)}/items", parameters, content, headers)


def campaign_path(campaign: str) -> str:
    """Return the path of a campaign."""
    return f"{PREFIX}/campaigns/{quote(campaign, safe='')}"


def relative(path: str) -> str:
    """Return a path without the prefix of all paths."""
    return path.removeprefix(PREFIX)


def rows_of(data: Any) -> Iterator[Mapping[str, object]]:  # noqa: ANN401 - a data set of any library
    """Yield the rows of a list, a generator, a `datasets.Dataset` or a `pandas.DataFrame`."""
    is_frame = hasattr(data, "to_dict") and hasattr(data, "iloc")
    yield from (data.to_dict("records") if is_frame else data)


def batches_of(data: Any) -> Iterator[list[Mapping[str, object]]]:  # noqa: ANN401 - as rows_of
    """Yield the rows of a data set in batches of one request each."""
    rows = rows_of(data)
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch


def count_of(data: Any) -> int | None:  # noqa: ANN401 - as rows_of
    """Return the number of rows, None if it is not known before they are read."""
    return len(data) if hasattr(data, "__len__") else None


def file_call(number: int, name: str) -> ApiCall:
    """Return a request for a file of an export."""
    return ApiCall("GET", f"{PREFIX}/exports/{number}/files/{quote(name)}")


def safe_path(folder: Path, name: str) -> Path:
    """Return the path of a file in a folder.

    Raises:
        ValueError: the name leads out of the folder.
    """
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        message = f"the file name “{name}” leads out of the folder"
        raise ValueError(message)
    return target
