"""`labelbot schedule`: the export schedules of a campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.cron import CronSchedule, cron_of, describe_schedule
from bot.exports.formats import FORMATS
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.exports import jobs, schedules
from bot.services.exports.jobs import ExportRequest, ScheduleStatus
from bot.services.exports.supported_formats import formats_for
from bot.settings import load_storage_settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="List, add and remove the export schedules of a campaign.",
)

Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]
COLUMNS = ("id", "format", "schedule", "channel", "directory")


@app.command("list", epilog="Example: labelbot schedule list jokes")
def list_schedules(
    name: Name, *, as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False
) -> None:
    """List the export schedules of a campaign."""
    with open_database() as database:
        statuses = database.read_now(_load_schedules, name)
    if as_json:
        print_json(statuses)
    elif not statuses:
        print_text(f"“{name}” has no export schedules.")
    else:
        print_table(COLUMNS, [_table_row(status) for status in statuses])


def _table_row(status: ScheduleStatus) -> list[object]:
    return [status.id, status.format, _describe(status), status.channel, status.directory]


def _describe(status: ScheduleStatus) -> str:
    return describe_schedule(CronSchedule(status.cron, status.tz), status.due_at)


@app.command(epilog='Example: labelbot schedule add jokes "weekly fri 18:00" --tz Europe/Berlin')
def add(  # noqa: PLR0913 - the options of the command
    name: Name,
    when: Annotated[
        str, typer.Argument(help="“daily 06:00”, “weekly fri 18:00” or a cron expression.")
    ],
    *,
    format_name: Annotated[
        str, typer.Option("--format", help=f"{', '.join(FORMATS)}; default: that of the kind.")
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option(
            parser=option_parsers.parse_folder,
            metavar="FOLDER",
            help="Folder for the exports; default: LABELBOT_EXPORTS.",
        ),
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="Id of a Slack channel that is notified of each export.")
    ] = None,
    tz: Annotated[str, typer.Option(help="Time zone of the schedule.")] = "UTC",
) -> None:
    """Export a campaign on a schedule."""
    directory = (to or load_storage_settings().exports_dir).resolve()
    request = ExportRequest(format_name, directory, channel)
    cron_schedule = CronSchedule(cron_of(when), tz)
    with open_database() as database:
        statuses = database.write_now(
            _add_schedule, name, request, cron_schedule, command_line_actor()
        )
    print_text(f"Scheduled: {_describe(statuses[-1])}.")


@app.command(epilog="Example: labelbot schedule remove 3")
def remove(
    schedule: Annotated[
        int, typer.Argument(metavar="ID", help="Id of the schedule, from labelbot schedule list.")
    ],
) -> None:
    """Remove an export schedule; existing exports stay."""
    with open_database() as database:
        database.write_now(schedules.remove_schedule, schedule, command_line_actor())
    print_text("Removed.")


def _load_schedules(session: Session, name: str) -> list[ScheduleStatus]:
    return jobs.list_schedules(session, campaigns.campaign_by_name(session, name))


def _add_schedule(
    session: Session,
    name: str,
    request: ExportRequest,
    cron_schedule: CronSchedule,
    actor: Actor,
) -> list[ScheduleStatus]:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    format_name = request.format or formats_for(campaign.kind)[0]
    schedules.add_schedule(
        session,
        campaign,
        ExportRequest(format_name, request.directory, request.channel),
        cron_schedule,
        actor,
    )
    return jobs.list_schedules(session, campaign)
