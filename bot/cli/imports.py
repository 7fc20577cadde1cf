"""`labelbot import`: import items from a file, with a report of invalid rows."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, error_console, print_error, print_json, print_text
from bot.hugging_face import DatasetRequest, HubAccess, download_dataset, parse_dataset_name
from bot.imports.answers.mapping import AnswerMapping, is_answer_mapping
from bot.imports.mapping import ANSWER_PARTS, PARTS, ColumnMapping
from bot.imports.plan import ImportOptions
from bot.imports.readers import file_type_of
from bot.imports.row import InvalidRow, RowWarning
from bot.imports.shapes import SHAPES
from bot.services.imports.answer_counts import AnswerCounts
from bot.services.imports.dry_run import DryRun, as_json, dry_run
from bot.services.imports.import_progress import ImportCallbacks, ImportResult
from bot.services.imports.importer import ImportSource, import_file
from bot.slack.blockkit.text import pluralize
from bot.url_download import download, file_name_of

app = typer.Typer(add_completion=False)

BLOCK_BYTES = 1024 * 1024

STANDARD_INPUT = "-"
DEFAULT_TYPE = "jsonl"
"""The file type of standard input, unless --type names another."""

TEXT_TYPES = (".jsonl", ".ndjson", ".csv", ".tsv")

MAX_SHOWN_ROWS = 10
MAX_SHOWN_CHARS = 1_000


@app.command(
    "import",
    epilog="Example: labelbot import tone pairs.jsonl --map prompt=question --map candidates=a,b",
)
def import_items(  # noqa: PLR0913 - one parameter per option
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")],
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="JSON, JSON Lines, CSV, TSV, XLSX or Parquet; also compressed (.gz), a ZIP "
            "archive, a folder, an https:// address, hf://datasets/OWNER/NAME, or - for standard "
            "input.",
        ),
    ],
    *,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help=f"PART=COLUMN,…: the columns of {', '.join(PARTS)}; of existing "
            f"answers: {', '.join(ANSWER_PARTS)}, answer.CRITERION.",
        ),
    ] = None,
    meanings: Annotated[
        list[str] | None,
        typer.Option("--value", help="VALUE=ANSWER: what a value of the answer means: 0=tie."),
    ] = None,
    shape: Annotated[
        str | None,
        typer.Option("--shape", help=f"Shape of the dataset: {', '.join(SHAPES)}."),
    ] = None,
    group_by: Annotated[
        str | None,
        typer.Option("--group-by", help="Column whose equal values make rows one item."),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", help="Encoding of a text file, such as cp1252."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Sheet of a workbook, instead of the first one.")
    ] = None,
    file_type: Annotated[
        str, typer.Option("--type", help="File type of standard input.")
    ] = DEFAULT_TYPE,
    config: Annotated[
        str | None, typer.Option("--config", help="Config of a Hugging Face dataset.")
    ] = None,
    split: Annotated[
        str | None, typer.Option("--split", help="Split of a Hugging Face dataset.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Reject the whole file if any row is invalid.")
    ] = False,
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be imported; import nothing.")
    ] = False,
    near: Annotated[
        bool, typer.Option("--near", help="With --dry-run: also find near-duplicates.")
    ] = False,
    json_output: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Import items from a file, and existing answers to them.

    Columns that --map does not name are detected; answers never are. Invalid rows are reported
    and skipped. Importing a file again adds only what is new.
    """
    columns = ColumnMapping.parse(m for m in mapping or [] if not is_answer_mapping(m))
    answers = AnswerMapping.parse(filter(is_answer_mapping, mapping or []), meanings or [])
    options = ImportOptions(encoding, sheet, shape, group_by, answers, may_read_folder=True)
    with _local_file(file, file_type, config, split) as path:
        source = ImportSource(campaign, path, columns, strict=strict, options=options)
        if is_dry_run:
            _run_dry(source, find_near=near, json_output=json_output)
            return
        result = _import_with_progress(source)
    if json_output:
        print_json(asdict(result) | {"campaign": campaign, "file": path.name})
    else:
        print_text(_format_summary(source, result))
    if result.aborted:
        rows = pluralize(result.rejected, "invalid row")
        print_error(f"The file was rejected because of {rows}. Correct the file and import again.")
    elif result.is_refused:
        print_error("Nothing was imported: every row is invalid. Check the columns with --map.")
    else:
        return
    raise typer.Exit(1)


@contextmanager
def _local_file(file: str, file_type: str, config: str | None, split: str | None) -> Iterator[Path]:
    """Provide the file on disk: standard input and addresses are stored in a temporary one."""
    is_file = Path(file).exists() or file_type_of(file) is not None
    dataset = None if is_file else parse_dataset_name(file)
    if dataset is None and (config or split):
        message = "--config and --split are for Hugging Face datasets: hf://datasets/OWNER/NAME."
        raise typer.BadParameter(message, param_hint="FILE")
    if not dataset and file != STANDARD_INPUT and not file.startswith(("https://", "http://")):
        path = Path(file)
        if not path.exists():
            message = f"“{file}” does not exist."
            raise typer.BadParameter(message, param_hint="FILE")
        yield path
        return
    with TemporaryDirectory(prefix="labelbot-import-") as folder:
        if file == STANDARD_INPUT:
            if sys.stdin is None:
                message = "Standard input is closed."
                raise typer.BadParameter(message, param_hint="FILE")
            path = Path(folder) / f"standard-input.{file_type.lstrip('.')}"
            with path.open("wb") as target:
                shutil.copyfileobj(sys.stdin.buffer, target)
        elif dataset:
            path = Path(folder) / dataset.rpartition("/")[2]
            path.mkdir()
            access = HubAccess(os.environ.get("HF_ENDPOINT", ""), os.environ.get("HF_TOKEN", ""))
            asyncio.run(download_dataset(DatasetRequest(dataset, config, split), path, access))
        else:
            path = Path(folder) / file_name_of(file)
            asyncio.run(download(file, path))
        yield path


def _import_with_progress(source: ImportSource) -> ImportResult:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = error_console()
    hidden = not console.is_terminal
    bar = Progress(*columns, console=console, transient=True, disable=hidden)
    with open_database() as database, bar:
        job = bar.add_task("lines", total=None if hidden else _count_lines(source.path))

        def print_row(row: InvalidRow | RowWarning) -> None:
            note = "warning: " * isinstance(row, RowWarning)
            text = f"{row.place}: {note}{row.reason}" if row.line else f"{note}{row.reason}"
            bar.console.print(text, markup=False, soft_wrap=True)

        callbacks = ImportCallbacks(
            on_rejected=print_row,
            on_warning=print_row,
            on_line=lambda line: bar.update(job, completed=line),
        )
        return import_file(database, source, command_line_actor(), callbacks)


def _count_lines(path: Path) -> int | None:
    """Return the number of lines for the progress bar, None if the file is not a text file."""
    if path.suffix.lower() not in TEXT_TYPES or path.is_dir():
        return None
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK_BYTES), b""))


def _format_summary(source: ImportSource, result: ImportResult) -> str:
    parts = [f"Added {pluralize(result.added, 'item')} to “{source.campaign}”"]
    parts += [f"{result.existing:,} already imported"] if result.existing else []
    if source.options.answers:
        parts += [f"{pluralize(result.answers, 'answer')} added"]
        existing = pluralize(result.existing_answers, "answer")
        parts += [f"{existing} already imported"] if result.existing_answers else []
        parts += [pluralize(result.repeated_answers, "repeated answer")] * bool(
            result.repeated_answers
        )
    parts += [pluralize(result.duplicates, "duplicate row")] if result.duplicates else []
    parts += [pluralize(result.rejected, "invalid row")] if result.rejected else []
    parts += [pluralize(result.warning_count, "warning")] if result.warning_count else []
    return f"{', '.join(parts)}."


def _run_dry(source: ImportSource, *, find_near: bool, json_output: bool) -> None:
    with open_database() as database:
        result = dry_run(database, source, find_near=find_near)
    if json_output:
        print_json(as_json(result, {"campaign": source.campaign, "file": source.path.name}))
    else:
        print_text("\n".join(_format_dry_run(source.campaign, result)))
    if not result.items + result.existing:
        raise typer.Exit(1)


def _format_dry_run(campaign: str, result: DryRun) -> Iterator[str]:
    yield (
        f"Dry run: {pluralize(result.rows, 'row')}, {pluralize(result.items, 'item')} to add to "
        f"“{campaign}”, {result.existing:,} already imported, "
        f"{pluralize(result.duplicates, 'duplicate row')}, "
        f"{pluralize(result.rejected, 'invalid row')}."
    )
    if result.answers:
        yield from _format_answers(result.answers)
    yield "\nColumns:"
    yield from (f"  {name}: {part}" for name, part in result.columns.items())
    if result.hidden:
        yield f"\nNot shown to experts: {', '.join(result.hidden)}"
    duplicates = [
        f"{row['row']}: {row['duplicate']} duplicate of {row['first']}"
        for row in result.duplicate_rows
    ]
    yield from _format_list("Duplicates", duplicates)
    yield from _format_list("Invalid rows", [f"{r.place}: {r.reason}" for r in result.errors])
    warnings = [f"{r.place}: {r.reason}" if r.line else r.reason for r in result.warnings]
    yield from _format_list("Warnings", warnings)
    for number, item in enumerate(result.preview, start=1):
        yield f"\nItem {number}, as experts will see it:"
        for title, text in item.passages:
            shown = text if len(text) <= MAX_SHOWN_CHARS else f"{text[:MAX_SHOWN_CHARS]}…"
            yield f"  [{title}]\n" + "\n".join(f"  {line}" for line in shown.splitlines())


def _format_answers(answers: AnswerCounts) -> Iterator[str]:
    yield (
        f"\nAnswers: {answers.new:,} to add, {answers.existing:,} already imported, "
        f"{answers.repeated:,} repeated, from {pluralize(len(answers.by_expert), 'expert')}; "
        f"{pluralize(answers.items_without, 'item')} without an answer."
    )
    counts = [f"{count:,}  {answer}" for answer, count in answers.by_answer.most_common()]
    yield from _format_list("By answer", counts)
    experts = [f"{count:,}  {expert}" for expert, count in answers.by_expert.most_common()]
    yield from _format_list("By expert", experts)


def _format_list(title: str, lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    yield f"\n{title}:"
    yield from (f"  {line}" for line in lines[:MAX_SHOWN_ROWS])
    if len(lines) > MAX_SHOWN_ROWS:
        yield f"  and {len(lines) - MAX_SHOWN_ROWS:,} more"
