"""Reading of a file for an import: large files in a process of their own.

Python runs one thread at a time, so that only another process reads while this one stores.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot.errors import BotError
from bot.garbage_collection import collect_rarely
from bot.imports.item_reader import quick_items_of
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions, plan_import
from bot.kinds import kind_named
from bot.services.answers.campaign_settings import settings_of
from bot.services.imports.import_batch import BATCH_SIZE, ImportBatch, batches_of

MODULE = "bot.reader_process"

MIN_PROCESS_BYTES = 16_000_000
"""Size of a file from which it pays to start a process that reads it."""

Batches = Generator[ImportBatch, None, None]


class ReadingStoppedError(BotError):
    """Reading “{name}” was stopped. Import it again; what has been imported is kept."""


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A file and how to read it: the columns, and the kind of the campaign with its settings.

    `max_items` is the most items of a batch.
    """

    path: Path
    columns: ColumnMapping
    kind: str
    settings: dict[str, Any]
    options: ImportOptions
    max_items: int = BATCH_SIZE


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """The error with which reading ended in the other process."""

    error: type[BotError]
    details: dict[str, object]


@contextmanager
def open_batches(request: ReadRequest) -> Iterator[Batches]:
    """Provide an iterator over the rows of a file in batches.

    The process that reads a large file starts at once, before the first batch is wanted.

    Raises:
        ReadingStoppedError: the process that read a large file was stopped.
        NotFoundError, UnreadableFileError, EmptyFileError, MissingColumnError,
            ColumnsNotDetectedError: as in `bot.imports.plan.plan_import`; while batches are read.
    """
    if _size_of(request.path) < MIN_PROCESS_BYTES:
        yield _read_here(request)
        return
    with _start_process() as connection:
        with _errors_of_process(request.path.name):
            connection.send(request)
        yield _receive_batches(connection, request.path.name)


def _size_of(path: Path) -> int:
    """Return the size of a file, or of all files in a folder; 0 if there is none."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _read_here(request: ReadRequest) -> Batches:
    kind = kind_named(request.kind)
    settings = settings_of(kind, request.settings)
    plan = plan_import(request.path, request.columns, kind, request.options)
    yield from batches_of(quick_items_of(plan, kind, settings), request.max_items)


@contextmanager
def _start_process() -> Iterator[Connection]:
    """Provide the connection to a process that reads a file; end it at the end."""
    ours, theirs = Pipe()
    with ours:
        with theirs:
            descriptor = theirs.fileno()
            command = [sys.executable, "-m", MODULE, str(descriptor)]
            child = subprocess.Popen(command, pass_fds=[descriptor])  # noqa: S603 - our own interpreter
        try:
            yield ours
        finally:
            child.terminate()
            child.wait()


def _receive_batches(connection: Connection, name: str) -> Batches:
    with _errors_of_process(name):
        while message := connection.recv():
            if isinstance(message, ReadFailure):
                raise message.error(**message.details)
            yield message


@contextmanager
def _errors_of_process(name: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, ConnectionError) as error:
        raise ReadingStoppedError(name=name) from error


def send_batches(connection: Connection) -> None:
    """Receive a request, read its file, and send the batches, then None: in the other process.

    Raises:
        ConnectionError: nobody receives them any more.
    """
    request: ReadRequest = connection.recv()
    try:
        with collect_rarely():
            for batch in _read_here(request):
                connection.send(batch)
    except BotError as error:
        connection.send(ReadFailure(type(error), error.details))
    else:
        connection.send(None)
