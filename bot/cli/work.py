"""`labelbot experts hours`: answers and hours by month or week, campaign and expert."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot.cli.database import open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.campaigns import campaigns
from bot.services.experts import work
from bot.services.experts.work import ExpertPeriod, WorkPeriod

COLUMNS = ("campaign", "slack_id", "name", "answers", "hours")


def list_hours(
    *,
    campaign: Annotated[
        str | None, typer.Option(metavar="CAMPAIGN", help="Only this campaign.")
    ] = None,
    by: Annotated[WorkPeriod, typer.Option(help="Length of the periods.")] = WorkPeriod.MONTH,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """List answers and hours by month or week, campaign and expert.

    Periods begin and end in each expert's time zone; time is active time on tasks.
    """
    with open_database() as database:
        found = database.read_now(_load_hours, campaign, by)
    if as_json:
        print_json([_document(one, by) for one in found])
    elif not found:
        print_text("Nobody has answered yet.")
    else:
        rows = [(_label(one, by), *(getattr(one, column) for column in COLUMNS)) for one in found]
        print_table((by.value, *COLUMNS), rows)


def _document(row: ExpertPeriod, by: WorkPeriod) -> dict[str, Any]:
    values = asdict(row)
    del values["start"]
    return {by.value: _label(row, by), **values}


def _label(row: ExpertPeriod, by: WorkPeriod) -> str:
    """Return a month as 2030-05, a week by its Monday."""
    return f"{row.start:%Y-%m}" if by is WorkPeriod.MONTH else row.start.isoformat()


def _load_hours(session: Session, name: str | None, by: WorkPeriod) -> list[ExpertPeriod]:
    campaign = campaigns.campaign_by_name(session, name).name if name else ""
    return work.list_expert_periods(session, campaign, by)
