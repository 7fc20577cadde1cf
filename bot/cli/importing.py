"""`labelbot import`: the items of a file into a campaign, every bad row told with its line."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import JSON, complain, errors, say, say_json
from bot.imports.columns import PARTS, Columns
from bot.imports.row import BadRow
from bot.services.importing import Imported, Source, Watch, import_file

app = typer.Typer(add_completion=False)

BLOCK = 1024 * 1024


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
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Bring the items of a file into a campaign.

    Columns that no --map names are guessed. Rows that cannot be used are told one by one and left
    out. Importing a file again adds only what is new.
    """
    source = Source(campaign, file, Columns.parse(mapping or []), strict=strict)
    done = _watched(source)
    if as_json:
        say_json(asdict(done) | {"campaign": campaign, "file": file.name})
    else:
        say(_sentence(campaign, done))
    if done.refused:
        complain(f"Nothing was imported, because {_rows(done.bad)} bad; mend them and try again.")
    elif done.bad and not done.added + done.there:
        complain("Nothing was imported: every row is bad. Perhaps --map helps.")
    else:
        return
    raise typer.Exit(1)


def _watched(source: Source) -> Imported:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = errors()
    hidden = not console.is_terminal
    bar = Progress(*columns, console=console, transient=True, disable=hidden)
    with open_database() as database, bar:
        job = bar.add_task("lines", total=_lines(source.path))

        def tell(bad: BadRow) -> None:
            bar.console.print(f"line {bad.line}: {bad.reason}", markup=False, soft_wrap=True)

        watch = Watch(bad=tell, line=lambda line: bar.update(job, completed=line))
        return import_file(database, source, by_hand(), watch)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def _sentence(campaign: str, done: Imported) -> str:
    parts = [f"{done.added:,} items added to “{campaign}”"]
    parts += [f"{done.there:,} were there already"] if done.there else []
    parts += [f"{done.repeated:,} repeated in the file"] if done.repeated else []
    parts += [f"{_rows(done.bad)} bad and left out"] if done.bad else []
    return f"{', '.join(parts)}."
