"""Pausing, resuming and closing a campaign."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import print_text
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns

Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]


def pause(name: Name) -> None:
    """Stop sending new tasks."""
    outcome = "is paused: no new tasks are sent; open tasks can still be answered"
    _change_state(name, campaigns.pause, outcome)


def resume(name: Name) -> None:
    """Send tasks again."""
    _change_state(name, campaigns.resume, "is open: tasks are sent again")


def close(name: Name) -> None:
    """Close a campaign permanently, with a final run of each export schedule."""
    _change_state(name, campaigns.close, "is closed; its export schedules run one last time")


def _change_state(name: str, action: campaigns.LifecycleAction, outcome: str) -> None:
    with open_database() as database:
        database.write_now(_apply_state_change, name, action, command_line_actor())
    print_text(f"“{name}” {outcome}.")


def _apply_state_change(
    session: Session, name: str, action: campaigns.LifecycleAction, actor: Actor
) -> None:
    action(session, campaigns.campaign_by_name(session, name, lock=True), actor)
