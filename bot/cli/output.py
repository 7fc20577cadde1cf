"""What commands print: results on stdout, as text or JSON; everything else on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import orjson
import typer
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

PIPED_TABLE_WIDTH = 200
"""Columns of a table that goes into a file or a pipe."""

JSON_HELP = "Print JSON, for scripts."


def print_text(text: str) -> None:
    """Print a result."""
    typer.echo(text)


def print_json(value: object) -> None:
    """Print a result for programs: JSON, moments in ISO 8601."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    typer.echo(orjson.dumps(value, default=_serialize, option=options).decode(), nl=False)


def _serialize(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError


def print_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table; numbers stand on the right, and nothing in a cell is taken for markup."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    filled = [list(row) for row in rows]
    for index, column in enumerate(columns):
        is_number = bool(filled) and all(isinstance(row[index], int) for row in filled)
        justify: JustifyMethod = "right" if is_number else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=index > 0)
    for row in filled:
        table.add_row(*(Text(format_value(cell)) for cell in row))
    width = None if sys.stdout.isatty() else PIPED_TABLE_WIDTH
    Console(highlight=False, width=width).print(table)


def format_value(value: object) -> str:
    """Return a value as people read it; moments are in UTC."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def print_note(text: str) -> None:
    """Tell the person something beside the result."""
    typer.echo(text, err=True)


def print_error(text: str) -> None:
    """Say in one sentence what went wrong."""
    typer.secho(text, err=True, fg=typer.colors.RED)


def error_console() -> Console:
    """Return the console on stderr, for progress."""
    return Console(stderr=True, highlight=False)


@contextmanager
def show_spinner(text: str) -> Iterator[None]:
    """Show on stderr that something is going on."""
    with error_console().status(Text(text)):
        yield
