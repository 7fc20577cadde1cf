"""`labelbot digest`: when the weekly summary comes, and whether at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, format_value, print_json, print_text
from bot.cron import CronSchedule
from bot.services.actors.actor import Actor
from bot.services.reports import digest
from bot.services.reports.digest import DigestSettings

app = typer.Typer(add_completion=False)


@app.command("digest", epilog='Example: labelbot digest --cron "0 9 * * mon" --tz Europe/Berlin')
def show_or_change_digest(
    *,
    is_on: Annotated[
        bool | None, typer.Option("--on/--off", help="Whether it comes at all.")
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help='Id of its channel; "" for direct messages.')
    ] = None,
    cron: Annotated[
        str | None, typer.Option(help="When: minute, hour, day, month, weekday.")
    ] = None,
    tz: Annotated[str | None, typer.Option(help="The time zone of that.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Show when the weekly summary comes, or change it."""
    with open_database() as database:
        if (is_on, channel, cron, tz) == (None, None, None, None):
            schedule = database.read_now(digest.digest_settings)
        else:
            schedule = database.write_now(
                _change_schedule, is_on, channel, (cron, tz), command_line_actor()
            )
    print_json(schedule) if as_json else print_text(_summarize(schedule))


def _change_schedule(
    session: Session,
    is_on: bool | None,  # noqa: FBT001 - a flag that may be left out
    channel: str | None,
    cron_and_tz: tuple[str | None, str | None],
    actor: Actor,
) -> DigestSettings:
    before = digest.digest_settings(session)
    cron, tz = cron_and_tz
    wanted = replace(
        before,
        is_enabled=before.is_enabled if is_on is None else is_on,
        channel=before.channel if channel is None else channel or None,
        schedule=CronSchedule(cron or before.schedule.cron, tz or before.schedule.tz),
    )
    return digest.update_digest_settings(session, wanted, actor)


def _summarize(schedule: DigestSettings) -> str:
    if not schedule.is_enabled:
        return "The weekly summary is off; labelbot digest --on switches it on."
    where = (
        f"in {schedule.channel}"
        if schedule.channel
        else "in the direct messages of each coordinator"
    )
    when = f"“{schedule.schedule.cron}” ({schedule.schedule.tz})"
    return f"The weekly summary comes at {when}, {where}; next {format_value(schedule.due_at)}."
