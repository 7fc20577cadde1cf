"""Sources: an open file, whether it lies on disk, is compressed, or is a member of an archive."""

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from gzip import BadGzipFile
from typing import Any, BinaryIO
from zipfile import BadZipFile

from bot.imports.row import UnreadableFileError

MAX_UNPACKED_BYTES = 5_000_000_000
"""Largest unpacked size of a compressed file: a small file may unpack to gigabytes."""

BLOCK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a file is read: the encoding of text, and the sheet of a workbook; None to detect."""

    encoding: str | None = None
    sheet: str | None = None


DETECT = ReadOptions()

SAMPLE_EXTENSION = ".labelbot-sample.jsonl"
"""Ends the name of a file whose first rows are a sample of a file of another type."""


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file to read. `name` is what errors call it; `is_packed`: it is read while it unpacks."""

    name: str
    open_file: Callable[[], BinaryIO]
    options: ReadOptions = DETECT
    is_packed: bool = False

    @property
    def shown_name(self) -> str:
        """The name as people know it: of a sample, that of the file it was taken from."""
        return self.name.removesuffix(SAMPLE_EXTENSION)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the file for reading from start to end.

        Raises:
            UnreadableFileError: it cannot be opened, or is damaged.
        """
        try:
            with self.open_file() as stream:
                yield _limit(self.name, stream) if self.is_packed else stream
        except BadGzipFile as error:
            reason = "it is not compressed with gzip, as its name or Content-Encoding says"
            raise UnreadableFileError(name=self.name, reason=reason) from error
        except (EOFError, BadZipFile, zlib.error) as error:
            reason = "the compressed file is damaged or incomplete"
            raise UnreadableFileError(name=self.name, reason=reason) from error
        except NotImplementedError as error:
            reason = "it is compressed with a method that is not supported"
            raise UnreadableFileError(name=self.name, reason=reason) from error
        except RuntimeError as error:
            if "password" not in str(error):
                raise
            reason = "the archive needs a password; unpack it first"
            raise UnreadableFileError(name=self.name, reason=reason) from error
        except OSError as error:
            reason = (error.strerror or "it cannot be opened").lower()
            raise UnreadableFileError(name=self.name, reason=reason) from error

    @contextmanager
    def open_seekable(self) -> Iterator[BinaryIO]:
        """Open the file for reading in any order; a packed file is unpacked to a temporary one."""
        with self.open() as stream:
            if not self.is_packed:
                yield stream
                return
            with tempfile.TemporaryFile() as unpacked:
                for block in iter(partial(stream.read, BLOCK_BYTES), b""):
                    unpacked.write(block)
                unpacked.seek(0)
                yield unpacked


class _LimitedStream(io.RawIOBase):
    """A stream that ends with an error after `MAX_UNPACKED_BYTES`."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        super().__init__()
        self.file_name, self.stream, self.size = name, stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as in the base class
        block = self.stream.read(len(buffer))
        self.size += len(block)
        if self.size > MAX_UNPACKED_BYTES:
            reason = f"it unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000_000} GB"
            raise UnreadableFileError(name=self.file_name, reason=reason)
        buffer[: len(block)] = block
        return len(block)


def _limit(name: str, stream: BinaryIO) -> BinaryIO:
    return io.BufferedReader(_LimitedStream(name, stream), BLOCK_BYTES)
