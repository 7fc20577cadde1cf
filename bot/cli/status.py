"""`labelbot status`: how campaigns go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import open_database
from bot.cli.output import JSON_HELP, format_value, print_json, print_table, print_text
from bot.clock import WallClock
from bot.services.campaigns import campaigns
from bot.services.reports import agreement, overview
from bot.services.reports.agreement import StoredFigures
from bot.services.reports.overview import CampaignReport, ExpertSummary, Overview
from bot.slack.views.campaign_status import (
    format_agreement,
    format_gold_accuracy,
    format_suggestion,
)
from bot.slack.views.campaigns_overview import (
    format_answers_per_day,
    format_finish,
    format_percent,
    format_warning,
)

app = typer.Typer(add_completion=False)

COLUMNS = (
    *("name", "state", "items", "complete", "answered", "wanted", "open", "skipped", "expired"),
    "last_answer",
)


@app.command(epilog="Example: labelbot status jokes --json")
def status(
    campaign: Annotated[
        str | None, typer.Argument(help="The name of a campaign; all if left out.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Show how campaigns go: progress, pace, forecast; of one also agreement and each expert."""
    now = WallClock().now()
    with open_database() as database:
        if campaign is None:
            found, experts = database.read_now(overview.list_overviews, now), None
        else:
            picture = database.read_now(_load_campaign_status, campaign, now)
            found, experts = [picture.overview], picture.experts
    if as_json:
        output = {"campaigns": [_overview_json(one) for one in found]}
        print_json(output if experts is None else {**output, "experts": experts})
    else:
        _print_overviews(found, experts)


def _load_campaign_status(session: Session, name: str, now: datetime) -> CampaignReport:
    campaign = campaigns.campaign_by_name(session, name)
    kept = StoredFigures(agreement.compute_figures(session, campaign.id or 0), now)
    return overview.build_campaign_report(session, campaign, now, kept)


def _overview_json(one: Overview) -> dict[str, object]:
    return {
        **asdict(one.status),
        "forecast": one.forecast,
        "agreement": one.figures.questions,
        "consensus": one.figures.sources,
        "needs_attention": one.needs_attention,
        "away": one.away,
        "warnings": one.warnings,
    }


def _print_overviews(found: Sequence[Overview], experts: Sequence[ExpertSummary] | None) -> None:
    if not found:
        print_text("There is no campaign yet; labelbot campaign create makes one.")
        return
    headings = [*(column.replace("_", " ") for column in COLUMNS), "a day", "done"]
    print_table(headings, map(_table_row, found))
    for one in found:
        _print_notes(one)
    if experts:
        _print_experts(experts)


def _table_row(one: Overview) -> list[object]:
    values = [getattr(one.status, column) for column in COLUMNS]
    cells = [value if isinstance(value, int) else format_value(value) for value in values]
    return [*cells, format_answers_per_day(one), format_finish(one)]


def _print_notes(one: Overview) -> None:
    """Print a line for each thing that needs somebody, would help, or is known of agreement."""
    name = one.status.name
    for worry in one.warnings:
        print_text(f"{name}: {format_warning(worry.text)}")
    if one.forecast.suggestions:
        print_text(
            f"{name}: what would help: {'; '.join(map(format_suggestion, one.forecast.suggestions))}."
        )
    for question, agreed in one.figures.questions.items():
        print_text(f"{name}: agreement on {format_agreement(question, agreed)}.")


def _print_experts(experts: Sequence[ExpertSummary]) -> None:
    columns = ("slack_id", "name", "pseudonym", "answered", "open", "skipped", "expired")
    headings = ("expert", *columns[1:], "seconds each", "same as others", "gold right", "away")
    print_table(
        headings, [[*(getattr(one, c) for c in columns), *_quality_cells(one)] for one in experts]
    )


def _quality_cells(one: ExpertSummary) -> list[str]:
    seconds = "-" if one.median_seconds is None else f"{one.median_seconds:,.0f}"
    return [
        seconds,
        format_percent(one.agreement),
        format_gold_accuracy(one),
        one.away_reason or "-",
    ]
