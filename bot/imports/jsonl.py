"""JSON Lines importer: one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from bot.imports.lines import TOO_LONG_REASON, read_lines
from bot.imports.row import InvalidRow, Row, describe_type, quote_name


class _NonStrictJsonError(ValueError):
    """JSON that Python accepts and other parsers reject or read differently."""


def read_jsonl(path: Path) -> Iterator[Row | InvalidRow]:
    """Yield one row per line; blank lines are skipped.

    JSON is parsed strictly (RFC 8259): NaN, Infinity and duplicate keys make a row invalid, because
    other parsers read them differently.

    Raises:
        UnreadableFileError: the file is not UTF-8 text.
    """
    for line in read_lines(path):
        if line.data is None:
            yield InvalidRow(line.number, TOO_LONG_REASON)
        elif line.data.strip():
            yield _parse_row(line.number, line.data)


def _parse_row(number: int, data: bytes) -> Row | InvalidRow:
    try:
        value = _DECODER.decode(data.decode())
    except UnicodeDecodeError as error:
        return InvalidRow(number, f"the row is not UTF-8 (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        return InvalidRow(number, f"invalid JSON: {error.msg} (column {error.colno})")
    except RecursionError:
        return InvalidRow(number, "lists or objects are nested too deeply")
    except _NonStrictJsonError as error:
        return InvalidRow(number, str(error))
    if not isinstance(value, dict):
        return InvalidRow(number, f"the row must be an object, not {describe_type(value)}")
    return Row(number, value)


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


_DECODER = json.JSONDecoder(
    object_pairs_hook=_build_object, parse_constant=_reject_constant, parse_int=_parse_integer
)
