"""`labelbot status`: progress, pace, forecast, agreement and experts of campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import open_database
from bot.cli.output import JSON_HELP, format_value, print_json, print_table, print_text
from bot.clock import WallClock
from bot.services.campaigns import campaigns
from bot.services.reports import agreement, overview
from bot.services.reports.agreement_figures import StoredFigures
from bot.services.reports.documents import overview_document
from bot.services.reports.overview import CampaignReport, ExpertSummary, Overview
from bot.services.reports.throughput import format_throughput
from bot.slack.views.campaign_status import (
    format_agreement,
    format_gold_accuracy,
    format_suggestions,
)
from bot.slack.views.campaigns_overview import (
    format_answers_per_day,
    format_finish,
    format_percent,
    format_warning,
)
from storage.row_id import id_of

app = typer.Typer(add_completion=False)

COLUMNS = (
    *("name", "state", "items", "complete", "answered", "wanted", "open", "skipped", "expired"),
    "last_answer",
)


@app.command(epilog="Example: labelbot status jokes --json")
def status(
    campaign: Annotated[
        str | None, typer.Argument(metavar="CAMPAIGN", help="Name of a campaign; default: all.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Show progress, pace and forecast of all campaigns; for one, also agreement and experts."""
    now = WallClock().now()
    with open_database() as database:
        if campaign is None:
            overviews, experts = database.read_now(overview.list_overviews, now), None
        else:
            report = database.read_now(_load_report, campaign, now)
            overviews, experts = [report.overview], report.experts
    if as_json:
        output = {"campaigns": list(map(overview_document, overviews))}
        print_json(output if experts is None else {**output, "experts": experts})
    else:
        _print_overviews(overviews, experts)


def _load_report(session: Session, name: str, now: datetime) -> CampaignReport:
    campaign = campaigns.campaign_by_name(session, name)
    figures = StoredFigures(agreement.compute_figures(session, id_of(campaign)), now)
    return overview.build_campaign_report(session, campaign, now, figures)


def _print_overviews(
    overviews: Sequence[Overview], experts: Sequence[ExpertSummary] | None
) -> None:
    if not overviews:
        print_text("There are no campaigns yet. Create one with labelbot campaign create.")
        return
    headings = [*(column.replace("_", " ") for column in COLUMNS), "per day", "forecast"]
    print_table(headings, map(_table_row, overviews))
    for campaign in overviews:
        _print_notes(campaign)
    if experts:
        _print_experts(experts)


def _table_row(campaign: Overview) -> list[object]:
    values = [getattr(campaign.status, column) for column in COLUMNS]
    cells = [value if isinstance(value, int) else format_value(value) for value in values]
    return [*cells, format_answers_per_day(campaign), format_finish(campaign)]


def _print_notes(campaign: Overview) -> None:
    """Print a line for each warning, the suggestions, and the agreement on each question."""
    name = campaign.status.name
    for warning in campaign.warnings:
        print_text(f"{name}: {format_warning(warning.text)}")
    if campaign.forecast.suggestions:
        print_text(f"{name}: to finish sooner: {format_suggestions(campaign)}.")
    if campaign.throughput:
        print_text(f"{name}: {format_throughput(campaign.throughput)}.")
    for question, figures in campaign.figures.questions.items():
        print_text(f"{name}: {format_agreement(question, figures)}.")


def _print_experts(experts: Sequence[ExpertSummary]) -> None:
    columns = ("slack_id", "name", "pseudonym", "answered", "open", "skipped", "expired")
    headings = (
        "expert",
        *columns[1:],
        "sec/task",
        "agreement",
        "gold accuracy",
        "away",
        "quota reached",
    )
    rows = [
        [*(getattr(expert, column) for column in columns), *_quality_cells(expert)]
        for expert in experts
    ]
    print_table(headings, rows)


def _quality_cells(expert: ExpertSummary) -> list[str]:
    seconds = "-" if expert.median_seconds is None else f"{expert.median_seconds:,.0f}"
    return [
        seconds,
        format_percent(expert.agreement),
        format_gold_accuracy(expert),
        expert.away_reason or "-",
        expert.quota_reached or "-",
    ]
