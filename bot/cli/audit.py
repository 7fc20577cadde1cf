"""`labelbot audit`: the audit log."""

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

COLUMNS = ("at", "actor", "action", "subject", "origin", "details")


@app.command(epilog="Example: labelbot audit --campaign jokes --since 2030-05-01 --json")
def audit(
    *,
    campaign: Annotated[
        str | None, typer.Option(metavar="CAMPAIGN", help="Only this campaign and its tasks.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only from this date or time on, in UTC: 2030-05-31.")
    ] = None,
    limit: Annotated[
        int, typer.Option(metavar="COUNT", help="Maximum number of entries.", min=1)
    ] = 100,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Show the audit log: who changed what, when and from where.

    The newest entry comes first. Entries are never deleted.
    """
    start = option_parsers.parse_date_or_time(since) if since else None
    with open_database() as database:
        entries = database.read_now(_load_entries, campaign, start, limit)
    if as_json:
        print_json(entries)
    elif not entries:
        print_text("The audit log has no such entries.")
    else:
        rows = [[_format_cell(entry, column) for column in COLUMNS] for entry in entries]
        print_table(COLUMNS, rows)


def _load_entries(
    session: Session, name: str | None, since: datetime | None, limit: int
) -> list[AuditEntry]:
    campaign = campaigns.campaign_by_name(session, name) if name else None
    return audit_log.audit_entries(session, campaign, since=since, limit=limit)


def _format_cell(entry: AuditEntry, column: str) -> object:
    if column == "details":
        pairs = (f"{name.replace('_', ' ')} {value}" for name, value in entry.details.items())
        return ", ".join(pairs)
    return getattr(entry, column)
