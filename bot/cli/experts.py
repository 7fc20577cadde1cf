"""`labelbot experts`: experts, their roles, assignments and reminders."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot.cli import assignment, contact_log, expert_lookup, work
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.actors.actor import Actor
from bot.services.assignments.quotas import describe_quota, quotas_by_expert
from bot.services.campaigns import campaigns, invitations
from bot.services.campaigns.invitations import Invitation, InvitationResult
from bot.services.experts import notes
from bot.services.reminders import manual
from bot.services.reminders.manual import ReminderResult
from bot.slack.blockkit.text import pluralize
from storage.queries.imported_answers import ExternalExpert
from storage.tables import Role

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Invite experts, grant roles, assign tasks and send reminders.",
)

app.command("messages", epilog="Example: labelbot experts messages U0123ABCD --json")(
    contact_log.list_contacts
)
app.command("hours", epilog="Example: labelbot experts hours --campaign jokes --json")(
    work.list_hours
)

app.command(
    "assign", epilog="Example: labelbot experts assign U0123ABCD --campaign jokes --domain law"
)(assignment.assign)

COLUMNS = ("slack_id", "name", "role", "domains", "languages", "campaigns", "away_since", "quotas")
People = Annotated[
    list[str], typer.Argument(metavar="PERSON", help="Slack ids or e-mail addresses.")
]
OnlyCampaign = Annotated[
    str | None, typer.Option(metavar="CAMPAIGN", help="Only members of this campaign.")
]
Person = Annotated[
    str, typer.Argument(metavar="PERSON", help="The expert's Slack id or e-mail address.")
]
Domains = Annotated[
    str | None,
    typer.Option(help='What they know: "law, medicine"; "" removes all. Default: unchanged.'),
]
Languages = Annotated[
    str | None,
    typer.Option(help='Languages they read: en,de; "" removes all. Default: unchanged.'),
]


class RoleName(StrEnum):
    """A role, as people type it."""

    EXPERT = "expert"
    SENIOR = "senior"
    COORDINATOR = "coordinator"


@app.command("list", epilog="Example: labelbot experts list --campaign jokes")
def list_experts(
    *,
    campaign: OnlyCampaign = None,
    imported: Annotated[
        bool,
        typer.Option(
            "--imported", help="Instead, the experts of the answers imported into the campaign."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """List experts with their domains, roles, campaigns and quotas."""
    if imported:
        _list_imported(campaign, as_json=as_json)
        return
    with open_database() as database:
        experts = database.read_now(_load_experts, campaign, command_line_actor().at)
    if as_json:
        print_json([_with_quota_fields(expert) for expert in experts])
    elif not experts:
        print_text("There are no experts yet. Invite some with labelbot experts invite.")
    else:
        rows = [[_format_cell(expert, column) for column in COLUMNS] for expert in experts]
        print_table(COLUMNS, rows)


@app.command(epilog="Example: labelbot experts invite U0123ABCD --campaign jokes --domains law")
def invite(
    persons: People,
    *,
    campaign: Annotated[
        str, typer.Option(metavar="CAMPAIGN", help="Campaign to add them to.")
    ] = "",
    domains: Domains = None,
    languages: Languages = None,
    role: Annotated[RoleName | None, typer.Option(help="Role to grant.")] = None,
) -> None:
    """Invite people, with domains, languages and a role."""
    people = expert_lookup.resolve_people(persons)
    invitation = Invitation(
        people=people.require_some(),
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
        print_text(expert_lookup.format_added(campaign, result.added, result.existing))
    else:
        print_text(f"Saved {pluralize(len(invitation.people), 'expert')}.")
    people.print_unknown()


@app.command(epilog="Example: labelbot experts role U0123ABCD senior")
def role(
    person: Person,
    new_role: Annotated[
        RoleName,
        typer.Argument(
            metavar="ROLE",
            help="The new role; expert revokes the others.",
        ),
    ],
) -> None:
    """Grant or revoke a role."""
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    with open_database() as database:
        database.write_now(invitations.set_role, slack_id, _role_of(new_role), command_line_actor())
    print_text(f"Role of {person}: {new_role.value}.")


@app.command(epilog='Example: labelbot experts note U0123ABCD "Prefers short tasks"')
def note(
    person: Person,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help='The new note; "" removes it.')
    ] = None,
) -> None:
    """Show or change the note about an expert. Only coordinators see it; no export has it."""
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    with open_database() as database:
        if text is not None:
            database.write_now(notes.change_note, slack_id, text, command_line_actor())
        print_text(database.read_now(notes.note_about, slack_id) or f"No note about {person}.")


@app.command(epilog="Example: labelbot experts remove U0123ABCD --campaign jokes")
def remove(
    person: Person,
    *,
    campaign: Annotated[
        str, typer.Option(metavar="CAMPAIGN", help="The campaign to remove them from.")
    ],
) -> None:
    """Remove an expert from a campaign.

    They get no more of its tasks. Their answers stay.
    """
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    with open_database() as database:
        was_member = database.write_now(_remove_expert, campaign, slack_id, command_line_actor())
    if was_member:
        print_text(f"Removed {person} from “{campaign}”.")
    else:
        print_text(f"{person} is not in “{campaign}”.")


@app.command(epilog="Example: labelbot experts remind --campaign jokes")
def remind(
    *,
    campaign: Annotated[
        str | None,
        typer.Option(metavar="CAMPAIGN", help="Only this campaign; default: all open campaigns."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Remind experts of their open tasks now, and report who was skipped.

    Working hours, Do Not Disturb and the caps on reminders apply.
    The running bot sends the messages.
    """
    with open_database() as database:
        result = database.write_now(_queue_reminders, campaign, command_line_actor())
    if as_json:
        print_json(
            {
                "reminded": result.reminded,
                "skipped": {reason.value: ids for reason, ids in result.skipped.items()},
            }
        )
        return
    print_text(f"Reminded {pluralize(len(result.reminded), 'expert')}.")
    for skip_reason, slack_ids in result.skipped.items():
        people = pluralize(len(slack_ids), "expert")
        print_text(f"Skipped {people} ({', '.join(slack_ids)}): {skip_reason.value}.")


def _queue_reminders(session: Session, name: str | None, actor: Actor) -> ReminderResult:
    campaign = campaigns.campaign_by_name(session, name) if name else None
    return manual.remind_holders(session, campaign, actor)


def _role_of(name: RoleName) -> Role | None:
    return None if name == RoleName.EXPERT else Role(name.value)


def _list_imported(name: str | None, *, as_json: bool) -> None:
    """Print the names in imported files with the pseudonyms that reports and exports show."""
    if name is None:
        message = "Name the campaign, as in --campaign jokes."
        raise typer.BadParameter(message, param_hint="--imported")
    with open_database() as database:
        found = database.read_now(_load_imported, name)
    if as_json:
        print_json([expert._asdict() for expert in found])
    elif not found:
        print_text(f"No answers were imported into “{name}”.")
    else:
        print_table(ExternalExpert._fields, found)


def _load_imported(session: Session, name: str) -> list[ExternalExpert]:
    campaign = campaigns.campaign_by_name(session, name)
    return invitations.list_imported_experts(session, campaign)


def _load_experts(session: Session, name: str | None, now: datetime) -> list[dict[str, Any]]:
    campaign = campaigns.campaign_by_name(session, name) if name else None
    quotas = quotas_by_expert(session, campaign, now)
    return [
        {**asdict(expert), "quotas": quotas.get(expert.id, [])}
        for expert in invitations.list_experts(session, (), campaign)
    ]


def _remove_expert(session: Session, name: str, slack_id: str, actor: Actor) -> bool:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return invitations.remove_expert(session, campaign, slack_id, actor)


def _with_quota_fields(expert: dict[str, Any]) -> dict[str, Any]:
    return expert | {"quotas": [quota._asdict() for quota in expert["quotas"]]}


def _format_cell(expert: dict[str, Any], column: str) -> object:
    value = expert[column]
    if column == "quotas":
        return "; ".join(map(describe_quota, value))
    return ", ".join(value) if isinstance(value, tuple) else value
