"""Decompression of HTTP responses within a size limit, in constant memory.

An HTTP client decompresses as much as the server sends: 1 MB may become 1 GB, and a response that
was compressed twice even more. Here every layer has a limit, and works on small pieces.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

GZIP_WINDOW_BITS = 31
ZLIB_WINDOW_BITS = 15
RAW_DEFLATE_WINDOW_BITS = -15

PIECE_BYTES = 256 * 1024
"""Most bytes that one step of a layer returns."""

MAX_LAYERS = 2
"""Most encodings of one response: a compressed file that a proxy has compressed again."""


class ContentEncodingError(ValueError):
    """The response cannot be decompressed; the message says why, for people."""


class SizeLimitError(ContentEncodingError):
    """The response is larger than the limit, after decompression or in between."""


def parse_encodings(header: str) -> tuple[str, ...]:
    """Return the encodings of a Content-Encoding header, in the order in which they were applied.

    Raises:
        ContentEncodingError: an encoding is unknown, or there are more than `MAX_LAYERS`.
    """
    names = [name.strip().lower() for name in header.split(",")]
    encodings = tuple(name for name in names if name not in ("", "identity"))
    if len(encodings) > MAX_LAYERS:
        message = "the server compressed it more than twice"
        raise ContentEncodingError(message)
    for name in encodings:
        if name not in ("gzip", "x-gzip", "deflate"):
            message = f"the server compressed it as “{name[:20]}”, which is not supported"
            raise ContentEncodingError(message)
    return encodings


def decompress(pieces: Iterable[bytes], encodings: Iterable[str], limit: int) -> Iterator[bytes]:
    """Yield the decompressed bytes, in pieces of at most `PIECE_BYTES`.

    Raises:
        SizeLimitError: a layer returns more than `limit` bytes.
        ContentEncodingError: the bytes are damaged or incomplete.
    """
    stream = iter(pieces)
    for encoding in reversed(tuple(encodings)):
        layer = _inflate(stream) if encoding == "deflate" else _gunzip(stream)
        stream = _limit_size(layer, limit)
    return stream


def _limit_size(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > limit:
                raise SizeLimitError
            yield piece
    except zlib.error as error:
        message = "it is damaged; the server says it is compressed, but it is not"
        raise ContentEncodingError(message) from error


def _gunzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress one or more gzip members."""
    member = zlib.decompressobj(GZIP_WINDOW_BITS)
    has_started = False
    for piece in filter(None, pieces):
        data = piece
        while data:
            if member.eof:
                member, has_started = zlib.decompressobj(GZIP_WINDOW_BITS), False
            yield member.decompress(data, PIECE_BYTES)
            has_started = True
            data = member.unused_data if member.eof else member.unconsumed_tail
        if not member.eof:
            yield from _drain(member)
    if has_started and not member.eof:
        raise _incomplete()


def _inflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress “deflate”: a zlib stream (RFC 9110), or raw deflate, which some servers send."""
    stream = None
    for piece in filter(None, pieces):
        data = piece
        stream = stream or zlib.decompressobj(_window_bits(data))
        while data and not stream.eof:
            yield stream.decompress(data, PIECE_BYTES)
            data = stream.unconsumed_tail
        if not stream.eof:
            yield from _drain(stream)
    if stream and not stream.eof:
        raise _incomplete()


def _drain(stream: zlib._Decompress) -> Iterator[bytes]:
    """Yield what a decompressor holds back after it has read all input so far."""
    while piece := stream.decompress(b"", PIECE_BYTES):
        yield piece


def _window_bits(first: bytes) -> int:
    """Tell zlib from raw deflate by the first byte: compression method 8, window up to 32 kB."""
    is_zlib = first[0] & 0x0F == zlib.DEFLATED and first[0] >> 4 <= 7  # noqa: PLR2004 - RFC 1950
    return ZLIB_WINDOW_BITS if is_zlib else RAW_DEFLATE_WINDOW_BITS


def _incomplete() -> ContentEncodingError:
    return ContentEncodingError("the server sent only a part of it; try again")
