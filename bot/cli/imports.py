"""`labelbot import`: import items from a file, with a report of invalid rows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, error_console, print_error, print_json, print_text
from bot.imports.mapping import PARTS, ColumnMapping
from bot.imports.row import InvalidRow
from bot.services.imports.importer import ImportCallbacks, ImportResult, ImportSource, import_file
from bot.slack.blockkit.text import pluralize

app = typer.Typer(add_completion=False)

BLOCK_BYTES = 1024 * 1024


@app.command(
    "import",
    epilog="Example: labelbot import tone pairs.jsonl --map prompt=question --map candidates=a,b",
)
def import_items(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")],
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON Lines, CSV or TSV (in UTF-8), or an XLSX workbook.",
            exists=True,
            dir_okay=False,
        ),
    ],
    *,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help=f"PART=COLUMN,…: the columns of {', '.join(PARTS)}."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Reject the whole file if any row is invalid.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Import items from a file.

    Columns that --map does not name are detected. Invalid rows are reported and skipped.
    Importing a file again adds only its new items.
    """
    source = ImportSource(campaign, file, ColumnMapping.parse(mapping or []), strict=strict)
    result = _import_with_progress(source)
    if as_json:
        print_json(asdict(result) | {"campaign": campaign, "file": file.name})
    else:
        print_text(_format_summary(campaign, result))
    if result.aborted:
        rows = pluralize(result.rejected, "invalid row")
        print_error(f"The file was rejected because of {rows}. Correct the file and import again.")
    elif result.rejected and not result.added + result.existing:
        print_error("Nothing was imported: every row is invalid. Check the columns with --map.")
    else:
        return
    raise typer.Exit(1)


def _import_with_progress(source: ImportSource) -> ImportResult:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = error_console()
    hidden = not console.is_terminal
    bar = Progress(*columns, console=console, transient=True, disable=hidden)
    with open_database() as database, bar:
        job = bar.add_task("lines", total=_count_lines(source.path))

        def print_invalid_row(row: InvalidRow) -> None:
            bar.console.print(f"line {row.line}: {row.reason}", markup=False, soft_wrap=True)

        callbacks = ImportCallbacks(
            on_rejected=print_invalid_row, on_line=lambda line: bar.update(job, completed=line)
        )
        return import_file(database, source, command_line_actor(), callbacks)


def _count_lines(path: Path) -> int | None:
    """Return the number of lines for the progress bar, None if the file is not a text file."""
    if path.suffix.lower() == ".xlsx":
        return None
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK_BYTES), b""))


def _format_summary(campaign: str, result: ImportResult) -> str:
    parts = [f"Added {pluralize(result.added, 'item')} to “{campaign}”"]
    parts += [f"{result.existing:,} already imported"] if result.existing else []
    parts += [pluralize(result.duplicates, "duplicate row")] if result.duplicates else []
    parts += [pluralize(result.rejected, "invalid row")] if result.rejected else []
    return f"{', '.join(parts)}."
