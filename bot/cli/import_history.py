"""`labelbot imports list` and `labelbot imports undo`: the imports of a campaign.

`labelbot import list` and `labelbot import undo` are the same commands.
"""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.imports import undo as import_undo
from bot.services.imports.undo import UndoneImport
from bot.slack.blockkit.text import pluralize
from storage.queries.item_imports import ImportSummary

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="List the imports of a campaign; undo one."
)

COLUMNS = ("import", "file", "items", "imported by", "at", "undone")
Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]


@app.command("list", epilog="Example: labelbot imports list jokes")
def list_imports(
    name: Name, *, as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False
) -> None:
    """List the imports of a campaign, with the items that are left of each."""
    with open_database() as database:
        found = database.read_now(_load, name)
    if as_json:
        print_json([row._asdict() for row in found])
    elif not found:
        print_text(f"“{name}” has no imports. Items of older versions name none.")
    else:
        print_table(COLUMNS, map(_table_row, found))


@app.command(epilog="Example: labelbot imports undo jokes")
def undo(
    name: Name,
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="IMPORT",
            help="Number of the import, from labelbot import list; default: the last one.",
            min=1,
            max=2**31 - 1,
        ),
    ] = None,
) -> None:
    """Delete the items of an import that nobody has answered.

    The same file can be imported again.
    """
    with open_database() as database:
        undone = database.write_now(_undo, name, number, command_line_actor())
    tasks = f" {pluralize(undone.unassigned, 'open task')} unassigned." if undone.unassigned else ""
    print_text(
        f"Undid the import of {undone.file} into “{name}”: {pluralize(undone.items, 'item')} "
        f"deleted.{tasks}"
    )


def _load(session: Session, name: str) -> list[ImportSummary]:
    return import_undo.list_imports(session, campaigns.campaign_by_name(session, name))


def _undo(session: Session, name: str, number: int | None, actor: Actor) -> UndoneImport:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return import_undo.undo_import(session, campaign, number, actor)


def _table_row(row: ImportSummary) -> tuple[object, ...]:
    return str(row.id), row.file, row.items, row.imported_by, row.created_at, row.undone_at
