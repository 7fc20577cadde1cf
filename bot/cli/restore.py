"""`labelbot restore`: a backup into an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database import convert_database_errors
from bot.cli.database_copy import convert_copy_errors, describe_copy
from bot.cli.output import JSON_HELP, print_json, print_text
from bot.errors import BotError
from bot.settings import load_storage_settings
from storage.backup import restore_backup


class MissingBackupError(BotError):
    """Cannot restore “{path}”: {reason}. Name a file that labelbot backup wrote."""


app = typer.Typer(add_completion=False)


@app.command(epilog="Example: labelbot restore labelbot-2030-05-31.db")
def restore(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A file of labelbot backup."),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Read a backup into the database of DATABASE_URL, which must be empty.

    It may be SQLite or PostgreSQL. A backup of an older release is brought to the newest schema.
    """
    if not file.is_file():
        reason = "it is a folder" if file.is_dir() else "there is no such file"
        raise MissingBackupError(path=file, reason=reason)
    with convert_copy_errors(), convert_database_errors():
        copied = restore_backup(file, load_storage_settings().database_url)
    if as_json:
        print_json(copied)
    else:
        print_text(
            f"Restored and compared {describe_copy(copied)}. Start the bot with labelbot run."
        )
