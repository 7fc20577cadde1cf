"""Output of commands: results on stdout, as text or JSON; everything else on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import orjson
import typer

from bot.lazy_module import LazyModule

if TYPE_CHECKING:
    from rich import console, table, text
else:  # not loaded by the bot, which prints no tables
    console, table, text = map(LazyModule, ("rich.console", "rich.table", "rich.text"))

T = TypeVar("T")

PIPED_TABLE_WIDTH = 200
"""Width in characters of a table that is written to a file or a pipe."""

JSON_HELP = "Print JSON, for scripts."


def print_text(result: str) -> None:
    """Print a result."""
    typer.echo(result)


def print_json(value: object) -> None:
    """Print a result as JSON, with times in ISO 8601."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    typer.echo(orjson.dumps(value, default=_serialize, option=options).decode(), nl=False)


def _serialize(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError


def print_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table with right-aligned numbers. Cells are plain text, never Rich markup."""
    shown = table.Table(box=None, pad_edge=False, header_style="bold")
    cells = [list(row) for row in rows]
    for index, column in enumerate(columns):
        is_number = bool(cells) and all(isinstance(row[index], int) for row in cells)
        justify: console.JustifyMethod = "right" if is_number else "left"
        shown.add_column(column, justify=justify, overflow="fold", no_wrap=index > 0)
    for row in cells:
        shown.add_row(*(text.Text(format_value(cell)) for cell in row))
    width = None if sys.stdout.isatty() else PIPED_TABLE_WIDTH
    console.Console(highlight=False, width=width).print(shown)


def print_list(
    found: Sequence[T],
    columns: Iterable[str],
    row: Callable[[T], Iterable[object]],
    *,
    empty: str,
    as_json: bool,
) -> None:
    """Print a list as JSON or as a table; `empty` is the text if there is nothing."""
    if as_json:
        print_json(found)
    elif not found:
        print_text(empty)
    else:
        print_table(columns, map(row, found))


def print_secret(created: object, secret: str, note: str, *, as_json: bool) -> None:
    """Print a secret that is shown once: `created` as JSON, or the secret and a note about it."""
    if as_json:
        print_json(created)
    else:
        print_text(secret)
        print_note(note)


def format_value(value: object) -> str:
    """Return a value as text for people. Times are in UTC."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def print_note(note: str) -> None:
    """Print a note that is not part of the result."""
    typer.echo(note, err=True)


def print_error(message: str) -> None:
    """Print an error message."""
    typer.secho(message, err=True, fg=typer.colors.RED)


def error_console() -> console.Console:
    """Return a console on stderr, for progress bars."""
    return console.Console(stderr=True, highlight=False)


@contextmanager
def show_spinner(message: str) -> Iterator[None]:
    """Show a spinner with a message on stderr while the block runs."""
    with error_console().status(text.Text(message)):
        yield
