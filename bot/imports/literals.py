"""Lists and objects in a cell: as JSON, or as Python and NumPy print them into CSV files."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

import orjson

PYTHON_STARTS = ("[{", "['", '["', "[[", "{'", '{"', "[None", "[array", "[nan")
"""How a printed list or object begins, without spaces."""

ARRAY_NAMES = ("array", "dtype", "object")
SKIPPED_TOKENS = (tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER)


def parse_cell(value: object) -> object:
    """Return the list or object that a text contains as JSON or as Python prints it.

    Another value, and a text that contains neither, is returned unchanged.
    """
    if not isinstance(value, str) or not value.lstrip().startswith(("[", "{")):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return _parse_python(value)


def _parse_python(text: str) -> object:
    if not "".join(text[:20].split()).startswith(PYTHON_STARTS):
        return text
    try:
        parsed = ast.literal_eval(" ".join(_literal_tokens(text)))
        orjson.dumps(parsed)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, tokenize.TokenError):
        return text
    return parsed if isinstance(parsed, (list, dict)) else text


def _literal_tokens(text: str) -> Iterator[str]:
    """Yield the tokens of a printed value, with the commas that NumPy leaves out.

    `array([…], dtype=object)` becomes its list, and nan becomes None.
    """
    before, wrappers = "", 0
    marks = list(_marks_of(text))
    for mark, following in zip(marks, [*marks[1:], ""], strict=True):
        is_comma_of_type = mark == "," and following == "dtype"
        if mark in ARRAY_NAMES or (mark == "=" and before == "dtype") or is_comma_of_type:
            before = mark if mark != "," else before
        elif mark == "(" and before == "array":
            wrappers, before = wrappers + 1, ""
        elif mark == ")" and wrappers:
            wrappers, before = wrappers - 1, "]"
        else:
            if _is_value_end(before) and _is_value_start(mark):
                yield ","
            yield mark
            before = mark


def _marks_of(text: str) -> Iterator[str]:
    tokens = tokenize.generate_tokens(io.StringIO(" ".join(text.splitlines())).readline)
    for token in tokens:
        if token.type not in SKIPPED_TOKENS:
            yield "None" if token.string == "nan" else token.string


def _is_value_end(mark: str) -> bool:
    return mark in ("]", "}", "None", "True", "False") or mark[-1:] in ("'", '"')


def _is_value_start(mark: str) -> bool:
    return mark in ("[", "{", "None", "True", "False") or mark[-1:] in ("'", '"')
