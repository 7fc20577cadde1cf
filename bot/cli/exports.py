"""`labelbot export`: a campaign's answers as a dataset, now, or whatever is due."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_error, print_json, print_note, print_text, show_spinner
from bot.clock import WallClock
from bot.exports.export_folder import ExportResult
from bot.exports.formats import FORMATS
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.exports import jobs, run
from bot.services.exports.jobs import ClaimedExportRun, ExportRequest
from bot.services.exports.supported_formats import formats_for
from bot.settings import load_storage_settings
from storage.database import Database

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: labelbot export jokes --format rating --to exports")
def export(  # noqa: PLR0913 - they are its options
    campaign: Annotated[str | None, typer.Argument(help="The name of the campaign.")] = None,
    *,
    format_name: Annotated[
        str | None,
        typer.Option("--format", help=f"{', '.join(FORMATS)}; that of the kind if left out."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Into this folder; that of LABELBOT_EXPORTS if left out.")
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Run what is scheduled or was asked for, instead.")
    ] = False,
    freeze: Annotated[
        bool, typer.Option("--freeze", help="Make the answers in it final: nobody changes them.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Write a campaign's answers as a dataset: JSON Lines, Parquet, a card and a manifest."""
    if due == bool(campaign):
        message = "Name a campaign, or say --due."
        raise typer.BadParameter(message)
    if freeze and due:
        message = "--freeze goes with a campaign, not with --due."
        raise typer.BadParameter(message)
    directory = (to or load_storage_settings().exports_dir).resolve()
    with open_database() as database:
        if campaign:
            _print_result(
                _run_export(database, campaign, format_name, directory, freeze=freeze),
                as_json=as_json,
            )
        else:
            _run_due(database, as_json=as_json)


def _run_export(
    database: Database, campaign: str, format_name: str | None, directory: Path, *, freeze: bool
) -> ExportResult:
    claimed = database.write_now(
        _claim_export, campaign, format_name, directory, command_line_actor(), freeze=freeze
    )
    with show_spinner(f"Exporting “{campaign}” …"):
        return run.run_export(database, claimed, WallClock())


def _claim_export(  # noqa: PLR0913 - they are what was typed
    session: Session,
    name: str,
    format_name: str | None,
    directory: Path,
    actor: Actor,
    *,
    freeze: bool,
) -> ClaimedExportRun:
    campaign = campaigns.campaign_by_name(session, name)
    wanted = ExportRequest(
        format_name or formats_for(campaign.kind)[0], directory, freezes=freeze
    )
    return jobs.queue_and_claim(session, campaign, wanted, actor)


def _print_result(written: ExportResult, *, as_json: bool) -> None:
    if as_json:
        print_json(written)
        return
    print_text(f"{written.row_count:,} rows in {written.directory}")
    if not written.row_count and not written.skipped:
        print_note("Nothing is answered yet; labelbot status says of each campaign what it needs.")
    for reason, count in written.skipped.items():
        print_text(f"{count:,} left out: {reason}")


def _run_due(database: Database, *, as_json: bool) -> None:
    clock = WallClock()
    queued = database.write_now(jobs.queue_due_runs, clock.now())
    with show_spinner("Exporting what is due …"):
        result = run.run_pending_exports(database, clock)
    if as_json:
        print_json({"queued": queued, "written": result.written, "failed": result.failed})
    else:
        print_text(f"{result.written} exports written.")
    if result.failed:
        print_error(f"{result.failed} exports failed; each says above what to do.")
        raise typer.Exit(1)
