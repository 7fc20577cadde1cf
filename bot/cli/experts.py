"""`labelbot experts`: who labels, what they know, and who may do what."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import expert_lookup
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, invitations
from bot.services.campaigns.invitations import ExpertDetails, Invitation, InvitationResult
from bot.services.reminders import manual
from bot.services.reminders.manual import ReminderResult
from bot.services.tasks import manual_assignment
from bot.services.tasks.manual_assignment import (
    MAX_ASSIGNED_AT_ONCE,
    AssignmentRequest,
    AssignmentResult,
)
from storage.tables import Role

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Invite people, and see to experts."
)

COLUMNS = ("slack_id", "name", "role", "domains", "languages", "campaigns", "away_since")
People = Annotated[list[str], typer.Argument(help="Slack ids or e-mail addresses.")]
Tags = Annotated[str | None, typer.Option(help="With commas between; left as it was without.")]


class RoleName(StrEnum):
    """The roles there are."""

    EXPERT = "expert"
    SENIOR = "senior"
    COORDINATOR = "coordinator"


@app.command("list", epilog="Example: labelbot experts list --campaign jokes")
def list_experts(
    *,
    campaign: Annotated[str | None, typer.Option(help="Only those in this campaign.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """List experts: what they know, their role given by hand or group, their campaigns."""
    with open_database() as database:
        found = database.read_now(_load_experts, campaign)
    if as_json:
        print_json(found)
    elif not found:
        print_text("There are no experts yet; labelbot experts invite brings them.")
    else:
        print_table(COLUMNS, [[_format_cell(one, column) for column in COLUMNS] for one in found])


@app.command(epilog="Example: labelbot experts invite U0123ABCD --campaign jokes --domains law")
def invite(
    persons: People,
    *,
    campaign: Annotated[str, typer.Option(help="The campaign they join, if any.")] = "",
    domains: Tags = None,
    languages: Tags = None,
    role: Annotated[RoleName | None, typer.Option(help="What they may do.")] = None,
) -> None:
    """Let people in, with what they know, the languages they read and a role."""
    invitation = Invitation(
        people=expert_lookup.resolve_slack_ids(persons),
        campaign=campaign,
        domains=invitations.parse_tags(domains) if domains is not None else None,
        languages=invitations.parse_tags(languages) if languages is not None else None,
        role=_role_of(role or RoleName.EXPERT),
    )
    with open_database() as database:
        result: InvitationResult = database.write_now(
            invitations.invite, invitation, command_line_actor()
        )
    if campaign:
        print_text(f"{len(result.added)} joined “{campaign}”, {len(result.existing)} were in it.")
    else:
        print_text("Noted.")


@app.command(epilog="Example: labelbot experts role U0123ABCD senior")
def role(
    person: Annotated[str, typer.Argument(help="A Slack id or e-mail address.")],
    name: Annotated[RoleName, typer.Argument(help="What they may do from now on.")],
) -> None:
    """Give somebody a role, or take it away by making them an expert."""
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    with open_database() as database:
        database.write_now(invitations.set_role, slack_id, _role_of(name), command_line_actor())
    print_text(f"{person} is {'an' if name == RoleName.EXPERT else 'a'} {name.value} now.")


@app.command(epilog="Example: labelbot experts remove U0123ABCD --campaign jokes")
def remove(
    person: Annotated[str, typer.Argument(help="A Slack id or e-mail address.")],
    *,
    campaign: Annotated[str, typer.Option(help="The campaign they leave.")],
) -> None:
    """Take somebody out of a campaign: no more of its tasks; what they answered stays."""
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    with open_database() as database:
        was_member = database.write_now(_remove_expert, campaign, slack_id, command_line_actor())
    print_text(f"{person} {'left' if was_member else 'was not in'} “{campaign}”.")


@app.command(epilog="Example: labelbot experts assign U0123ABCD --campaign jokes --count 5")
def assign(
    person: Annotated[str, typer.Argument(help="A Slack id or e-mail address.")],
    *,
    campaign: Annotated[str, typer.Option(help="The campaign whose tasks they get.")],
    count: Annotated[
        int, typer.Option(help="The next so many.", min=1, max=MAX_ASSIGNED_AT_ONCE)
    ] = 1,
    item: Annotated[str, typer.Option(help="The task of this item instead, by its key.")] = "",
) -> None:
    """Give somebody the next tasks of a campaign, or a certain one."""
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    with open_database() as database:
        wanted = AssignmentRequest(item, count)
        result = database.write_now(_assign_tasks, campaign, slack_id, wanted, command_line_actor())
    print_text(
        f"{result.assigned_count} tasks handed to {person}{f': {result.reason}' if result.reason else ''}."
    )


@app.command(epilog="Example: labelbot experts remind --campaign jokes")
def remind(
    *,
    campaign: Annotated[
        str | None, typer.Option(help="Only of this campaign; of every open one if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Remind those who hold tasks, now; hours and caps hold. The running bot says it."""
    with open_database() as database:
        result = database.write_now(_queue_reminders, campaign, command_line_actor())
    if as_json:
        print_json(
            {
                "reminded": result.reminded,
                "skipped": {w.value: p for w, p in result.skipped.items()},
            }
        )
        return
    print_text(f"{len(result.reminded)} reminded.")
    for why, left in result.skipped.items():
        print_text(f"{len(left)} left alone: {why.value} ({', '.join(left)})")


def _queue_reminders(session: Session, name: str | None, actor: Actor) -> ReminderResult:
    campaign = campaigns.campaign_by_name(session, name) if name else None
    return manual.remind_holders(session, campaign, actor)


def _assign_tasks(
    session: Session, name: str, slack_id: str, wanted: AssignmentRequest, actor: Actor
) -> AssignmentResult:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return manual_assignment.assign_tasks(session, campaign, slack_id, wanted, actor)


def _role_of(name: RoleName) -> Role | None:
    return None if name == RoleName.EXPERT else Role(name.value)


def _load_experts(session: Session, name: str | None) -> list[ExpertDetails]:
    campaign = campaigns.campaign_by_name(session, name) if name else None
    return invitations.list_experts(session, (), campaign)


def _remove_expert(session: Session, name: str, slack_id: str, actor: Actor) -> bool:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return invitations.remove_expert(session, campaign, slack_id, actor)


def _format_cell(one: ExpertDetails, column: str) -> object:
    value = getattr(one, column)
    return ", ".join(value) if isinstance(value, tuple) else value
