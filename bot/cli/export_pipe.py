"""Rows of an export on standard output, for the next program of a pipe."""

from __future__ import annotations

import shutil
import sys

import typer

from bot.errors import BotError
from bot.exports.export_folder import ExportResult
from bot.exports.formats import DATASET, FORMATS
from bot.exports.formats.format import DATA_FILES
from bot.services.exports.export_request import ExportRequest

ROWS_FILE = DATA_FILES[0].name


class ClosedOutputError(BotError):
    """Standard output is closed. Name a folder: --to."""


class SeveralFilesError(BotError):
    """Standard output takes one file of JSON Lines, and {what} has others. Name a folder: --to."""


def require_one_file(request: ExportRequest) -> None:
    """Check that standard output can take the rows of an export.

    Raises:
        ClosedOutputError: the process was started without it.
        SeveralFilesError: they are not one file of JSON Lines.
    """
    if sys.stdout is None:
        raise ClosedOutputError
    name = request.format
    export_format = FORMATS.get(name)
    if name == DATASET or (export_format and export_format.files[0].name != ROWS_FILE):
        raise SeveralFilesError(what=f"the format “{name}”")
    if request.options.splits:
        raise SeveralFilesError(what="an export with --split")


def write_rows(result: ExportResult) -> None:
    """Copy the rows of a written export to standard output, byte for byte."""
    path = result.directory / ROWS_FILE
    if result.row_count:
        with path.open("rb") as rows:
            shutil.copyfileobj(rows, typer.get_binary_stream("stdout"))
