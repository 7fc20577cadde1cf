"""`labelbot settings`: the settings of the workspace."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, format_value, print_json, print_text
from bot.services.actors.actor import Actor
from bot.services.settings import workspace_settings
from bot.services.settings.workspace_settings import (
    MAX_REMINDERS_PER_DAY,
    MAX_REMINDERS_PER_WEEK,
    WorkspaceSettings,
)

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: labelbot settings --reminders-per-day 1 --reminders-per-week 4")
def settings(
    *,
    channel: Annotated[
        str | None, typer.Option(help='Id of the coordinators\' channel (C…); "" for none.')
    ] = None,
    reminders_per_day: Annotated[
        int | None,
        typer.Option(
            help="Maximum number of reminders per expert.", min=0, max=MAX_REMINDERS_PER_DAY
        ),
    ] = None,
    reminders_per_week: Annotated[
        int | None,
        typer.Option(
            help="Maximum number of reminders per expert.", min=0, max=MAX_REMINDERS_PER_WEEK
        ),
    ] = None,
    digest: Annotated[
        bool | None,
        typer.Option("--digest/--no-digest", help="Send the weekly summary; see labelbot digest."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Show or change the settings of the workspace."""
    options: dict[str, object] = {
        "channel": channel,
        "reminders_per_day": reminders_per_day,
        "reminders_per_week": reminders_per_week,
        "digest": digest,
    }
    changes = {name: value for name, value in options.items() if value is not None}
    with open_database() as database:
        current = database.write_now(_change_settings, changes, command_line_actor())
    if as_json:
        print_json(current)
        return
    for name, value in asdict(current).items():
        print_text(f"{name.replace('_', ' ')}: {format_value(value)}")


def _change_settings(
    session: Session, changes: dict[str, object], actor: Actor
) -> WorkspaceSettings:
    if changes.get("channel") == "":
        changes["channel"] = None
    before = workspace_settings.load_settings(session)
    after = replace(before, **changes)  # type: ignore[arg-type]  # values match the fields by name
    workspace_settings.update_settings(session, after, actor)
    return after
