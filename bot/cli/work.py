"""`labelbot experts hours`: answers and hours by month, campaign and expert."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.campaigns import campaigns
from bot.services.experts import work
from bot.services.experts.work import ExpertMonth


def list_hours(
    *,
    campaign: Annotated[
        str | None, typer.Option(metavar="CAMPAIGN", help="Only this campaign.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """List answers and hours by month, campaign and expert.

    Months begin and end in each expert's time zone; time is active time on tasks.
    """
    with open_database() as database:
        found = database.read_now(_load_hours, campaign)
    if as_json:
        print_json([{**asdict(one), "month": f"{one.month:%Y-%m}"} for one in found])
    elif not found:
        print_text("Nobody has answered yet.")
    else:
        rows = [
            (f"{one.month:%Y-%m}", one.campaign, one.slack_id, one.name, one.answers, one.hours)
            for one in found
        ]
        print_table(("month", "campaign", "slack_id", "name", "answers", "hours"), rows)


def _load_hours(session: Session, name: str | None) -> list[ExpertMonth]:
    campaign = campaigns.campaign_by_name(session, name).name if name else ""
    return work.list_expert_months(session, campaign)
