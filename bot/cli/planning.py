"""`labelbot schedule`: the exports of a campaign that come by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import JSON, say, say_json, say_table
from bot.exports.formats import FORMATS
from bot.recurring import Rhythm, cron_from
from bot.services import campaigning, planning, scheduling
from bot.services.directing import By
from bot.services.scheduling import ScheduleStatus, Wanted
from bot.settings import load_storage_settings

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Plan exports, and give plans up."
)

Name = Annotated[str, typer.Argument(help="The name of the campaign.")]
COLUMNS = ("id", "format", "cron", "tz", "due_at", "channel", "directory")


@app.command("list", epilog="Example: labelbot schedule list jokes")
def list_plans(
    name: Name, *, as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False
) -> None:
    """List the schedules of a campaign."""
    with open_database() as database:
        plans = database.read_now(_plans, name)
    if as_json:
        say_json(plans)
    elif not plans:
        say(f"“{name}” is not exported by itself.")
    else:
        say_table(COLUMNS, [[getattr(one, column) for column in COLUMNS] for one in plans])


@app.command(epilog="Example: labelbot schedule add jokes “weekly fri 18:00” --tz Europe/Berlin")
def add(  # noqa: PLR0913 - they are its options
    name: Name,
    when: Annotated[
        str, typer.Argument(help="“daily 06:00”, “weekly fri 18:00” or a cron expression.")
    ],
    *,
    shape: Annotated[
        str, typer.Option("--format", help=f"{', '.join(FORMATS)}; that of the kind if left out.")
    ] = "",
    to: Annotated[
        Path | None, typer.Option(help="Into this folder; that of LABELBOT_EXPORTS if left out.")
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="Id of the Slack channel where it is told.")
    ] = None,
    tz: Annotated[str, typer.Option(help="The time zone it is read in.")] = "UTC",
) -> None:
    """Export a campaign by itself, again and again."""
    directory = (to or load_storage_settings().exports_dir).resolve()
    wanted = Wanted(shape, directory, channel)
    with open_database() as database:
        plans = database.write_now(_planned, name, wanted, Rhythm(cron_from(when), tz), by_hand())
    say(f"Planned; next at {plans[-1].due_at:%Y-%m-%d %H:%M} UTC.")


@app.command(epilog="Example: labelbot schedule remove 3")
def remove(number: Annotated[int, typer.Argument(help="Its id in the list.")]) -> None:
    """Remove a schedule; what it exported stays."""
    with open_database() as database:
        database.write_now(planning.unschedule, number, by_hand())
    say("Removed.")


def _plans(session: Session, name: str) -> list[ScheduleStatus]:
    return scheduling.schedules(session, campaigning.campaign_named(session, name))


def _planned(
    session: Session, name: str, wanted: Wanted, rhythm: Rhythm, by: By
) -> list[ScheduleStatus]:
    campaign = campaigning.campaign_named(session, name, lock=True)
    shape = wanted.format or scheduling.formats_for(campaign.kind)[0]
    planning.plan(session, campaign, Wanted(shape, wanted.directory, wanted.channel), rhythm, by)
    return scheduling.schedules(session, campaign)
