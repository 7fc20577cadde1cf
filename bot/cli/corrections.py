"""`labelbot fix`: corrections of a running campaign: overlap, assignments and answers."""

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
from bot.services.reviews import corrections, exclusions
from bot.services.reviews.corrections import NoAnswerError
from bot.slack.blockkit.text import pluralize
from storage.tables import Campaign

P = ParamSpec("P")
T = TypeVar("T")

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Correct a running campaign; no answer is lost.",
)

COLUMNS = ("slack_id", "since", "answer_count", "reason")
Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]
Person = Annotated[
    str, typer.Argument(metavar="PERSON", help="The expert's Slack id or e-mail address.")
]


@app.command(epilog="Example: labelbot fix overlap jokes 2")
def overlap(
    name: Name,
    count: Annotated[int, typer.Argument(metavar="COUNT", help="Answers per item.")],
) -> None:
    """Change how many answers each item needs.

    Items that already have more answers keep them.
    """
    change = _run_correction(name, corrections.change_overlap, count, command_line_actor())
    above = f" {pluralize(change.items_above, 'item')} already above." if change.items_above else ""
    print_text(f"Answers per item of “{name}”: {change.after} (was {change.before}).{above}")


@app.command(epilog="Example: labelbot fix unassign jokes U0123ABCD")
def unassign(name: Name, person: Person) -> None:
    """Unassign an expert's open tasks; other experts get them."""
    tasks = _run_correction(name, corrections.unassign, _slack_id(person), command_line_actor())
    print_text(f"Unassigned {pluralize(len(tasks), 'task')} from {person}.")


@app.command(epilog="Example: labelbot fix reassign jokes U0123ABCD --to U0456EFGH")
def reassign(
    name: Name,
    person: Person,
    *,
    to: Annotated[
        str, typer.Option(metavar="PERSON", help="The other expert's Slack id or e-mail address.")
    ],
) -> None:
    """Assign an expert's open tasks to another expert.

    Tasks that the other expert may not answer return to the queue.
    """
    result = _run_correction(
        name, corrections.reassign, _slack_id(person), _slack_id(to), command_line_actor()
    )
    tasks = pluralize(result.unassigned, "task")
    print_text(f"Unassigned {tasks} from {person}; assigned {result.reassigned:,} to {to}.")


@app.command(
    epilog='Example: labelbot fix reopen jokes joke-7 U0123ABCD --reason "Read the prompt again"'
)
def reopen(
    name: Name,
    item: Annotated[
        str, typer.Argument(metavar="ITEM", help="Id of the item, or reference of a task.")
    ],
    person: Person,
    *,
    reason: Annotated[str, typer.Option(help="The reason, shown to the expert.")] = "",
) -> None:
    """Reopen an answer for its expert."""
    _run_correction(name, _reopen_answer, item, _slack_id(person), reason, command_line_actor())
    print_text(f"Reopened the answer of {person} to {item}.")


@app.command(
    epilog='Example: labelbot fix exclude jokes U0123ABCD --since 2030-05-01 --reason "A bot"'
)
def exclude(
    name: Name,
    person: Person,
    *,
    since: Annotated[str, typer.Option(help="Date or time in UTC: 2030-05-31.")],
    reason: Annotated[str, typer.Option(help="The reason, stored with the exclusion.")],
) -> None:
    """Exclude an expert's answers from a date on.

    Other experts are asked instead. The expert gets no more tasks of this campaign.
    """
    start = option_parsers.parse_date_or_time(since)
    exclusion = _run_correction(
        name, exclusions.exclude, _slack_id(person), start, reason, command_line_actor()
    )
    answers = pluralize(exclusion.answer_count, "answer")
    print_text(f"Excluded {answers} of {person}. To undo this, use labelbot fix include.")


@app.command(epilog="Example: labelbot fix include jokes U0123ABCD")
def include(name: Name, person: Person) -> None:
    """Include excluded answers again."""
    exclusion = _run_correction(name, exclusions.include, _slack_id(person), command_line_actor())
    print_text(f"Included {pluralize(exclusion.answer_count, 'answer')} of {person} again.")


@app.command("list", epilog="Example: labelbot fix list jokes --json")
def list_excluded(
    name: Name, *, as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False
) -> None:
    """List experts whose answers are excluded."""
    with open_database() as database:
        excluded = database.read_now(
            lambda session: exclusions.list_exclusions(
                session, campaigns.campaign_by_name(session, name)
            )
        )
    if as_json:
        print_json(excluded)
    elif not excluded:
        print_text(f"No answers of “{name}” are excluded.")
    else:
        rows = [[getattr(exclusion, column) for column in COLUMNS] for exclusion in excluded]
        print_table(COLUMNS, rows)


def _slack_id(person: str) -> str:
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    return slack_id


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


def _reopen_answer(  # noqa: PLR0913, PLR0917 - the options of the command
    session: Session, campaign: Campaign, item: str, slack_id: str, reason: str, actor: Actor
) -> None:
    answer = corrections.answer_of(session, campaign, item, slack_id)
    if answer is None:
        raise NoAnswerError
    corrections.reopen(session, answer, reason, actor)
