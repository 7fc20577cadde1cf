"""Bytes of images in a row: their type is that of their content, whatever their name says."""

from __future__ import annotations

import base64
import re
from binascii import Error as Base64Error
from collections.abc import Callable
from hashlib import sha256
from typing import Self
from urllib.parse import unquote_to_bytes

from bot.imports.row import InvalidRowError, quote_name
from bot.kinds.media import STORED_PREFIX, MediaType

MAX_IMAGE_BYTES = 5_000_000
"""Largest image. It is stored in the database, and experts open it on phones."""

IMAGE_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}
"""Extensions by first bytes. These are the types of a `slack_file` in an image block."""

STORED_URL = re.compile(rf"{STORED_PREFIX}[0-9a-f]{{64}}\.(?:png|jpg|gif)")

DATA_URL = re.compile(r"data:[^,]*?(;base64)?,", re.IGNORECASE)

ReadMedia = Callable[[str], bytes]
"""Returns the bytes of a file by its path beside the data file, or raises InvalidRowError."""


class MediaBytes(str):
    """Binary data of a cell. Its text describes it, because JSON has no binary data."""

    __slots__ = ("content",)
    content: bytes

    def __new__(cls, content: bytes) -> Self:
        """Describe the data by its size."""
        value = super().__new__(cls, f"{len(content):,} bytes of binary data")
        value.content = content
        return value


def without_files(path: str) -> bytes:
    """Reject a path: this import reads nothing but the data file.

    Raises:
        InvalidRowError: always.
    """
    message = (
        f"the file {quote_name(path)} cannot be read: only the data file was given; import a "
        "folder or a ZIP archive with both, or use a link that begins with https://"
    )
    raise InvalidRowError(message)


def stored_url(kind: MediaType, content: bytes, subject: str) -> str:
    """Return the URL under which the bytes of an image are stored.

    Raises:
        InvalidRowError: it is not an image that Slack shows, or it is too large.
    """
    if kind != "image":
        message = f"{subject} is a file; audio and video must be links that begin with https://"
        raise InvalidRowError(message)
    if len(content) > MAX_IMAGE_BYTES:
        message = f"{subject} has {len(content):,} bytes; the limit is {MAX_IMAGE_BYTES:,}"
        raise InvalidRowError(message)
    types = (type_ for start, type_ in IMAGE_SIGNATURES.items() if content.startswith(start))
    extension = next(types, None)
    if extension is None:
        message = f"{subject} is not a PNG, JPEG or GIF image, and Slack shows no others"
        raise InvalidRowError(message)
    return f"{STORED_PREFIX}{sha256(content).hexdigest()}.{extension}"


def decode_data_url(url: str, subject: str) -> bytes:
    """Return the bytes of a `data:` URL (RFC 2397).

    Raises:
        InvalidRowError: it is not valid.
    """
    match = DATA_URL.match(url)
    data = unquote_to_bytes(url[match.end() :]) if match else None
    if match and match[1]:
        try:
            data = base64.b64decode(data or b"", validate=True)
        except Base64Error:
            data = None
    if data is None:
        message = f"{subject} is not a valid data: URL"
        raise InvalidRowError(message)
    return data
