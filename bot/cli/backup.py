"""`labelbot backup`: the whole database in a file, while the bot runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import output_file
from bot.cli.database import convert_database_errors
from bot.cli.database_copy import convert_copy_errors, describe_copy
from bot.cli.output import JSON_HELP, print_json, print_text
from bot.cli.output_file import OutputFileError
from bot.settings import load_storage_settings
from storage.backup import write_backup

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: labelbot backup labelbot-2030-05-31.db")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file; none may exist.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Write the whole database to a file, while the bot runs, and check the file.

    Whatever was acknowledged before the command is in it. The file is a SQLite database, also if
    the bot uses PostgreSQL, and only its owner may read it.
    """
    output_file.require_folder(file)
    try:
        with convert_copy_errors(), convert_database_errors():
            copied = write_backup(load_storage_settings().database_url, file)
    except FileExistsError as error:
        raise OutputFileError(path=file, reason="the file exists") from error
    except OSError as error:
        raise OutputFileError(path=file, reason=error.strerror or error) from error
    if as_json:
        print_json({"file": file, "revision": copied.revision, "rows": copied.rows})
    else:
        print_text(f"Wrote and checked {file}: {describe_copy(copied)}.")
