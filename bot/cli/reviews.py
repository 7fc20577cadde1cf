"""`labelbot review`: the review queue and its decisions, without the names of experts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.items.references import short_key
from bot.services.reviews import decided_cases, decisions, review_case, review_queue
from bot.services.reviews.case_document import case_document, field_options
from bot.services.reviews.decided_cases import DecidedCase
from bot.services.reviews.review_case import ReviewCase, ReviewReason
from bot.slack.blockkit.text import pluralize
from storage.row_id import id_of

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="List cases that need a decision, and decide them.",
)

COLUMNS = ("task", "campaign", "item", "reason", "responses")
Task = Annotated[int, typer.Argument(help="Number of the task, from labelbot review list.")]
Reason = Annotated[str, typer.Option(help="The reason, stored with the decision.")]
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command("list", epilog="Example: labelbot review list --campaign jokes --json")
def list_cases(
    *,
    campaign: Annotated[
        str | None,
        typer.Option(metavar="CAMPAIGN", help="Only this campaign; default: all open campaigns."),
    ] = None,
    reason: Annotated[
        ReviewReason | None, typer.Option(help="Only cases with this reason.")
    ] = None,
    limit: Annotated[
        int, typer.Option(metavar="COUNT", help="Maximum number of cases.", min=1, max=1000)
    ] = 50,
    as_json: Json = False,
) -> None:
    """List cases that need a decision, with the answers but no names.

    Flagged items come first, then tasks on hold, disagreements, and a sample of the rest.
    """
    with open_database() as database:
        cases = database.read_now(_load_queue, campaign, limit, reason)
    if as_json:
        print_json([{"review_reason": case.reason, **case_document(case)} for case in cases])
    elif not cases:
        print_text("The review queue is empty.")
    else:
        print_table(COLUMNS, map(_table_row, cases))


@app.command(epilog="Example: labelbot review show 17")
def show(task: Task, *, as_json: Json = False) -> None:
    """Show a task with its full text and its answers."""
    with open_database() as database:
        case = database.read_now(review_case.case_of, task, ReviewReason.SAMPLED)
    print_json(case_document(case)) if as_json else _print_case(case)


@app.command(epilog="Example: labelbot review accept 52")
def accept(
    answer: Annotated[int, typer.Argument(help="Number of the answer, from labelbot review show.")],
) -> None:
    """Accept one of the experts' answers."""
    with open_database() as database:
        database.write_now(decisions.accept_answer, answer, command_line_actor())
    print_text("Decision saved.")


@app.command(
    epilog="""Example: labelbot review decide 17 '{"verdict": "tie"}' --reason "equally good\""""
)
def decide(
    task: Task,
    fields: Annotated[
        str,
        typer.Argument(
            help="Your answer by field, as JSON or @FILE; labelbot review show lists the fields."
        ),
    ],
    *,
    reason: Reason = "",
) -> None:
    """Decide with an answer of your own.

    Candidates are named in imported order: a is the first.
    """
    inputs = option_parsers.parse_json_object(fields, "The fields", '{"verdict": "tie"}')
    with open_database() as database:
        database.write_now(decisions.override_answer, task, inputs, reason, command_line_actor())
    print_text("Decision saved.")


@app.command(epilog="Example: labelbot review keep 17")
def keep(task: Task) -> None:
    """Keep the answers as they are."""
    _run_decision(decisions.keep_as_is, task, "The answers stay as they are.")


@app.command("send-back", epilog='Example: labelbot review send-back 17 --reason "Check the units"')
def send_back(
    task: Task, *, reason: Annotated[str, typer.Option(help="The reason, shown to the experts.")]
) -> None:
    """Ask the experts to answer again."""
    with open_database() as database:
        count = database.write_now(decisions.send_back, task, reason, command_line_actor())
    print_text(f"Sent back to {pluralize(count, 'expert')}.")


@app.command("return-to-queue", epilog="Example: labelbot review return-to-queue 17")
def return_to_queue(task: Task) -> None:
    """Return a task that is on hold to the queue."""
    _run_decision(decisions.return_to_queue, task, "Returned to the queue.")


@app.command("decisions", epilog="Example: labelbot review decisions jokes")
def list_decisions(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")],
    *,
    limit: Annotated[
        int, typer.Option(metavar="COUNT", help="Maximum number of decisions.", min=1, max=1000)
    ] = 50,
    as_json: Json = False,
) -> None:
    """List the newest decisions that were not undone."""
    with open_database() as database:
        found = database.read_now(_load_decisions, campaign, limit)
    if as_json:
        print_json(found)
    elif not found:
        print_text("Nothing is decided in this campaign yet.")
    else:
        rows = [
            (one.task_id, short_key(one.item_key), one.summary, one.decided_by, one.reason)
            for one in found
        ]
        print_table(("task", "item", "decision", "by", "reason"), rows)


@app.command("undo", epilog="Example: labelbot review undo 17")
def undo(task: Task) -> None:
    """Undo a decision."""
    _run_decision(decisions.undo_decision, task, "Undone; the task needs a decision again.")


def _run_decision(
    decision: Callable[[Session, int, Actor], object], task: int, confirmation: str
) -> None:
    with open_database() as database:
        database.write_now(decision, task, command_line_actor())
    print_text(confirmation)


def _load_decisions(session: Session, name: str, limit: int) -> list[DecidedCase]:
    campaign = campaigns.campaign_by_name(session, name)
    return decided_cases.list_decided(session, id_of(campaign), limit)


def _load_queue(
    session: Session, name: str | None, limit: int, reason: ReviewReason | None
) -> list[ReviewCase]:
    campaign = campaigns.campaign_by_name(session, name) if name else None
    return review_queue.list_cases(
        session, campaign.id if campaign else None, command_line_actor().name, limit, reason
    )


def _table_row(case: ReviewCase) -> tuple[object, ...]:
    answers = (f"{group.summary} ({len(group.assignment_ids)})" for group in case.answer_groups)
    return (
        str(case.task_id),
        case.campaign_name,
        short_key(case.item_key),
        case.reason.replace("_", " "),
        "; ".join(answers) or "-",
    )


def _print_case(case: ReviewCase) -> None:
    print_text(f"{case.campaign_name}, {short_key(case.item_key)}: {case.form.question}")
    for passage in case.form.passages:
        print_text(f"\n{passage.title}\n{passage.text}")
    print_text("")
    for flag in case.flags:
        print_text(f"flagged: {flag}")
    for group in case.answer_groups:
        numbers = ", ".join(map(str, group.assignment_ids))
        print_text(f"{group.summary} (answer {numbers})")
        for reason in group.reasons:
            print_text(f"  “{reason}”")
    for field, options in field_options(case.form).items():
        print_text(f"field {field}: {', '.join(options) or 'text'}")
