"""`labelbot settings`: what holds for the whole workspace."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import JSON, say, say_json, shown
from bot.services import choosing
from bot.services.choosing import MOST_A_DAY, MOST_A_WEEK, Choices
from bot.services.directing import By

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: labelbot settings --reminders-a-day 1 --no-digest")
def settings(
    *,
    channel: Annotated[
        str | None, typer.Option(help="Id of the coordinators' channel (C…); none: “-”.")
    ] = None,
    reminders_a_day: Annotated[
        int | None, typer.Option(help="For each expert, at most.", min=0, max=MOST_A_DAY)
    ] = None,
    reminders_a_week: Annotated[
        int | None, typer.Option(help="For each expert, at most.", min=0, max=MOST_A_WEEK)
    ] = None,
    digest: Annotated[
        bool | None, typer.Option("--digest/--no-digest", help="The weekly summary.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Show what holds for the whole workspace; with options, change it first."""
    given: dict[str, object] = {
        "channel": channel,
        "reminders_a_day": reminders_a_day,
        "reminders_a_week": reminders_a_week,
        "digest": digest,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    with open_database() as database:
        now = database.write_now(_chosen, changes, by_hand())
    if as_json:
        say_json(now)
        return
    for name, value in asdict(now).items():
        say(f"{name.replace('_', ' ')}: {shown(value)}")


def _chosen(session: Session, changes: dict[str, object], by: By) -> Choices:
    if changes.get("channel") == "-":
        changes["channel"] = None
    wanted = replace(choosing.choices(session), **changes)  # type: ignore[arg-type]  # by name
    choosing.choose(session, wanted, by)
    return wanted
