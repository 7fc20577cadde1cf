"""`labelbot correct`: a campaign's overlap, who holds what, and which answers count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Concatenate, ParamSpec, TypeVar

import typer
from sqlmodel import Session

from bot.cli import expert_lookup, option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.reviews import corrections
from bot.services.reviews.corrections import NoAnswerError
from storage.tables import Campaign

P = ParamSpec("P")
T = TypeVar("T")

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Correct a campaign midway; nothing is lost."
)

COLUMNS = ("slack_id", "since", "answers", "reason")
Name = Annotated[str, typer.Argument(help="The name of the campaign.")]
Person = Annotated[str, typer.Argument(help="A Slack id or e-mail address.")]


@app.command(epilog="Example: labelbot correct overlap jokes 2")
def overlap(
    name: Name, number: Annotated[int, typer.Argument(help="So many answers for each item.")]
) -> None:
    """Let each item want more answers, or fewer; what is there stays."""
    done = _run_correction(name, corrections.change_overlap, number, command_line_actor())
    above = f"; {done.items_above:,} items have more already" if done.items_above else ""
    print_text(f"Each item of “{name}” wants {done.after} answers now, not {done.before}{above}.")


@app.command(epilog="Example: labelbot correct release jokes U0123ABCD")
def unassign(name: Name, person: Person) -> None:
    """Take back what somebody holds, for whomever it suits."""
    tasks = _run_correction(name, corrections.unassign, _slack_id(person), command_line_actor())
    print_text(f"{len(tasks)} tasks taken back from {person}.")


@app.command(epilog="Example: labelbot correct reassign jokes U0123ABCD --to U0456EFGH")
def reassign(
    name: Name,
    person: Person,
    *,
    to: Annotated[str, typer.Option(help="Who gets them: a Slack id or e-mail address.")],
) -> None:
    """Give what somebody holds to somebody else; what these may not have goes to others."""
    done = _run_correction(
        name, corrections.reassign, _slack_id(person), _slack_id(to), command_line_actor()
    )
    print_text(
        f"{done.unassigned} tasks taken back from {person}, {done.reassigned} of them handed to {to}."
    )


@app.command(epilog="Example: labelbot correct reopen jokes joke-7 U0123ABCD --reason “Read again”")
def reopen(
    name: Name,
    item: Annotated[str, typer.Argument(help="The key of the item.")],
    person: Person,
    *,
    reason: Annotated[str, typer.Option(help="What they read about it.")] = "",
) -> None:
    """Give an answer back to who gave it, to be changed."""
    _run_correction(name, _reopen_answer, item, _slack_id(person), reason, command_line_actor())
    print_text(f"{person} can change their answer to {item} again.")


@app.command(
    epilog="Example: labelbot correct exclude jokes U0123ABCD --since 2030-05-01 --reason “a bot”"
)
def exclude(
    name: Name,
    person: Person,
    *,
    since: Annotated[str, typer.Option(help="A day or moment, in UTC: 2030-05-31.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept with them.")],
) -> None:
    """Leave out what somebody answered from a day on, and ask others; they get no more tasks."""
    day = option_parsers.parse_moment(since)
    done = _run_correction(
        name, corrections.exclude, _slack_id(person), day, reason, command_line_actor()
    )
    print_text(
        f"{done.answer_count:,} answers of {person} are left out; correct include lets them in again."
    )


@app.command(epilog="Example: labelbot correct include jokes U0123ABCD")
def include(name: Name, person: Person) -> None:
    """Let count again what was left out."""
    done = _run_correction(name, corrections.include, _slack_id(person), command_line_actor())
    print_text(f"{done.answer_count:,} answers of {person} count again.")


@app.command("list", epilog="Example: labelbot correct list jokes --json")
def list_excluded(
    name: Name, *, as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False
) -> None:
    """List whose answers are left out, from when on and why."""
    with open_database() as database:
        found = database.read_now(
            lambda session: corrections.list_exclusions(
                session, campaigns.campaign_by_name(session, name)
            )
        )
    if as_json:
        print_json(found)
    elif not found:
        print_text(f"Nothing is left out of “{name}”.")
    else:
        print_table(COLUMNS, [[getattr(one, column) for column in COLUMNS] for one in found])


def _slack_id(person: str) -> str:
    (found,) = expert_lookup.resolve_slack_ids([person])
    return found


def _run_correction(
    name: str,
    correction: Callable[Concatenate[Session, Campaign, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    def run(session: Session) -> T:
        campaign = campaigns.campaign_by_name(session, name, lock=True)
        return correction(session, campaign, *args, **kwargs)

    with open_database() as database:
        return database.write_now(run)


def _reopen_answer(  # noqa: PLR0913, PLR0917 - they are what opens an answer again
    session: Session, campaign: Campaign, item: str, slack_id: str, reason: str, actor: Actor
) -> None:
    found = corrections.answer_of(session, campaign, item, slack_id)
    if found is None:
        raise NoAnswerError
    corrections.reopen(session, found, reason, actor)
