"""Bodies with items: received in parts into a temporary file, whatever their size."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import Request

from bot.api.errors import LargeBodyError, UnsupportedTypeError

MAX_BODY_BYTES = 2_000_000_000

FILE_TYPES = {
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/json": ".json",
    "text/csv": ".csv",
    "application/vnd.apache.parquet": ".parquet",
}
"""File types by the media type of a body."""

BODY: dict[str, Any] = {
    "required": True,
    "description": "Items as rows, for example one JSON object per line. May be sent with gzip.",
    "content": {
        "application/x-ndjson": {
            "schema": {"type": "string"},
            "example": '{"id": "1", "prompt": "Hi!", "response_a": "Hello.", "response_b": "Yo"}',
        },
        **{
            name: {"schema": {"type": "string"}}
            for name in FILE_TYPES
            if name not in ("application/x-ndjson", "application/json")
        },
        "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
    },
}
"""The body of a request with items, for the OpenAPI document."""


@dataclass(frozen=True, slots=True)
class ReceivedBody:
    """A received body: the file, the SHA-256 of its bytes, and what the audit log calls it."""

    path: Path
    digest: bytes
    name: str = "API"


@asynccontextmanager
async def receive_upload(request: Request) -> AsyncIterator[ReceivedBody]:
    """Provide the body of a request as a file.

    Raises:
        UnsupportedTypeError: its type is not one of items.
        LargeBodyError: it is too large; nothing is kept.
    """
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    suffix = FILE_TYPES.get(media_type)
    if suffix is None:
        raise UnsupportedTypeError(type=f"“{media_type}”", known=", ".join(FILE_TYPES))
    suffix += _compression(request)
    with TemporaryDirectory(prefix="labelbot-api-") as folder:
        path, digest, size = Path(folder) / f"items{suffix}", sha256(), 0
        with path.open("wb") as file:
            async for part in request.stream():
                size += len(part)
                if size > MAX_BODY_BYTES:
                    raise LargeBodyError(limit=f"{MAX_BODY_BYTES:,} bytes")
                digest.update(part)
                file.write(part)
        yield ReceivedBody(path, digest.digest())


def _compression(request: Request) -> str:
    """Return the suffix of a compressed body. The importer limits what it unpacks."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        return ""
    if encoding != "gzip":
        raise UnsupportedTypeError(type=f"Content-Encoding “{encoding}”", known="gzip, identity")
    return ".gz"
