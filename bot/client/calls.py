"""Requests as values, shared by both clients: method, path, parameters and body."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote
from uuid import uuid4

from pydantic_core import to_json

PREFIX = "/api/v1"

SPOOLED_BYTES = 8_000_000
"""Bytes of rows that are kept in memory; more are in a temporary file."""

PART_BYTES = 256 * 1024

ReportProgress = Callable[[int, int | None], object]
"""Called with what is done and what is wanted, None if that is not known."""


def ignore_progress(_done: int, _total: int | None) -> None:
    """Do nothing: the default of `progress`."""


NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A request. A change has an idempotency key, so that it can be sent again."""

    method: str
    path: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def get(path: str, **parameters: object) -> ApiCall:
    """Return a request that reads; parameters that are None are left out."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return ApiCall("GET", PREFIX + path, given)


def post(path: str, body: Mapping[str, object]) -> ApiCall:
    """Return a request that changes something."""
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    return ApiCall("POST", PREFIX + path, {}, to_json(body), headers)


def campaign(name: str) -> ApiCall:
    """Return a request for a campaign."""
    return get(_campaign_path(name))


def create_campaign(name: str, kind: str, options: Mapping[str, object]) -> ApiCall:
    """Return a request that creates a campaign."""
    return post("/campaigns", {"name": name, "kind": kind, **options})


def add_experts(name: str, slack_ids: list[str]) -> ApiCall:
    """Return a request that adds experts to a campaign."""
    return post(f"{_campaign_path(name)}/experts", {"experts": slack_ids})


def push(name: str, mapping: Mapping[str, str]) -> ApiCall:
    """Return a request that adds rows to a campaign, without the rows."""
    parameters = {"map": [f"{part}={columns}" for part, columns in mapping.items()]}
    headers = {"Idempotency-Key": str(uuid4()), **NDJSON}
    return ApiCall("POST", f"{PREFIX}{_campaign_path(name)}/items", parameters, None, headers)


def progress(name: str) -> ApiCall:
    """Return a request for the progress of a campaign."""
    return get(f"{_campaign_path(name)}/status")


def answers(name: str, cursor: str | None, limit: int) -> ApiCall:
    """Return a request for the answers of a campaign after a cursor."""
    return get(f"{_campaign_path(name)}/answers", cursor=cursor, limit=limit)


def start_export(name: str, format_name: str, options: Mapping[str, str]) -> ApiCall:
    """Return a request that queues an export."""
    body = {"format": format_name, "options": dict(options)}
    return post(f"{_campaign_path(name)}/exports", body)


def export(number: int) -> ApiCall:
    """Return a request for the state of an export."""
    return get(f"/exports/{number}")


def export_files(number: int) -> ApiCall:
    """Return a request for the list of files of an export."""
    return get(f"/exports/{number}/files")


def export_file(number: int, name: str) -> ApiCall:
    """Return a request for a file of an export."""
    return get(f"/exports/{number}/files/{quote(name)}")


def _campaign_path(name: str) -> str:
    return f"/campaigns/{quote(name, safe='')}"


def rows_of(data: Any) -> Iterator[Mapping[str, object]]:  # noqa: ANN401 - a data set of any library
    """Yield the rows of a list, a generator, a `datasets.Dataset` or a `pandas.DataFrame`.

    Raises:
        TypeError: a row is not a mapping from columns to values.
    """
    is_frame = hasattr(data, "to_dict") and hasattr(data, "iloc")
    for row in data.to_dict("records") if is_frame else data:
        if not isinstance(row, Mapping):
            message = f"a row must be a mapping from columns to values, not {type(row).__name__}"
            raise TypeError(message)
        yield row


@contextmanager
def stored_rows(data: Any) -> Iterator[IO[bytes]]:  # noqa: ANN401 - as rows_of
    """Provide the rows as JSON Lines in a temporary file, so that they can be sent again."""
    with SpooledTemporaryFile(max_size=SPOOLED_BYTES) as file:
        for row in rows_of(data):
            file.write(to_json(dict(row), inf_nan_mode="null") + b"\n")
        yield file


def iter_body(file: IO[bytes], progress: ReportProgress, total: int | None) -> Iterator[bytes]:
    """Yield a file of rows in parts from its beginning, and report how many rows were sent."""
    file.seek(0)
    sent = 0
    while part := file.read(PART_BYTES):
        yield part
        sent += part.count(b"\n")
        progress(sent, total)


def count_of(data: Any) -> int | None:  # noqa: ANN401 - as rows_of
    """Return the number of rows, None if it is not known before they are read."""
    return len(data) if hasattr(data, "__len__") else None


def write_file(folder: Path, name: str, content: bytes) -> Path:
    """Write a file of an export into a folder; return its path.

    Raises:
        ValueError: the name leads out of the folder.
    """
    target = safe_path(folder, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


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
