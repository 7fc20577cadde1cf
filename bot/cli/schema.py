"""`labelbot db`: the schema of the database."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.database import convert_database_errors
from bot.cli.output import JSON_HELP, print_json, print_text
from bot.settings import load_storage_settings
from storage.schema_upgrade import current_revision, head_revision
from storage.schema_upgrade import upgrade as bring_up_to_date

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Look after the database.")

Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command(epilog="Example: labelbot db upgrade")
def upgrade(*, as_json: Json = False) -> None:
    """Bring the tables up to date; safe while other processes start."""
    with convert_database_errors():
        done = bring_up_to_date(load_storage_settings().database_url)
    if as_json:
        print_json(done)
    elif done.has_changed:
        print_text(f"The database went from revision {done.before or 'nothing'} to {done.after}.")
    else:
        print_text(f"The database is up to date (revision {done.after}).")


@app.command(epilog="Example: labelbot db revision --json")
def revision(*, as_json: Json = False) -> None:
    """Show which revision the tables have, and which this release wants."""
    with convert_database_errors():
        found = current_revision(load_storage_settings().database_url)
    if as_json:
        print_json({"revision": found, "expected": head_revision()})
    else:
        print_text(
            f"The database has revision {found or 'none'}; labelbot wants {head_revision()}."
        )
