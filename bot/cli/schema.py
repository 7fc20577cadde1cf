"""`labelbot db`: the schema of the database."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.database import convert_database_errors
from bot.cli.output import JSON_HELP, print_json, print_text
from bot.settings import load_storage_settings
from storage.schema_upgrade import current_revision, head_revision
from storage.schema_upgrade import upgrade as upgrade_schema

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Show or upgrade the database schema."
)

Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


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
