"""`labelbot schedule`: the exports of a campaign that come by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.cron import CronSchedule, cron_of
from bot.exports.formats import FORMATS
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.exports import jobs, schedules
from bot.services.exports.jobs import ExportRequest, ScheduleStatus
from bot.services.exports.supported_formats import formats_for
from bot.settings import load_storage_settings

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Plan exports, and give plans up."
)

Name = Annotated[str, typer.Argument(help="The name of the campaign.")]
COLUMNS = ("id", "format", "cron", "tz", "due_at", "channel", "directory")


@app.command("list", epilog="Example: labelbot schedule list jokes")
def list_schedules(
    name: Name, *, as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False
) -> None:
    """List the schedules of a campaign."""
    with open_database() as database:
        found = database.read_now(_load_schedules, name)
    if as_json:
        print_json(found)
    elif not found:
        print_text(f"“{name}” is not exported by itself.")
    else:
        print_table(COLUMNS, [[getattr(one, column) for column in COLUMNS] for one in found])


@app.command(epilog="Example: labelbot schedule add jokes “weekly fri 18:00” --tz Europe/Berlin")
def add(  # noqa: PLR0913 - they are its options
    name: Name,
    when: Annotated[
        str, typer.Argument(help="“daily 06:00”, “weekly fri 18:00” or a cron expression.")
    ],
    *,
    format_name: Annotated[
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
    wanted = ExportRequest(format_name, directory, channel)
    with open_database() as database:
        statuses = database.write_now(
            _add_schedule, name, wanted, CronSchedule(cron_of(when), tz), command_line_actor()
        )
    print_text(f"Planned; next at {statuses[-1].due_at:%Y-%m-%d %H:%M} UTC.")


@app.command(epilog="Example: labelbot schedule remove 3")
def remove(number: Annotated[int, typer.Argument(help="Its id in the list.")]) -> None:
    """Remove a schedule; what it exported stays."""
    with open_database() as database:
        database.write_now(schedules.remove_schedule, number, command_line_actor())
    print_text("Removed.")


def _load_schedules(session: Session, name: str) -> list[ScheduleStatus]:
    return jobs.list_schedules(session, campaigns.campaign_by_name(session, name))


def _add_schedule(
    session: Session, name: str, wanted: ExportRequest, rhythm: CronSchedule, actor: Actor
) -> list[ScheduleStatus]:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    format_name = wanted.format or formats_for(campaign.kind)[0]
    schedules.add_schedule(
        session,
        campaign,
        ExportRequest(format_name, wanted.directory, wanted.channel),
        rhythm,
        actor,
    )
    return jobs.list_schedules(session, campaign)
