"""PNG images that are generated, so that nothing has to be downloaded."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BITS_RGB = b"\x08\x02\x00\x00\x00"


def striped_png(width: int, row_colors: Sequence[tuple[int, int, int]]) -> bytes:
    """Return a PNG of rows, each in one color."""
    rows = b"".join(b"\0" + bytes(color) * width for color in row_colors)
    size = struct.pack(">II", width, len(row_colors)) + _EIGHT_BITS_RGB
    parts = ((b"IHDR", size), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return _PNG_SIGNATURE + b"".join(_png_chunk(kind, data) for kind, data in parts)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
