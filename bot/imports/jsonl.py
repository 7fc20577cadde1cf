"""JSON Lines: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from bot.imports.lines import TOO_LONG_REASON, read_lines
from bot.imports.row import InvalidRow, Row, describe_type, quote_name


class _NonStrictJsonError(ValueError):
    """JSON that Python would read and other programs would read otherwise."""


def read_jsonl(path: Path) -> Iterator[Row | InvalidRow]:
    """Yield one row a line; blank lines are passed over.

    JSON is read strictly (RFC 8259): NaN, Infinity and an object that names a key twice are bad
    rows, because the next program would read something else.

    Raises:
        UnreadableFileError: if the file is not a text file in UTF-8.
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
        return InvalidRow(number, f"it is not UTF-8 (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        return InvalidRow(number, f"it is not JSON: {error.msg} (column {error.colno})")
    except RecursionError:
        return InvalidRow(number, "it nests too many lists or objects in one another")
    except _NonStrictJsonError as error:
        return InvalidRow(number, str(error))
    if not isinstance(value, dict):
        return InvalidRow(number, f"it is {describe_type(value)}, where an object is wanted")
    return Row(number, value)


def _build_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        message = f"it names {quote_name(duplicate)} twice"
        raise _NonStrictJsonError(message)
    return fields


def _reject_constant(name: str) -> NoReturn:
    message = f"{name} is no JSON number"
    raise _NonStrictJsonError(message)


def _parse_integer(digits: str) -> int:
    if len(digits) > 20:  # noqa: PLR2004 - 64 bits take 20 characters, sign included
        message = "it holds a number beyond 64 bits; write it as a text"
        raise _NonStrictJsonError(message)
    return int(digits)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_build_object, parse_constant=_reject_constant, parse_int=_parse_integer
)
