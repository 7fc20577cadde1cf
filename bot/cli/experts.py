"""`labelbot experts`: who labels, what they know, and who may do what."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import people
from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import JSON, say, say_json, say_table
from bot.services import allotting, campaigning, inviting, urging
from bot.services.allotting import MOST, Handed, Portion
from bot.services.directing import By
from bot.services.inviting import Invitation, Invited, Known
from bot.services.urging import Urged
from storage.tables import Role

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Invite people, and see to experts."
)

COLUMNS = ("slack_id", "name", "role", "domains", "languages", "campaigns", "away_since")
People = Annotated[list[str], typer.Argument(help="Slack ids or e-mail addresses.")]
Tags = Annotated[str | None, typer.Option(help="With commas between; left as it was without.")]


class Named(StrEnum):
    """The roles there are."""

    EXPERT = "expert"
    SENIOR = "senior"
    COORDINATOR = "coordinator"


@app.command("list", epilog="Example: labelbot experts list --campaign jokes")
def list_experts(
    *,
    campaign: Annotated[str | None, typer.Option(help="Only those in this campaign.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """List experts: what they know, their role given by hand or group, their campaigns."""
    with open_database() as database:
        found = database.read_now(_known, campaign)
    if as_json:
        say_json(found)
    elif not found:
        say("There are no experts yet; labelbot experts invite brings them.")
    else:
        say_table(COLUMNS, [[_cell(one, column) for column in COLUMNS] for one in found])


@app.command(epilog="Example: labelbot experts invite U0123ABCD --campaign jokes --domains law")
def invite(
    persons: People,
    *,
    campaign: Annotated[str, typer.Option(help="The campaign they join, if any.")] = "",
    domains: Tags = None,
    languages: Tags = None,
    role: Annotated[Named | None, typer.Option(help="What they may do.")] = None,
) -> None:
    """Let people in, with what they know, the languages they read and a role."""
    invitation = Invitation(
        people=people.slack_ids(persons),
        campaign=campaign,
        domains=inviting.tags(domains) if domains is not None else None,
        languages=inviting.tags(languages) if languages is not None else None,
        role=_role(role or Named.EXPERT),
    )
    with open_database() as database:
        invited: Invited = database.write_now(inviting.invite, invitation, by_hand())
    if campaign:
        say(f"{len(invited.new)} joined “{campaign}”, {len(invited.there)} were in it.")
    else:
        say("Noted.")


@app.command(epilog="Example: labelbot experts role U0123ABCD senior")
def role(
    person: Annotated[str, typer.Argument(help="A Slack id or e-mail address.")],
    name: Annotated[Named, typer.Argument(help="What they may do from now on.")],
) -> None:
    """Give somebody a role, or take it away by making them an expert."""
    (slack_id,) = people.slack_ids([person])
    with open_database() as database:
        database.write_now(inviting.give_role, slack_id, _role(name), by_hand())
    say(f"{person} is {'an' if name == Named.EXPERT else 'a'} {name.value} now.")


@app.command(epilog="Example: labelbot experts remove U0123ABCD --campaign jokes")
def remove(
    person: Annotated[str, typer.Argument(help="A Slack id or e-mail address.")],
    *,
    campaign: Annotated[str, typer.Option(help="The campaign they leave.")],
) -> None:
    """Take somebody out of a campaign: no more of its tasks; what they answered stays."""
    (slack_id,) = people.slack_ids([person])
    with open_database() as database:
        left = database.write_now(_left, campaign, slack_id, by_hand())
    say(f"{person} {'left' if left else 'was not in'} “{campaign}”.")


@app.command(epilog="Example: labelbot experts assign U0123ABCD --campaign jokes --count 5")
def assign(
    person: Annotated[str, typer.Argument(help="A Slack id or e-mail address.")],
    *,
    campaign: Annotated[str, typer.Option(help="The campaign whose tasks they get.")],
    count: Annotated[int, typer.Option(help="The next so many.", min=1, max=MOST)] = 1,
    item: Annotated[str, typer.Option(help="The task of this item instead, by its key.")] = "",
) -> None:
    """Give somebody the next tasks of a campaign, or a certain one."""
    (slack_id,) = people.slack_ids([person])
    with open_database() as database:
        wanted = Portion(item, count)
        handed = database.write_now(_handed, campaign, slack_id, wanted, by_hand())
    say(f"{handed.given} tasks handed to {person}{f': {handed.why}' if handed.why else ''}.")


@app.command(epilog="Example: labelbot experts remind --campaign jokes")
def remind(
    *,
    campaign: Annotated[
        str | None, typer.Option(help="Only of this campaign; of every open one if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Remind those who hold tasks, now; hours and caps hold. The running bot says it."""
    with open_database() as database:
        urged = database.write_now(_urged, campaign, by_hand())
    if as_json:
        say_json({"reminded": urged.people, "left": {w.value: p for w, p in urged.left.items()}})
        return
    say(f"{len(urged.people)} reminded.")
    for why, left in urged.left.items():
        say(f"{len(left)} left alone: {why.value} ({', '.join(left)})")


def _urged(session: Session, name: str | None, by: By) -> Urged:
    campaign = campaigning.campaign_named(session, name) if name else None
    return urging.urge(session, campaign, by)


def _handed(session: Session, name: str, slack_id: str, wanted: Portion, by: By) -> Handed:
    campaign = campaigning.campaign_named(session, name, lock=True)
    return allotting.allot(session, campaign, slack_id, wanted, by)


def _role(name: Named) -> Role | None:
    return None if name == Named.EXPERT else Role(name.value)


def _known(session: Session, name: str | None) -> list[Known]:
    campaign = campaigning.campaign_named(session, name) if name else None
    return inviting.known(session, (), campaign)


def _left(session: Session, name: str, slack_id: str, by: By) -> bool:
    campaign = campaigning.campaign_named(session, name, lock=True)
    return inviting.leave(session, campaign, slack_id, by)


def _cell(one: Known, column: str) -> object:
    value = getattr(one, column)
    return ", ".join(value) if isinstance(value, tuple) else value
