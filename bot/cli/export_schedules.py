"""`labelbot schedule`: the export schedules of a campaign, and upcoming runs of any schedule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.export_target import ToOption, usual_target
from bot.cli.output import JSON_HELP, print_json, print_note, print_table, print_text
from bot.cli.row_options import with_row_options
from bot.clock import WallClock
from bot.cron import CronSchedule, cron_of, iter_runs, time_zone_named
from bot.destinations.local_folder import write_problem
from bot.exports.formats import FORMAT_HELP
from bot.exports.row_options import RowOptions
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.exports import schedules
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.recurrence import Recurrence, parse_recurrence
from bot.services.exports.schedules import ScheduleStatus
from bot.services.exports.supported_formats import formats_for
from bot.slack.views.export_schedules import format_last_run

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="List, add and remove the export schedules of a campaign, and show upcoming runs.",
)

Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]
COLUMNS = ("id", "format", "options", "schedule", "channel", "destination", "last run")

When = Annotated[
    str,
    typer.Argument(
        help="“daily 06:00”, “weekly fri 18:00”, a cron expression, “every 500 answers” or “on "
        "completion”."
    ),
]
Zone = Annotated[str, typer.Option(help="Time zone of the schedule.")]

MAX_COUNT = 1000
"""Most upcoming runs that are printed."""


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
    description, last_run = status.describe(), format_last_run(status) or None
    options = str(status.options) or None
    return [
        status.id,
        status.format,
        options,
        description,
        status.channel,
        status.destination or status.directory,
        last_run,
    ]


@app.command(epilog='Example: labelbot schedule add jokes "weekly fri 18:00" --tz Europe/Berlin')
@with_row_options
def add(  # noqa: PLR0913 - the options of the command
    name: Name,
    when: When,
    *,
    format_name: Annotated[
        str,
        typer.Option("--format", help=FORMAT_HELP),
    ] = "",
    to: ToOption = None,
    channel: Annotated[
        str | None, typer.Option(help="Id of a Slack channel that is notified of each export.")
    ] = None,
    tz: Zone = "UTC",
    options: RowOptions,
) -> None:
    """Export a campaign on a schedule."""
    target = to or usual_target()
    request = ExportRequest(
        format_name, target.directory, channel, options=options, destination=target.destination
    )
    recurrence = parse_recurrence(when, tz)
    with open_database() as database:
        statuses = database.write_now(
            _add_schedule, name, request, recurrence, command_line_actor()
        )
    print_text(f"Scheduled: {statuses[-1].describe()}.")
    if problem := write_problem(target.directory):
        print_note(f"{problem}. The bot needs write access to it.")


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


@dataclass(frozen=True, slots=True)
class UpcomingRun:
    """A run of a schedule, in UTC and in the time zone of the schedule."""

    due_at: datetime
    local: datetime


@app.command(
    "next",
    epilog='Example: labelbot schedule next "0 0 * * *" --tz America/New_York --from 2027-03-13',
)
def list_next_runs(
    cron: Annotated[
        str, typer.Argument(metavar="WHEN", help="A cron expression or “daily 06:00”.")
    ],
    *,
    tz: Zone = "UTC",
    start: Annotated[
        str | None, typer.Option("--from", help="Date or time to start from; default: now.")
    ] = None,
    count: Annotated[
        int, typer.Option(metavar="COUNT", help="Number of runs.", min=1, max=MAX_COUNT)
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Show the upcoming runs of a schedule, also when the clocks change."""
    schedule, zone = CronSchedule(cron_of(cron), tz), time_zone_named(tz)
    after = _just_before(option_parsers.parse_date_or_time(start, tz)) if start else None
    dues = islice(iter_runs(schedule, after or WallClock().now()), count)
    runs = [UpcomingRun(due, due.astimezone(zone)) for due in dues]
    if as_json:
        print_json(runs)
    else:
        columns = ("UTC",) if tz == "UTC" else (tz, "UTC")
        rows = [[f"{run.local:%a %Y-%m-%d %H:%M %Z}", run.due_at] for run in runs]
        print_table(columns, [row[: len(columns)] for row in rows])


def _just_before(moment: datetime) -> datetime:
    """Return a time whose next run may be at `moment`."""
    return moment.astimezone(UTC) - timedelta(microseconds=1)


def _load_schedules(session: Session, name: str) -> list[ScheduleStatus]:
    return schedules.list_schedules(session, campaigns.campaign_by_name(session, name))


def _add_schedule(
    session: Session,
    name: str,
    request: ExportRequest,
    recurrence: Recurrence,
    actor: Actor,
) -> list[ScheduleStatus]:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    format_name = request.format or formats_for(campaign.kind)[0]
    request = replace(request, format=format_name)
    schedules.add_schedule(session, campaign, request, recurrence, actor)
    return schedules.list_schedules(session, campaign)
