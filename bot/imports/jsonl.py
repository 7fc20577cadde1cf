"""JSON Lines: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from bot.imports.lines import TOO_LONG, lines_of
from bot.imports.row import BadRow, Row, kind_of_value, quoted


class _NotStrictError(ValueError):
    """JSON that Python would read and other programs would read otherwise."""


def read_jsonl(path: Path) -> Iterator[Row | BadRow]:
    """Yield one row a line; blank lines are passed over.

    JSON is read strictly (RFC 8259): NaN, Infinity and an object that names a key twice are bad
    rows, because the next program would read something else.

    Raises:
        UnreadableFileError: if the file is not a text file in UTF-8.
    """
    for line in lines_of(path):
        if line.data is None:
            yield BadRow(line.number, TOO_LONG)
        elif line.data.strip():
            yield _row(line.number, line.data)


def _row(number: int, data: bytes) -> Row | BadRow:
    try:
        value = _DECODER.decode(data.decode())
    except UnicodeDecodeError as error:
        return BadRow(number, f"it is not UTF-8 (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        return BadRow(number, f"it is not JSON: {error.msg} (column {error.colno})")
    except RecursionError:
        return BadRow(number, "it nests too many lists or objects in one another")
    except _NotStrictError as error:
        return BadRow(number, str(error))
    if not isinstance(value, dict):
        return BadRow(number, f"it is {kind_of_value(value)}, where an object is wanted")
    return Row(number, value)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"it names {quoted(twice)} twice"
        raise _NotStrictError(message)
    return fields


def _constant(name: str) -> NoReturn:
    message = f"{name} is no JSON number"
    raise _NotStrictError(message)


def _integer(digits: str) -> int:
    if len(digits) > 20:  # noqa: PLR2004 - 64 bits take 20 characters, sign included
        message = "it holds a number beyond 64 bits; write it as a text"
        raise _NotStrictError(message)
    return int(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer)
