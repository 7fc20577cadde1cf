"""`labelbot digest`: the schedule of the weekly summary."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_text
from bot.cron import CronSchedule, describe_schedule
from bot.services.actors.actor import Actor
from bot.services.reports import digest
from bot.services.reports.digest import DigestSettings

app = typer.Typer(add_completion=False)


@app.command("digest", epilog='Example: labelbot digest --cron "0 9 * * mon" --tz Europe/Berlin')
def show_or_change_digest(
    *,
    is_on: Annotated[
        bool | None, typer.Option("--on/--off", help="Switch the weekly summary on or off.")
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(help='Id of the channel it is posted in; "" for direct messages.'),
    ] = None,
    cron: Annotated[
        str | None, typer.Option(help="Cron expression: minute, hour, day, month, weekday.")
    ] = None,
    tz: Annotated[str | None, typer.Option(help="Time zone of the cron expression.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Show, change or switch off the weekly summary."""
    with open_database() as database:
        if (is_on, channel, cron, tz) == (None, None, None, None):
            settings = database.read_now(digest.digest_settings)
        else:
            settings = database.write_now(
                _change_settings, channel, (cron, tz), command_line_actor(), is_on=is_on
            )
    print_json(settings) if as_json else print_text(_summarize(settings))


def _change_settings(
    session: Session,
    channel: str | None,
    cron_and_tz: tuple[str | None, str | None],
    actor: Actor,
    *,
    is_on: bool | None,
) -> DigestSettings:
    before = digest.digest_settings(session)
    cron, tz = cron_and_tz
    after = replace(
        before,
        is_enabled=before.is_enabled if is_on is None else is_on,
        channel=before.channel if channel is None else channel or None,
        schedule=CronSchedule(cron or before.schedule.cron, tz or before.schedule.tz),
    )
    return digest.update_digest_settings(session, after, actor)


def _summarize(settings: DigestSettings) -> str:
    if not settings.is_enabled:
        return "The weekly summary is off. To switch it on, use labelbot digest --on."
    recipient = (
        f"in the channel {settings.channel}"
        if settings.channel
        else "by direct message to each coordinator"
    )
    schedule = describe_schedule(settings.schedule, settings.due_at)
    return f"The weekly summary is sent {recipient}: {schedule}."
