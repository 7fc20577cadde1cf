"""JSON reader: JSON Lines, an array of objects, or an object that contains such an array."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import NoReturn

import orjson

from bot.imports.checks import MAX_FIELD_CHARS, MAX_NESTING
from bot.imports.readers.json_array import find_array, read_array
from bot.imports.readers.lines import TOO_LONG_REASON, read_lines
from bot.imports.readers.source import FileSource
from bot.imports.row import InvalidRow, ReadRow, Row, describe_type, quote_name

MAX_EXACT_FLOAT = 1e15
"""A larger number may be an integer that does not fit in 64 bits, which orjson rounds."""


ONLY_TEXT = frozenset((str,))


class _NonStrictJsonError(ValueError):
    """JSON that Python accepts and other parsers reject or read differently."""


def read_json(source: FileSource) -> Iterator[ReadRow]:
    """Yield one row per line, or per object of an array; blank lines are skipped.

    JSON is parsed strictly (RFC 8259): NaN, Infinity and duplicate keys make a row invalid, because
    other parsers read them differently.

    Raises:
        UnreadableFileError: the file is not text.
    """
    if array := find_array(source):
        yield from read_array(source, array, DECODER, describe_flaw)
        return
    for line in read_lines(source):
        if line.data is None:
            yield InvalidRow(line.number, TOO_LONG_REASON)
        elif line.data and not line.data.isspace():
            yield _parse_row(line.number, line.data)


def _parse_row(number: int, data: bytes) -> Row | InvalidRow:
    fields = _parse_quickly(data)
    if fields is not None:
        return Row(number, fields, is_sound=_is_sound(data, fields))
    try:
        value = DECODER.decode(data.decode())
    except (ValueError, RecursionError) as error:
        return InvalidRow(number, describe_flaw(error))
    return build_row(number, value)


def _is_sound(data: bytes, fields: Mapping[str, object]) -> bool:
    """Return whether every value in a line that orjson has parsed can be stored.

    orjson refuses incomplete characters. A short line has no long text, and its nesting is no
    deeper than it has brackets.
    """
    return (
        len(data) <= MAX_FIELD_CHARS
        and (b"\\" not in data or b"\\u0000" not in data)
        and (
            ONLY_TEXT.issuperset(map(type, fields.values()))
            or data.count(b"[") + data.count(b"{") <= MAX_NESTING
        )
    )


def build_row(number: int, value: object) -> Row | InvalidRow:
    """Return a row from a JSON value, which must be an object."""
    if isinstance(value, dict):
        return Row(number, value)
    return InvalidRow(number, f"the row must be an object, not {describe_type(value)}")


def describe_flaw(error: Exception) -> str:
    """Return why a row is not strict JSON in UTF-8."""
    if isinstance(error, UnicodeDecodeError):
        return f"the row is not UTF-8 (byte {error.start + 1})"
    if isinstance(error, json.JSONDecodeError):
        return f"invalid JSON: {error.msg} (column {error.colno})"
    if isinstance(error, RecursionError):
        return "lists or objects are nested too deeply"
    return str(error)


def _parse_quickly(data: bytes) -> dict[str, object] | None:
    """Return the object in a line, None if only the strict parser can tell whether it is valid.

    orjson keeps the last of repeated keys and rounds long numbers. Each key is followed by a colon,
    so there are no repeated keys if there are as many colons as keys. Texts may have colons, too,
    but seldom `":`. If there are more of these than keys, or if white space precedes a colon, the
    strict parser decides.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict):
        return None
    keys = _count_keys(value)
    if keys == data.count(b":"):
        return value
    is_sure = b" :" not in data and b"\t:" not in data and keys == data.count(b'":')
    return value if is_sure else None


def _count_keys(value: object) -> int:
    """Return the number of keys in a value, a negative one if the strict parser must decide."""
    if isinstance(value, dict):
        parts = [part for part in value.values() if not isinstance(part, str)]
        return len(value) + (sum(map(_count_keys, parts)) if parts else 0)
    if isinstance(value, list):
        return sum(_count_keys(part) for part in value if not isinstance(part, str))
    is_exact = not isinstance(value, float) or -MAX_EXACT_FLOAT < value < MAX_EXACT_FLOAT
    return 0 if is_exact else -sys.maxsize


def _build_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        message = f"the key {quote_name(duplicate)} occurs twice"
        raise _NonStrictJsonError(message)
    return fields


def _reject_constant(name: str) -> NoReturn:
    message = f"{name} is not a JSON number"
    raise _NonStrictJsonError(message)


def _parse_integer(digits: str) -> int:
    if len(digits) > 20:  # noqa: PLR2004 - a 64-bit integer has at most 20 characters, sign included
        message = "a number does not fit in 64 bits; write it as text"
        raise _NonStrictJsonError(message)
    return int(digits)


DECODER = json.JSONDecoder(
    object_pairs_hook=_build_object, parse_constant=_reject_constant, parse_int=_parse_integer
)
