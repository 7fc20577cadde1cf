"""`labelbot template`: save the settings of a campaign, and create others from them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import campaign_options, expert_lookup, option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, templates
from bot.services.campaigns.templates import TemplateUse
from bot.slack.blockkit.text import pluralize

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Save templates, and create campaigns."
)

TemplateName = Annotated[str, typer.Argument(metavar="TEMPLATE", help="Name of the template.")]


@app.command(epilog="Example: labelbot template save jokes weekly-jokes")
def save(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")],
    template: Annotated[
        str,
        typer.Argument(metavar="TEMPLATE", help="Name of the template; default: the campaign's."),
    ] = "",
) -> None:
    """Save the settings of a campaign, without people, items, deadline and exports."""
    with open_database() as database:
        saved = database.write_now(_save, campaign, template, command_line_actor())
    print_text(f"Saved “{saved}”. Next: labelbot template use {saved} NAME")


def _save(session: Session, campaign: str, name: str, actor: Actor) -> str:
    row = campaigns.campaign_by_name(session, campaign)
    return templates.save_template(session, row, name, actor)


@app.command("list", epilog="Example: labelbot template list --json")
def list_templates(
    *, as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False
) -> None:
    """List all templates."""
    with open_database() as database:
        found = database.read_now(templates.list_templates)
    if as_json:
        print_json(found)
    elif not found:
        print_text("There are no templates yet. Save one with labelbot template save CAMPAIGN.")
    else:
        print_table(
            ("name", "kind", "created_by", "created_at"), [asdict(one).values() for one in found]
        )


@app.command(epilog="Example: labelbot template use weekly-jokes jokes-june --expert U0123ABCD")
def use(  # noqa: PLR0913 - the options of the command
    template: TemplateName,
    name: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the new campaign.")],
    *,
    title: Annotated[str, typer.Option(help="Title that experts see; default: the name.")] = "",
    deadline: campaign_options.Deadline = None,
    tz: Annotated[str, typer.Option(help="Time zone of the deadline.")] = "UTC",
    expert: Annotated[
        list[str] | None,
        typer.Option("--expert", metavar="PERSON", help="Slack id or e-mail address; repeatable."),
    ] = None,
) -> None:
    """Create a campaign with the settings of a template."""
    people = expert_lookup.resolve_people(expert or [])
    due = option_parsers.parse_deadline(deadline, tz) if deadline else None
    wanted = TemplateUse(name, title, due, people.slack_ids)
    with open_database() as database:
        database.write_now(templates.create_from_template, template, wanted, command_line_actor())
    experts = pluralize(len(people.slack_ids), "expert")
    print_text(f"Created “{name}” from “{template}”: {experts}.")
    print_text(f"Next: labelbot import {name} FILE")
    people.print_unknown()


@app.command(epilog="Example: labelbot template delete weekly-jokes")
def delete(template: TemplateName) -> None:
    """Delete a template; campaigns that were created from it stay."""
    with open_database() as database:
        database.write_now(templates.delete_template, template, command_line_actor())
    print_text("Deleted.")
