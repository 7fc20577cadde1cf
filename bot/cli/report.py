"""`labelbot report`: label quality of a campaign, as JSON, as a page, or as tables."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import open_database
from bot.cli.output import JSON_HELP, print_json, print_note, print_table, print_text
from bot.cli.output_file import require_folder, write_file
from bot.cli.report_page import render_page
from bot.cli.report_tables import (
    GENERATOR_HEADINGS,
    format_agreement_interval,
    format_agreement_value,
    format_figure,
    format_interval,
    format_ranks,
    generator_cells,
)
from bot.clock import WallClock
from bot.errors import BotError
from bot.services.campaigns import campaigns
from bot.services.reports import quality_report
from bot.services.reports.documents import report_document
from bot.services.reports.leaderboard_document import dump_leaderboard, leaderboard_document
from bot.services.reports.quality_report import QualityReport
from bot.services.reports.throughput import format_throughput
from bot.slack.views.campaigns_overview import format_warning

app = typer.Typer(add_completion=False)


class NoModelsError(BotError):
    """“{name}” has no leaderboard: it is for comparisons and rankings whose items name models."""


@app.command(epilog="Example: labelbot report jokes --out report.html")
def report(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of a campaign.")],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="Write an HTML page to this file.")
    ] = None,
    leaderboard: Annotated[
        Path | None,
        typer.Option(
            "--leaderboard", dir_okay=False, help="Write the models and their ranks to this file."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Show agreement, experts, models and the hardest items of a campaign; it names models."""
    require_folder(out)
    require_folder(leaderboard)
    with open_database() as database:
        if leaderboard is not None:
            write_file(leaderboard, database.read_now(_dump_leaderboard, campaign))
            print_note(f"Wrote {leaderboard}.")
            if out is None and not as_json:
                return
        found = database.read_now(_build, campaign, WallClock().now(), has_details=out is not None)
    if out is not None:
        write_file(out, render_page(found).encode())
        print_note(f"Wrote {out}.")
    if as_json:
        print_json(report_document(found))
    elif out is None:
        _print_report(found)


def _build(session: Session, name: str, now: datetime, *, has_details: bool) -> QualityReport:
    campaign = campaigns.campaign_by_name(session, name)
    return quality_report.build_report(session, campaign, now, has_details=has_details)


def _dump_leaderboard(session: Session, name: str) -> bytes:
    document = leaderboard_document(session, campaigns.campaign_by_name(session, name))
    if document is None:
        raise NoModelsError(name=name)
    return dump_leaderboard(document)


def _print_report(found: QualityReport) -> None:
    for warning in found.warnings:
        print_text(format_warning(warning.text))
    if found.throughput:
        print_text(f"{format_throughput(found.throughput)}.")
    print_table(
        ("question", "coefficient", "value", "95% interval", "items", "experts"),
        (
            (
                row.question,
                row.metric,
                format_agreement_value(row),
                format_agreement_interval(row),
                row.units,
                " and ".join(row.experts) or "all",
            )
            for row in found.agreement
        ),
    )
    if found.models:
        print_table(
            ("model", "group", "strength", "95% interval", "ranks", "items", "both bad"),
            (
                (
                    model.name,
                    model.group,
                    format_figure(model.strength),
                    format_interval(model.low, model.high),
                    format_ranks(model),
                    model.items,
                    model.both_bad,
                )
                for model in found.models
            ),
        )
    if found.generators:
        print_table(GENERATOR_HEADINGS, map(generator_cells, found.generators))
