"""Bytes of media in a row: their type is that of their content, whatever their name says."""

from __future__ import annotations

import base64
import re
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Self
from urllib.parse import unquote_to_bytes

from bot.imports.checks import MAX_FIELD_CHARS
from bot.imports.row import InvalidRowError, quote_name
from bot.kinds.media import STORED_PREFIX, MediaType

MAX_BYTES: Mapping[MediaType, int] = {
    "image": 5_000_000,
    "audio": 25_000_000,
    "video": 25_000_000,
}
"""Largest file of each type. It is stored in the database, and experts open it on phones."""

_NO_PICTURE = rb"(?!heic|heix|hevc|mif1|msf1|avif|avis)"
"""Pictures that begin like MP4 files."""

_MP4, _WEBM = rb"....ftyp" + _NO_PICTURE, rb"\x1aE\xdf\xa3"

_SIGNATURES: Mapping[MediaType, Mapping[str, bytes]] = {
    "image": {"png": rb"\x89PNG\r\n\x1a\n", "jpg": rb"\xff\xd8\xff", "gif": rb"GIF8"},
    "audio": {
        "mp3": rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]",
        "m4a": _MP4,
        "wav": rb"RIFF....WAVE",
        "ogg": rb"OggS",
        "flac": rb"fLaC",
        "aac": rb"\xff[\xf0\xf1\xf8\xf9]",
        "webm": _WEBM,
    },
    "video": {"mov": rb"....(?:ftypqt|moov|wide)", "mp4": _MP4, "webm": _WEBM},
}
"""Patterns of the beginning of a file of each format, by the extension that the stored file gets.

Images are those that Slack accepts as a `slack_file`; audio and video what its apps play.
"""

FORMAT_NAMES: Mapping[MediaType, str] = {
    "image": "a PNG, JPEG or GIF image, and Slack shows no others",
    "audio": "MP3, M4A, WAV, OGG, FLAC, AAC or WebM audio, and Slack plays no other",
    "video": "an MP4, MOV or WebM video, and Slack plays no others",
}

STORED_URL = re.compile(
    rf"{STORED_PREFIX}[0-9a-f]{{64}}\.(?P<extension>"
    rf"{'|'.join(sorted({name for starts in _SIGNATURES.values() for name in starts}))})"
)

DATA_URL = re.compile(r"data:[^,]*?(;base64)?,", re.IGNORECASE)

ReadMedia = Callable[[str], bytes]
"""Returns the bytes of a file by its path, relative to the data file, or raises InvalidRowError."""


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
    """Return the URL under which the bytes of a file are stored.

    Raises:
        InvalidRowError: it is not an image, audio or video that Slack shows, or it is too large.
    """
    if len(content) > MAX_BYTES[kind]:
        message = f"{subject} has {len(content):,} bytes; the limit is {MAX_BYTES[kind]:,}"
        raise InvalidRowError(message)
    starts = _SIGNATURES[kind].items()
    extension = next((name for name, start in starts if re.match(start, content, re.DOTALL)), None)
    if extension is None:
        message = f"{subject} is not {FORMAT_NAMES[kind]}"
        raise InvalidRowError(message)
    return f"{STORED_PREFIX}{sha256(content).hexdigest()}.{extension}"


def is_stored_url(kind: MediaType, url: str) -> bool:
    """Return whether a URL names a stored file of this type."""
    match = STORED_URL.fullmatch(url)
    return match is not None and match["extension"] in _SIGNATURES[kind]


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


def without_bytes(value: object) -> object:
    """Return a value that does not keep the bytes of files, but says how large they are."""
    if isinstance(value, MediaBytes):
        return str(value)
    if isinstance(value, str):
        is_long = len(value) > MAX_FIELD_CHARS
        return f"{value.partition(',')[0]}, {len(value):,} characters" if is_long else value
    if isinstance(value, Mapping) and "bytes" in value:
        return {name: without_bytes(part) for name, part in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], MediaBytes | Mapping | str):
        return [without_bytes(part) for part in value]
    return value
