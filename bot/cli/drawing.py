"""What commands draw: tables on stdout, and on stderr that something is going on.

Apart from `speaking`: what draws takes longer to load than `labelbot --help` takes to say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from bot.cli.speaking import shown

UNBOUND = 200
"""Columns of a table that goes into a file or a pipe."""


def say_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table; numbers stand on the right, and nothing in a cell is taken for markup."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    filled = [list(row) for row in rows]
    for place, column in enumerate(columns):
        is_number = bool(filled) and all(isinstance(row[place], int) for row in filled)
        justify: JustifyMethod = "right" if is_number else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=place > 0)
    for row in filled:
        table.add_row(*(Text(shown(cell)) for cell in row))
    width = None if sys.stdout.isatty() else UNBOUND
    Console(highlight=False, width=width).print(table)


def errors() -> Console:
    """Return the console on stderr, for progress."""
    return Console(stderr=True, highlight=False)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show on stderr that something is going on."""
    with errors().status(Text(text)):
        yield
