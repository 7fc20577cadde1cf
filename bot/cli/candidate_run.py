"""A run of `labelbot sample`: read prompts, collect candidates, import items."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.candidates.collection import CandidateResult, Collector
from bot.candidates.items import build_rows, items_in, read_prompts, source_prompt
from bot.candidates.request import SourcePrompt
from bot.cli.candidate_summary import SampleResult
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import error_console
from bot.cli.output_file import write_file
from bot.imports.file_digest import digest_of_path
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions
from bot.imports.read_item import DuplicateRow, ImportedItem
from bot.imports.row import InvalidRow, RowWarning
from bot.kinds import kind_named
from bot.services.actors.actor import subject_of
from bot.services.answers.campaign_settings import settings_of
from bot.services.imports.import_progress import ImportCallbacks
from bot.services.imports.import_record import ImportedFile
from bot.services.imports.importer import ItemSource, import_items
from storage.tables import Campaign

ROW_OPTIONS = orjson.OPT_APPEND_NEWLINE

CANDIDATE_PARTS = ("candidates", "models", "authors", "gold", "draft")
"""Parts of an item that a file of prompts cannot have."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prompts of a file, and the rows that are none."""

    path: Path
    prompts: Sequence[SourcePrompt]
    rejected: Sequence[InvalidRow]
    duplicates: int


def read_prompt_file(path: Path, mappings: list[str]) -> Prompts:
    """Return the prompts of a file.

    Raises:
        BadParameter: a part is mapped that prompts do not have.
        BotError: the file cannot be read.
    """
    columns = ColumnMapping.parse(mappings)
    if wrong := [part for part in CANDIDATE_PARTS if getattr(columns, part)]:
        message = f"A file of prompts has no {' and no '.join(wrong)}: models write them."
        raise typer.BadParameter(message, param_hint="--map")
    rows = list(read_prompts(path, columns, ImportOptions()))
    return Prompts(
        path,
        [source_prompt(row) for row in rows if isinstance(row, ImportedItem)],
        [row for row in rows if isinstance(row, InvalidRow)],
        sum(isinstance(row, DuplicateRow) for row in rows),
    )


def collect(collector: Collector, prompts: Prompts) -> list[CandidateResult]:
    """Return the result of every candidate; print each problem when it is found."""
    requests = list(collector.order.requests(prompts.prompts))
    console = error_console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    results: list[CandidateResult] = []
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        job = bar.add_task("candidates", total=len(requests))
        show = _printer(bar.console.print)
        for row in prompts.rejected:
            show(f"{row.place}: {row.reason}")

        def add(result: CandidateResult) -> None:
            results.append(result)
            bar.update(job, advance=1)
            if result.problem:
                request = result.request
                show(f"{request.prompt.place}, {request.generator.name}: {result.reason}")

        asyncio.run(collector.collect(requests, add))
    return results


def _printer(output: Callable[..., None]) -> Callable[[str], None]:
    return lambda text: output(text, markup=False, soft_wrap=True)


def import_candidates(
    campaign: Campaign,
    collector: Collector,
    prompts: Prompts,
    results: list[CandidateResult],
    out: Path | None,
) -> SampleResult:
    """Import the items that are complete, or write them to a file; print what is not complete."""
    kind = kind_named(campaign.kind)
    settings = settings_of(kind, campaign.settings)
    rows, incomplete = build_rows(kind, collector.order, results)
    show = _printer(error_console().print)
    for one in incomplete:
        show(f"{one.prompt.place}: only {' and '.join(one.models)} has a candidate, so no item")

    if out is not None:
        write_file(out, b"".join(orjson.dumps(row.fields, option=ROW_OPTIONS) for row in rows))
        return SampleResult(
            campaign.name, collector, len(prompts.prompts), results, incomplete, written=len(rows)
        )

    def show_row(row: InvalidRow | RowWarning) -> None:
        show(f"{row.place}: {row.reason}")

    callbacks = ImportCallbacks(on_rejected=show_row, on_warning=show_row)
    file = ImportedFile(prompts.path.name, digest_of_path(prompts.path))
    actor = command_line_actor()
    with open_database() as database:
        imported = import_items(
            database, ItemSource(campaign, file, items_in(rows, kind, settings)), actor, callbacks
        )
        result = SampleResult(
            campaign.name, collector, len(prompts.prompts), results, incomplete, imported
        )
        database.write_now(
            lambda session: actor.record(
                session, "sampled candidates", subject_of(campaign), **result.audit_details()
            )
        )
    return result
