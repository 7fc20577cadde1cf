"""Parquet written in a thread while its rows are spooled: pyarrow works without Python's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from os import fstat
from pathlib import Path
from pkgutil import resolve_name
from threading import Condition
from typing import BinaryIO, Self, TypeAlias, cast

from bot.exports.formats.format import Column
from bot.exports.json_lines import BATCH_BYTES, read_batch

WriteBatches: TypeAlias = Callable[[Iterator[bytes], Sequence[Column], Path], None]

WRITE_BATCHES = "bot.exports.files.parquet:write_batches"
"""Imported in the thread, because pyarrow is large."""


class ParquetFollower:
    """Writes the rows of a growing file as Parquet.

    The columns are complete only after the last row. The follower assumes that no row adds to
    them; if one does, its file is of no use. Leaving its context stops it unless it has finished.
    """

    def __init__(self, lines: Path, columns: Sequence[Column], target: Path) -> None:
        """Start to write the rows in `lines`, which exists, to `target`."""
        self._lines, self._columns, self._target = lines, tuple(columns), target
        self._changed = Condition()
        self._size, self._is_complete, self._is_stopped = 0, False, False
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="parquet")
        self._written: Future[None] = self._executor.submit(self._write)

    def __enter__(self) -> Self:
        """Return the follower."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop writing."""
        self._close(is_stopped=True)

    def advance(self, size: int) -> None:
        """Take note that `lines` has so many bytes of complete rows."""
        with self._changed:
            self._size = size
            self._changed.notify()

    def finish(self, columns: Sequence[Column]) -> bool:
        """Wait for the rest of the rows; return whether the file has all rows with these columns.

        If writing failed, it has not, and writing the rows again shows why.
        """
        self._close(is_stopped=tuple(columns) != self._columns)
        is_written = not self._is_stopped and self._written.exception() is None
        if not is_written:
            self._target.unlink(missing_ok=True)
        return is_written

    def _close(self, *, is_stopped: bool) -> None:
        with self._changed:
            self._is_stopped |= is_stopped
            self._is_complete = True
            self._changed.notify()
        self._executor.shutdown()

    def _write(self) -> None:
        write = cast("WriteBatches", resolve_name(WRITE_BATCHES))
        with self._lines.open("rb") as source:
            write(self._read_batches(source), self._columns, self._target)

    def _read_batches(self, source: BinaryIO) -> Iterator[bytes]:
        """Yield the batches of the complete file, each as soon as it has been written."""
        while self._has_batch(source):
            yield read_batch(source)

    def _has_batch(self, source: BinaryIO) -> bool:
        """Wait until the file has a whole batch, or is complete; return whether rows are left."""
        position = source.tell()
        with self._changed:
            self._changed.wait_for(lambda: self._is_complete or self._size - position > BATCH_BYTES)
        return not self._is_stopped and position < fstat(source.fileno()).st_size
