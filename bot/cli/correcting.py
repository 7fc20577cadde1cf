"""`labelbot correct`: a campaign's overlap, who holds what, and which answers count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Concatenate, ParamSpec, TypeVar

import typer
from sqlmodel import Session

from bot.cli import people, reading
from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import JSON, say, say_json, say_table
from bot.services import campaigning, correcting
from bot.services.correcting import NoAnswerError
from bot.services.directing import By
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
    done = _corrected(name, correcting.change_overlap, number, by_hand())
    above = f"; {done.above:,} items have more already" if done.above else ""
    say(f"Each item of “{name}” wants {done.after} answers now, not {done.before}{above}.")


@app.command(epilog="Example: labelbot correct release jokes U0123ABCD")
def release(name: Name, person: Person) -> None:
    """Take back what somebody holds, for whomever it suits."""
    tasks = _corrected(name, correcting.take_back, _slack_id(person), by_hand())
    say(f"{len(tasks)} tasks taken back from {person}.")


@app.command(epilog="Example: labelbot correct reassign jokes U0123ABCD --to U0456EFGH")
def reassign(
    name: Name,
    person: Person,
    *,
    to: Annotated[str, typer.Option(help="Who gets them: a Slack id or e-mail address.")],
) -> None:
    """Give what somebody holds to somebody else; what these may not have goes to others."""
    done = _corrected(name, correcting.reassign, _slack_id(person), _slack_id(to), by_hand())
    say(f"{done.taken} tasks taken back from {person}, {done.given} of them handed to {to}.")


@app.command(epilog="Example: labelbot correct reopen jokes joke-7 U0123ABCD --reason “Read again”")
def reopen(
    name: Name,
    item: Annotated[str, typer.Argument(help="The key of the item.")],
    person: Person,
    *,
    reason: Annotated[str, typer.Option(help="What they read about it.")] = "",
) -> None:
    """Give an answer back to who gave it, to be changed."""
    _corrected(name, _reopened, item, _slack_id(person), reason, by_hand())
    say(f"{person} can change their answer to {item} again.")


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
    day = reading.moment(since)
    done = _corrected(name, correcting.exclude, _slack_id(person), day, reason, by_hand())
    say(f"{done.answers:,} answers of {person} are left out; correct include lets them in again.")


@app.command(epilog="Example: labelbot correct include jokes U0123ABCD")
def include(name: Name, person: Person) -> None:
    """Let count again what was left out."""
    done = _corrected(name, correcting.include, _slack_id(person), by_hand())
    say(f"{done.answers:,} answers of {person} count again.")


@app.command("list", epilog="Example: labelbot correct list jokes --json")
def list_excluded(
    name: Name, *, as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False
) -> None:
    """List whose answers are left out, from when on and why."""
    with open_database() as database:
        found = database.read_now(
            lambda session: correcting.excluded(session, campaigning.campaign_named(session, name))
        )
    if as_json:
        say_json(found)
    elif not found:
        say(f"Nothing is left out of “{name}”.")
    else:
        say_table(COLUMNS, [[getattr(one, column) for column in COLUMNS] for one in found])


def _slack_id(person: str) -> str:
    (found,) = people.slack_ids([person])
    return found


def _corrected(
    name: str,
    deed: Callable[Concatenate[Session, Campaign, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    def correct(session: Session) -> T:
        campaign = campaigning.campaign_named(session, name, lock=True)
        return deed(session, campaign, *args, **kwargs)

    with open_database() as database:
        return database.write_now(correct)


def _reopened(  # noqa: PLR0913, PLR0917 - they are what opens an answer again
    session: Session, campaign: Campaign, item: str, slack_id: str, reason: str, by: By
) -> None:
    found = correcting.answer_of(session, campaign, item, slack_id)
    if found is None:
        raise NoAnswerError
    correcting.reopen(session, found, reason, by)
