"""Streams a JSON array of objects, at the top of a file or inside its first objects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.imports.readers.lines import MAX_LINE_BYTES, TOO_LONG_REASON, read_blocks
from bot.imports.readers.source import FileSource
from bot.imports.row import InvalidRow, Row, UnreadableFileError, describe_type

HEAD_CHARS = 64 * 1024
"""Characters in which the start of the array must be."""

ARRAY = re.compile(r"\s*\[\s*(?=[{\]])")
NESTED_ARRAY = re.compile(
    r"\"(?:data|rows|examples|items|instances|records|results)\"\s*:\s*\[\s*(?=\{)"
)
JSON_NAME = re.compile(r"\.json(?:\.gz)?$", re.IGNORECASE)
SEPARATOR = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class ArrayStart:
    """Where the first element of an array is, in characters."""

    position: int


def find_array(source: FileSource) -> ArrayStart | None:
    """Return where the array of a file starts, None if it is JSON Lines."""
    head = _read_head(source)
    if match := ARRAY.match(head):
        return ArrayStart(match.end())
    first_line, _, rest = head.strip().partition("\n")
    if not first_line.startswith("{") or (rest and _is_json(first_line)):
        return None
    if JSON_NAME.search(source.name) and (match := NESTED_ARRAY.search(head)):
        return ArrayStart(match.end())
    is_spread = first_line.rstrip() == "{" and rest.lstrip().startswith('"')
    return ArrayStart(len(head) - len(head.lstrip())) if is_spread else None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_head(source: FileSource) -> str:
    head = b""
    with source.open() as stream:
        for block in read_blocks(source, stream):
            head += block
            if len(head) >= HEAD_CHARS:
                break
    return head[:HEAD_CHARS].decode(errors="ignore")


def read_array(
    source: FileSource,
    start: ArrayStart,
    decoder: json.JSONDecoder,
    describe_flaw: Callable[[Exception], str],
) -> Iterator[Row | InvalidRow]:
    """Yield the objects of an array with the lines where they start.

    Raises:
        UnreadableFileError: an element is not valid JSON, so that the next one cannot be found.
    """
    with source.open() as stream:
        text = _TextBuffer(_texts(source, read_blocks(source, stream)))
        text.require(start.position)
        text.drop(start.position)
        while text.skip(SEPARATOR) and not text.starts_with("]"):
            line = text.line
            if text.starts_with("}"):
                return
            try:
                value = text.decode(decoder)
            except _ElementError as error:
                yield InvalidRow(line, str(error))
                continue
            except (ValueError, RecursionError) as error:
                reason = f"in the object at line {line}, {describe_flaw(error)}"
                raise UnreadableFileError(name=source.name, reason=reason) from error
            if isinstance(value, dict):
                yield Row(line, value)
            else:
                reason = f"the row must be an object, not {describe_type(value)}"
                yield InvalidRow(line, reason)


def _texts(source: FileSource, blocks: Iterator[bytes]) -> Iterator[str]:
    """Decode blocks of UTF-8; a character may span two."""
    carry = b""
    for block in blocks:
        data = carry + block
        end = len(data)
        while end > max(0, len(data) - 4) and data[end - 1] & 0xC0 == 0x80:  # noqa: PLR2004 - a continuation byte of UTF-8
            end -= 1
        if end and data[end - 1] >= 0xC0:  # noqa: PLR2004 - a first byte of UTF-8
            end -= 1
        else:
            end = len(data)
        carry = data[end:]
        yield _decode(source, data[:end])
    yield _decode(source, carry)


def _decode(source: FileSource, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableFileError(name=source.name, reason="it is not UTF-8") from error


class _ElementError(Exception):
    """An element is not strict JSON, but its end is known."""


class _TextBuffer:
    """The part of a text that is being parsed; counts lines."""

    def __init__(self, texts: Iterator[str]) -> None:
        self.texts, self.text, self.position, self.line = texts, "", 0, 1

    def require(self, count: int) -> None:
        while len(self.text) - self.position < count and self._grow():
            pass

    def _grow(self) -> bool:
        """Append as much as is already buffered, so that long elements are not parsed often."""
        wanted, parts = max(1, len(self.text) - self.position), [self.text[self.position :]]
        size = 0
        while size < wanted and (part := next(self.texts, None)) is not None:
            parts.append(part)
            size += len(part)
        self.text, self.position = "".join(parts), 0
        return size > 0

    def drop(self, count: int) -> None:
        end = self.position + count
        self.line += self.text.count("\n", self.position, end)
        self.position = end

    def skip(self, pattern: re.Pattern[str]) -> bool:
        """Drop what matches at the position; return whether text is left."""
        while True:
            match = pattern.match(self.text, self.position)
            self.drop(match.end() - self.position if match else 0)
            if self.position < len(self.text):
                return True
            if not self._grow():
                return False

    def starts_with(self, sign: str) -> bool:
        return self.text.startswith(sign, self.position)

    def decode(self, decoder: json.JSONDecoder) -> object:
        while True:
            flaw = None
            try:
                value, end = self._decode_at_position(decoder)
            except _ElementError as error:
                value, end, flaw = None, _END_OF_ELEMENT(self.text, self.position)[1], error
            except json.JSONDecodeError:
                if len(self.text) - self.position > MAX_LINE_BYTES:
                    raise ValueError(TOO_LONG_REASON) from None
                if not self._grow():
                    raise
                continue
            if end == len(self.text) and self._grow():
                continue
            self.drop(end - self.position)
            if flaw:
                raise flaw
            return value

    def _decode_at_position(self, decoder: json.JSONDecoder) -> tuple[object, int]:
        try:
            return decoder.raw_decode(self.text, self.position)
        except json.JSONDecodeError:
            raise
        except ValueError as error:
            raise _ElementError(str(error)) from error


_END_OF_ELEMENT = json.JSONDecoder().raw_decode
