"""`labelbot status`: how far campaigns are."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.campaign import say_experts
from bot.cli.opening import open_database
from bot.cli.speaking import JSON, say, say_json, say_table, shown
from bot.services import campaigning, reporting
from bot.services.reporting import CampaignStatus, ExpertStatus

app = typer.Typer(add_completion=False)

COLUMNS = (
    "name",
    "state",
    "items",
    "complete",
    "answered",
    "wanted",
    "open",
    "skipped",
    "expired",
    "last_answer",
)


@app.command(epilog="Example: labelbot status jokes --json")
def status(
    campaign: Annotated[
        str | None, typer.Argument(help="The name of a campaign; all if left out.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Show how far campaigns are; of one campaign also what each expert did."""
    with open_database() as database:
        found, experts = database.read_now(_status, campaign)
    if as_json:
        say_json({"campaigns": found, "experts": experts} if campaign else {"campaigns": found})
    elif not found:
        say("There is no campaign yet; labelbot campaign create makes one.")
    else:
        headings = [column.replace("_", " ") for column in COLUMNS]
        say_table(headings, [[_cell(one, column) for column in COLUMNS] for one in found])
        say_experts(experts)


def _cell(one: CampaignStatus, column: str) -> object:
    value = getattr(one, column)
    return value if isinstance(value, int) else shown(value)


def _status(session: Session, name: str | None) -> tuple[list[CampaignStatus], list[ExpertStatus]]:
    if name is None:
        return reporting.statuses(session), []
    campaign = campaigning.campaign_named(session, name)
    return [reporting.status_of(session, campaign)], reporting.expert_statuses(session, campaign)
