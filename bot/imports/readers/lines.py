"""Physical lines of a text file, streamed as UTF-8; files that are not text are rejected.

A line ends with LF, CR LF or CR and nothing else: a U+2028 inside a text does not end the line.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count
from typing import BinaryIO, NamedTuple

from bot.imports.readers.encodings import detect_unicode, find_encoding, guess_encoding
from bot.imports.readers.source import FileSource
from bot.imports.row import UnreadableFileError

MAX_LINE_BYTES = 16 * 1024 * 1024
"""Longest line that is read. Longer lines are skipped without being held in memory."""

TOO_LONG_REASON = f"the row is longer than {MAX_LINE_BYTES // 1024 // 1024} MB"

BLOCK_BYTES = 256 * 1024
HEAD_BYTES = 4096
UTF8_BOM = b"\xef\xbb\xbf"
UTF8_NAMES = ("utf-8", "utf-8-sig")

GUESS_BYTES = 64 * 1024
"""Bytes around the first one that is not UTF-8 from which the encoding is guessed."""

SIGNATURES = {
    b"PK\x03\x04": "it is a workbook or a ZIP file; rename it to .xlsx or .zip",
    b"\x1f\x8b": "it is compressed; add .gz to its name",
    b"PAR1": "it is a Parquet file; rename it to .parquet",
}
"""First bytes of files that have the extension of a text file by mistake."""

BYTES_PER_NUL = 4
"""A file with more than one NUL in this many bytes is rejected as binary."""


class OtherEncodingError(UnreadableFileError):
    """“{name}” cannot be imported: {reason}."""

    command_hint = "Or name its encoding: --encoding {guess}."


class Line(NamedTuple):
    """One line without its line end, counted from 1; `data` is None if it exceeds the limit."""

    number: int
    data: bytes | None


def read_lines(source: FileSource) -> Iterator[Line]:
    """Yield the lines of the file in UTF-8, without a byte order mark.

    Raises:
        UnreadableFileError: the file cannot be opened, or is not text in its encoding.
    """
    with source.open() as stream:
        yield from _split_lines(_normalize_line_ends(read_blocks(source, stream)))


def read_blocks(source: FileSource, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the text of a file in UTF-8, in blocks, without a byte order mark."""
    head = stream.read(HEAD_BYTES)
    encoding = _encoding_of(source, head)
    blocks = _blocks(head, stream)
    if encoding not in UTF8_NAMES:
        yield from _transcode(source.name, blocks, encoding)
        return
    yield next(blocks).removeprefix(UTF8_BOM)
    yield from blocks


def _blocks(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    yield from iter(partial(stream.read, BLOCK_BYTES), b"")


def _encoding_of(source: FileSource, head: bytes) -> str:
    """Return the encoding that was named or that the first bytes show, else UTF-8."""
    for signature, reason in SIGNATURES.items():
        if head.startswith(signature):
            raise UnreadableFileError(name=source.name, reason=reason)
    if source.options.encoding:
        return find_encoding(source.options.encoding)
    encoding = detect_unicode(head)
    if encoding is None and head.count(0) * BYTES_PER_NUL > len(head):
        reason = "it has too many NUL bytes to be text"
        raise UnreadableFileError(name=source.name, reason=reason)
    return encoding or "utf-8"


def _transcode(name: str, blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks:
            yield decoder.decode(block).removeprefix("\ufeff").encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        reason = f"it is not text in the encoding {encoding}; choose another encoding"
        raise UnreadableFileError(name=name, reason=reason) from error


def check_encoding(source: FileSource) -> None:
    """Check that all of a file is UTF-8, if its encoding is neither named nor recognized.

    Half a file in a wrong encoding would be imported otherwise: its rows of plain ASCII.

    Raises:
        UnreadableFileError: it is not; the message names the probable encoding.
    """
    with source.open() as stream:
        head = stream.read(HEAD_BYTES)
        if _encoding_of(source, head) not in UTF8_NAMES:
            return
        decoder, earlier = codecs.getincrementaldecoder("utf-8")(), b""
        for block in _blocks(head, stream):
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                sample = (earlier + block + stream.read(GUESS_BYTES))[-2 * GUESS_BYTES :]
                raise _build_encoding_error(source.name, sample) from None
            earlier = block[-GUESS_BYTES:]
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise _build_encoding_error(source.name, earlier) from None


def _build_encoding_error(name: str, sample: bytes) -> OtherEncodingError:
    guess = guess_encoding(sample)
    reason = f"it is not UTF-8 but probably {guess}; save it as UTF-8"
    return OtherEncodingError(name=name, reason=reason, guess=guess)


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


def _split_lines(blocks: Iterable[bytes]) -> Iterator[Line]:
    number, buffer = 0, _LineBuffer()
    for block in blocks:
        begun, *others = block.split(b"\n")
        buffer.add(begun)
        if others:
            *complete, begun = buffer.take(), *others  # a line within a block is below the limit
            yield from map(Line, count(number + 1), complete)
            number += len(complete)
            buffer.add(begun)
    if buffer.size:
        yield Line(number + 1, buffer.take())


def _normalize_line_ends(blocks: Iterable[bytes]) -> Iterator[bytes]:
    carry = b""
    for read in blocks:
        block = carry + read
        if b"\r" not in block:  # as in most files; replacing would copy the block twice
            carry = b""
            yield block
            continue
        carry = b"\r" if block.endswith(b"\r") else b""  # its \n may open the next block
        yield block.removesuffix(carry).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    yield b"\n" if carry else b""
