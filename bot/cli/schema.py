"""`labelbot db`: the schema of the database."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from bot.cli.database import convert_database_errors
from bot.cli.database_copy import convert_copy_errors, describe_copy
from bot.cli.output import JSON_HELP, print_json, print_note, print_text
from bot.database_lock import running_bot
from bot.database_url import check_database_url
from bot.errors import BotError
from bot.settings import load_storage_settings
from storage.database_copy import copy_database
from storage.engine import sqlite_file
from storage.schema_upgrade import current_revision, head_revision
from storage.schema_upgrade import upgrade as upgrade_schema

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Show or upgrade the database schema; copy a database.",
)

Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


class MissingSourceError(BotError):
    """There is no database file {path}. Check the URL of the database to copy."""


class SameDatabaseError(BotError):
    """Both URLs name the same database. Name an empty one to copy to."""


@app.command(epilog="Example: labelbot db upgrade")
def upgrade(*, as_json: Json = False) -> None:
    """Upgrade the database schema.

    Safe while other processes start.
    """
    with convert_database_errors():
        result = upgrade_schema(load_storage_settings().database_url)
    if as_json:
        print_json(result)
    elif not result.has_changed:
        print_text(f"The database is up to date (revision {result.after}).")
    elif result.before:
        print_text(f"Upgraded the database from revision {result.before} to {result.after}.")
    else:
        print_text(f"Created the tables (revision {result.after}).")


@app.command(epilog="Example: labelbot db revision --json")
def revision(*, as_json: Json = False) -> None:
    """Show the revision of the database and the one this release expects."""
    with convert_database_errors():
        current, expected = current_revision(load_storage_settings().database_url), head_revision()
    if as_json:
        print_json({"revision": current, "expected": expected})
    else:
        print_text(f"Revision of the database: {current or 'none'}; expected: {expected}.")


@app.command(epilog="Example: labelbot db copy sqlite:///labelbot.db postgresql://host/labelbot")
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="URL of the database to copy.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="URL of an empty database.")],
    *,
    as_json: Json = False,
) -> None:
    """Copy a database into an empty one, between SQLite and PostgreSQL in both directions.

    Every row is compared afterwards. Stop the bot first: what it stores meanwhile is not copied.
    """
    _check_url(source, "FROM")
    _check_url(target, "TO")
    path = sqlite_file(source)
    if path is not None and not path.is_file():
        raise MissingSourceError(path=path)
    if (path or make_url(source)) == (sqlite_file(target) or make_url(target)):
        raise SameDatabaseError
    for url in (source, target):
        if sqlite_file(url) is None:
            with convert_database_errors(url):
                current_revision(url)
    if process := running_bot(source):
        print_note(f"A bot (process {process}) is running: what it stores from now on is missing.")
    with convert_copy_errors(), convert_database_errors(source, target):
        copied = copy_database(source, target)
    if as_json:
        print_json(copied)
        return
    print_text(f"Copied and compared {describe_copy(copied)}. Set DATABASE_URL to the copy.")


def _check_url(url: str, argument: str) -> None:
    try:
        check_database_url(url)
    except ValueError as error:
        message = f"It {error}."
        raise typer.BadParameter(message, param_hint=argument) from None
