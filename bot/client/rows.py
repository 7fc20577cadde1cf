"""Rows of any library as the body of a request, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol, runtime_checkable

from pydantic_core import PydanticSerializationError, to_json

SPOOLED_BYTES = 8_000_000
"""Bytes of rows that are kept in memory; more are in a temporary file."""

PART_BYTES = 256 * 1024

FRAME_ROWS = 1_000
"""Rows of a `pandas.DataFrame` that are converted at a time."""

ReportProgress = Callable[[int, int | None], object]
"""Called with what is done and what is wanted, None if that is not known."""


def ignore_progress(_done: int, _total: int | None) -> None:
    """Do nothing: the default of `progress`."""


@runtime_checkable
class Frame(Sized, Protocol):
    """A `pandas.DataFrame`: iterating over it gives the names of its columns, not its rows."""

    iloc: Any

    def to_dict(self, orient: str) -> object:
        """Return the rows if `orient` is "records"."""


def rows_of(data: Iterable[Any]) -> Iterator[Mapping[str, object]]:
    """Yield the rows of a list, a generator, a `datasets.Dataset` or a `pandas.DataFrame`.

    Raises:
        TypeError: a row is not a mapping from columns to values.
    """
    for row in _frame_rows(data) if isinstance(data, Frame) else data:
        if not isinstance(row, Mapping):
            message = (
                f"a row must be a mapping from columns to values, not {type(row).__name__}; "
                "push a list of rows, a datasets.Dataset or a pandas.DataFrame"
            )
            raise TypeError(message)
        yield row


def _frame_rows(frame: Frame) -> Iterable[object]:
    starts = range(0, len(frame), FRAME_ROWS)
    parts = (frame.iloc[start : start + FRAME_ROWS].to_dict("records") for start in starts)
    return chain.from_iterable(parts)


@contextmanager
def stored_rows(data: Iterable[Any]) -> Iterator[IO[bytes]]:
    """Provide the rows as JSON Lines in a temporary file, so that they can be sent again."""
    with SpooledTemporaryFile(max_size=SPOOLED_BYTES) as file:
        for number, row in enumerate(rows_of(data), 1):
            file.write(_json_line(number, row))
        yield file


def _json_line(number: int, row: Mapping[str, object]) -> bytes:
    """Return a row as JSON.

    Raises:
        TypeError: JSON cannot express a value.
    """
    try:
        return to_json(dict(row), inf_nan_mode="null") + b"\n"
    except PydanticSerializationError as error:
        message = f"row {number} has a value that JSON cannot express: {error}"
        raise TypeError(message) from None


def iter_body(file: IO[bytes], progress: ReportProgress, total: int | None) -> Iterator[bytes]:
    """Yield a file of rows in parts from its beginning, and report how many rows were sent."""
    file.seek(0)
    sent = 0
    while part := file.read(PART_BYTES):
        yield part
        sent += part.count(b"\n")
        progress(sent, total)


def count_of(data: Iterable[Any]) -> int | None:
    """Return the number of rows, None if it is not known before they are read."""
    return len(data) if isinstance(data, Sized) else None
