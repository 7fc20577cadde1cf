"""What commands print: results on stdout, as words or JSON; everything else on stderr."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import orjson
import typer

JSON = "Print JSON, for scripts."


def say(text: str) -> None:
    """Print a result."""
    typer.echo(text)


def say_json(value: object) -> None:
    """Print a result for programs: JSON, moments in ISO 8601."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    typer.echo(orjson.dumps(value, default=_plain, option=options).decode(), nl=False)


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError


def shown(value: object) -> str:
    """Return a value as people read it; moments are in UTC."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def note(text: str) -> None:
    """Tell the person something beside the result."""
    typer.echo(text, err=True)


def complain(sentence: str) -> None:
    """Say in one sentence what went wrong."""
    typer.secho(sentence, err=True, fg=typer.colors.RED)
