"""`labelbot audit`: who did what, when, and through what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import option_parsers
from bot.cli.database import open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.actors import audit_log
from bot.services.actors.audit_log import AuditEntry
from bot.services.campaigns import campaigns

app = typer.Typer(add_completion=False)

COLUMNS = ("at", "actor", "deed", "subject", "through", "facts")


@app.command(epilog="Example: labelbot audit --campaign jokes --since 2030-05-01 --json")
def audit(
    *,
    campaign: Annotated[
        str | None, typer.Option(help="Only what was done to this campaign and its tasks.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only from this day or moment on, in UTC: 2030-05-31.")
    ] = None,
    most: Annotated[int, typer.Option(help="So many at most, the newest.", min=1)] = 100,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Tell who did what, the newest first. Nothing is ever taken out of this record."""
    after = option_parsers.parse_moment(since) if since else None
    with open_database() as database:
        events = database.read_now(_load_events, campaign, after, most)
    if as_json:
        print_json(events)
    elif not events:
        print_text("Nothing has happened.")
    else:
        print_table(COLUMNS, [[_format_cell(one, column) for column in COLUMNS] for one in events])


def _load_events(
    session: Session, name: str | None, since: datetime | None, most: int
) -> list[AuditEntry]:
    campaign = campaigns.campaign_by_name(session, name) if name else None
    return audit_log.audit_entries(session, campaign, since=since, limit=most)


def _format_cell(one: AuditEntry, column: str) -> object:
    if column == "facts":
        return ", ".join(f"{name} {value}" for name, value in one.details.items())
    return getattr(one, column)
