"""`labelbot digest`: when the weekly summary comes, and whether at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import JSON, say, say_json, shown
from bot.recurring import Rhythm
from bot.services import digesting
from bot.services.digesting import Plan
from bot.services.directing import By

app = typer.Typer(add_completion=False)


@app.command(epilog='Example: labelbot digest --cron "0 9 * * mon" --tz Europe/Berlin')
def digest(
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
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Show when the weekly summary comes, or change it."""
    with open_database() as database:
        if (is_on, channel, cron, tz) == (None, None, None, None):
            plan = database.read_now(digesting.plan)
        else:
            plan = database.write_now(_changed, is_on, channel, (cron, tz), by_hand())
    say_json(plan) if as_json else say(_in_words(plan))


def _changed(
    session: Session,
    is_on: bool | None,  # noqa: FBT001 - a flag that may be left out
    channel: str | None,
    when: tuple[str | None, str | None],
    by: By,
) -> Plan:
    before = digesting.plan(session)
    cron, tz = when
    wanted = replace(
        before,
        is_on=before.is_on if is_on is None else is_on,
        channel=before.channel if channel is None else channel or None,
        rhythm=Rhythm(cron or before.rhythm.cron, tz or before.rhythm.tz),
    )
    return digesting.change(session, wanted, by)


def _in_words(plan: Plan) -> str:
    if not plan.is_on:
        return "The weekly summary is off; labelbot digest --on switches it on."
    where = f"in {plan.channel}" if plan.channel else "in the direct messages of each coordinator"
    when = f"“{plan.rhythm.cron}” ({plan.rhythm.tz})"
    return f"The weekly summary comes at {when}, {where}; next {shown(plan.due_at)}."
