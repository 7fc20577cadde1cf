"""Physical lines of a text file, streamed as bytes; files that are not UTF-8 text are rejected.

A line ends with LF, CR LF or CR and nothing else: a U+2028 inside a text does not end the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bot.imports.row import UnreadableFileError

MAX_LINE_BYTES = 16 * 1024 * 1024
"""Longest line that is read. Longer lines are skipped without being held in memory."""

TOO_LONG_REASON = f"the row is longer than {MAX_LINE_BYTES // 1024 // 1024} MB"

BLOCK_BYTES = 256 * 1024
HEAD_BYTES = 4096
UTF8_BOM = b"\xef\xbb\xbf"

SIGNATURES = {
    b"\x00\x00\xfe\xff": "it is encoded as UTF-32; save it as UTF-8",
    b"\xff\xfe\x00\x00": "it is encoded as UTF-32; save it as UTF-8",
    b"\xff\xfe": "it is encoded as UTF-16; save it as UTF-8",
    b"\xfe\xff": "it is encoded as UTF-16; save it as UTF-8",
    b"PK\x03\x04": "it is a workbook or a ZIP file; rename it to .xlsx, or save it as CSV in UTF-8",
    b"\x1f\x8b": "it is compressed; decompress it first",
    b"PAR1": "it is a Parquet file; save it as JSON Lines",
}
"""First bytes of files often mistaken for text. A signature precedes those that are its prefix."""

BYTES_PER_NUL = 4
"""A file with more than one NUL in this many bytes is rejected: binary, or UTF-16 without a BOM."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its line end, counted from 1; `data` is None if it exceeds the limit."""

    number: int
    data: bytes | None


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of the file without a UTF-8 byte order mark.

    Raises:
        UnreadableFileError: the file cannot be opened or is not UTF-8 text.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise UnreadableFileError(name=path.name, reason=reason) from error
    with stream:
        head = stream.read(HEAD_BYTES)
        _reject_non_text(path.name, head)
        stream.seek(len(UTF8_BOM) if head.startswith(UTF8_BOM) else 0)
        yield from _split_lines(stream)


def _reject_non_text(name: str, head: bytes) -> None:
    for signature, reason in SIGNATURES.items():
        if head.startswith(signature):
            raise UnreadableFileError(name=name, reason=reason)
    if head.count(0) * BYTES_PER_NUL > len(head):
        reason = "it has too many NUL bytes to be UTF-8 text; save it as UTF-8"
        raise UnreadableFileError(name=name, reason=reason)


class _LineBuffer:
    """Chunks of the current line, dropped once they exceed `MAX_LINE_BYTES` together."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.size = 0

    def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > MAX_LINE_BYTES:
            self.chunks.clear()
        else:
            self.chunks.append(chunk)

    def take(self) -> bytes | None:
        data = b"".join(self.chunks) if self.size <= MAX_LINE_BYTES else None
        self.chunks.clear()
        self.size = 0
        return data


def _split_lines(stream: BinaryIO) -> Iterator[Line]:
    number, buffer = 1, _LineBuffer()
    for block in _normalize_line_ends(stream):
        *complete, rest = block.split(b"\n")
        for chunk in complete:
            buffer.add(chunk)
            yield Line(number, buffer.take())
            number += 1
        buffer.add(rest)
    if buffer.size:
        yield Line(number, buffer.take())


def _normalize_line_ends(stream: BinaryIO) -> Iterator[bytes]:
    carry = b""
    for read in iter(partial(stream.read, BLOCK_BYTES), b""):
        block = carry + read
        carry = b"\r" if block.endswith(b"\r") else b""  # its \n may open the next block
        yield block.removesuffix(carry).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    yield b"\n" if carry else b""
