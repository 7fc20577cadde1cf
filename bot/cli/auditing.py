"""`labelbot audit`: who did what, when, and through what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import reading
from bot.cli.opening import open_database
from bot.cli.speaking import JSON, say, say_json, say_table
from bot.services import auditing, campaigning
from bot.services.auditing import Event

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
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Tell who did what, the newest first. Nothing is ever taken out of this record."""
    after = reading.moment(since) if since else None
    with open_database() as database:
        events = database.read_now(_events, campaign, after, most)
    if as_json:
        say_json(events)
    elif not events:
        say("Nothing has happened.")
    else:
        say_table(COLUMNS, [[_cell(one, column) for column in COLUMNS] for one in events])


def _events(session: Session, name: str | None, since: datetime | None, most: int) -> list[Event]:
    campaign = campaigning.campaign_named(session, name) if name else None
    return auditing.events(session, campaign, since=since, most=most)


def _cell(one: Event, column: str) -> object:
    if column == "facts":
        return ", ".join(f"{name} {value}" for name, value in one.facts.items())
    return getattr(one, column)
