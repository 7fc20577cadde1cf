"""The sample image of the gallery, generated so that nothing has to be downloaded."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 240, 96
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BITS_RGB = b"\x08\x02\x00\x00\x00"


def sunset_png() -> bytes:
    """Return a PNG of a sky that fades from blue to red."""
    rows = b"".join(b"\0" + bytes(_row_color(row)) * WIDTH for row in range(HEIGHT))
    size = struct.pack(">II", WIDTH, HEIGHT) + _EIGHT_BITS_RGB
    parts = ((b"IHDR", size), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return _PNG_SIGNATURE + b"".join(_png_chunk(kind, data) for kind, data in parts)


def _row_color(row: int) -> tuple[int, int, int]:
    part = row / HEIGHT
    return int(60 + 170 * part), int(110 + 20 * part), int(160 - 70 * part)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
