"""`labelbot export`: one export of a campaign, or all exports that are due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import command_line_actor, open_database
from bot.cli.export_pipe import require_one_file, write_rows
from bot.cli.export_target import ToOrPipeOption, usual_target
from bot.cli.output import JSON_HELP, print_error, print_json, print_note, print_text, show_spinner
from bot.cli.row_options import with_row_options
from bot.clock import WallClock
from bot.exports.export_folder import ExportResult
from bot.exports.formats import FORMAT_HELP
from bot.exports.row_options import DEFAULT_OPTIONS, RowOptions
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.exports import answer_triggers, claims, jobs, run
from bot.services.exports.claims import ClaimedExportRun
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.supported_formats import formats_for
from bot.slack.blockkit.text import pluralize
from storage.database import Database
from storage.worker_lock import WorkerLock

app = typer.Typer(add_completion=False)

PrintLine = Callable[[str], None]


@app.command(epilog="Example: labelbot export jokes --format rating --to exports")
@with_row_options
def export(  # noqa: PLR0913 - the options of the command
    campaign: Annotated[
        str | None, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")
    ] = None,
    *,
    format_name: Annotated[
        str | None,
        typer.Option("--format", help=FORMAT_HELP),
    ] = None,
    to: ToOrPipeOption = None,
    channel: Annotated[
        str | None, typer.Option(help="Id of a Slack channel that gets the result and the file.")
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Run all exports that are scheduled or requested.")
    ] = False,
    freeze: Annotated[
        bool, typer.Option("--freeze", help="Make the exported answers final.")
    ] = False,
    options: RowOptions,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Write a campaign's answers as a dataset, or run all due exports.

    A dataset is a folder with JSON Lines, Parquet, a dataset card and a manifest.
    """
    if due == bool(campaign):
        message = "Name a campaign, or use --due."
        raise typer.BadParameter(message)
    if freeze and due:
        message = "--freeze needs a campaign; it cannot be combined with --due."
        raise typer.BadParameter(message)
    if due and options != DEFAULT_OPTIONS:
        message = "Options of rows need a campaign; scheduled exports have their own."
        raise typer.BadParameter(message)
    target = to or usual_target()
    if target.is_piped and (due or as_json):
        message = "Standard output (--to -) is for the rows of one campaign, without --json."
        raise typer.BadParameter(message)
    request = ExportRequest(
        format_name or "",
        target.directory,
        channel,
        freezes=freeze,
        options=options,
        destination=target.destination,
    )
    if target.is_piped:
        require_one_file(request)
    with open_database() as database:
        if not campaign:
            _run_due(database, as_json=as_json)
            return
        result = _run_export(database, campaign, request)
    if target.is_piped:
        write_rows(result)
        _print_summary(result, print_note)
    elif as_json:
        print_json(result)
    else:
        _print_summary(result, print_text)


def _run_export(database: Database, campaign: str, request: ExportRequest) -> ExportResult:
    with closing(WorkerLock(database.engine)) as worker:
        claimed = database.write_now(
            _claim_export, campaign, request, command_line_actor(), worker.id
        )
        with show_spinner(f"Exporting “{campaign}” …"):
            return run.run_export(database, claimed, WallClock())


def _claim_export(
    session: Session, name: str, request: ExportRequest, actor: Actor, worker: str
) -> ClaimedExportRun:
    campaign = campaigns.campaign_by_name(session, name)
    request = replace(request, format=request.format or formats_for(campaign.kind)[0])
    return claims.queue_and_claim(session, campaign, request, actor, worker)


def _print_summary(result: ExportResult, print_line: PrintLine) -> None:
    print_line(f"{pluralize(result.row_count, 'row')} in {result.directory}")
    if result.location:
        print_line(f"Delivered to {result.location}")
    left_out = sum(result.left_out.values())
    if not result.row_count and not left_out:
        print_note("There are no answers yet. labelbot status shows what each campaign needs.")
        return
    for config, counts in result.configs.items():
        print_line(f"{config}: {pluralize(counts.row_count, 'row')}")
        _print_splits(counts.splits, print_line)
    if not result.configs:
        _print_splits(result.splits, print_line)
    stored = pluralize(result.answers + left_out, "answer")
    print_line(f"Of {stored}, {result.answers:,} are in the rows and {left_out:,} are left out.")
    for reason, count in result.left_out.items():
        print_line(f"{count:,} left out: {reason}")


def _print_splits(splits: Mapping[str, int], print_line: PrintLine) -> None:
    if len(splits) > 1:
        counts = ", ".join(f"{count:,} in {name}" for name, count in splits.items())
        print_line(f"Rows by split: {counts}")


def _queue_due(session: Session, now: datetime) -> int:
    due = jobs.queue_due_runs(session, now)
    return due + answer_triggers.queue_due_runs(session, now)


def _run_due(database: Database, *, as_json: bool) -> None:
    clock = WallClock()
    queued = database.write_now(_queue_due, clock.now())
    with show_spinner("Running due exports …"):
        result = run.run_pending_exports(database, clock)
    if as_json:
        print_json({"queued": queued, "written": result.written, "failed": result.failed})
    else:
        print_text(f"{pluralize(result.written, 'export')} written.")
    if result.failed:
        print_error(f"{pluralize(result.failed, 'export')} failed; see the messages above.")
        raise typer.Exit(1)
