"""`labelbot import`: the items of a file into a campaign, every bad row told with its line."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, error_console, print_error, print_json, print_text
from bot.imports.column_mapping import PARTS, ColumnMapping
from bot.imports.row import InvalidRow
from bot.services.imports.importer import ImportCallbacks, ImportResult, ImportSource, import_file

app = typer.Typer(add_completion=False)

BLOCK_BYTES = 1024 * 1024


@app.command(
    "import",
    epilog="Example: labelbot import tone pairs.jsonl --map prompt=question --map candidates=a,b",
)
def import_items(
    campaign: Annotated[str, typer.Argument(help="The name of the campaign.")],
    file: Annotated[
        Path,
        typer.Argument(help="JSON Lines, CSV or TSV, in UTF-8.", exists=True, dir_okay=False),
    ],
    *,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help=f"PART=COLUMN,…: where to find {', '.join(PARTS)}."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Import nothing if one row is bad.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Bring the items of a file into a campaign.

    Columns that no --map names are guessed. Rows that cannot be used are told one by one and left
    out. Importing a file again adds only what is new.
    """
    source = ImportSource(campaign, file, ColumnMapping.parse(mapping or []), strict=strict)
    done = _import_with_progress(source)
    if as_json:
        print_json(asdict(done) | {"campaign": campaign, "file": file.name})
    else:
        print_text(_format_summary(campaign, done))
    if done.aborted:
        print_error(
            f"Nothing was imported, because {_format_row_count(done.rejected)} bad; mend them and try again."
        )
    elif done.rejected and not done.added + done.existing:
        print_error("Nothing was imported: every row is bad. Perhaps --map helps.")
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

        def print_bad_row(bad: InvalidRow) -> None:
            bar.console.print(f"line {bad.line}: {bad.reason}", markup=False, soft_wrap=True)

        watch = ImportCallbacks(
            on_rejected=print_bad_row, on_line=lambda line: bar.update(job, completed=line)
        )
        return import_file(database, source, command_line_actor(), watch)


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK_BYTES), b""))


def _format_row_count(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def _format_summary(campaign: str, done: ImportResult) -> str:
    parts = [f"{done.added:,} items added to “{campaign}”"]
    parts += [f"{done.existing:,} were there already"] if done.existing else []
    parts += [f"{done.duplicates:,} repeated in the file"] if done.duplicates else []
    parts += [f"{_format_row_count(done.rejected)} bad and left out"] if done.rejected else []
    return f"{', '.join(parts)}."
