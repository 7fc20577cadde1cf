"""`labelbot review`: what waits for a decision, and deciding it. Nobody's name comes along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot.cli import option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.kinds.form import Form, options_of
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.reviews import decisions, review_queue
from bot.services.reviews.review_queue import AnswerGroup, ReviewCase, ReviewReason

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="List what waits for a decision, and decide."
)

COLUMNS = ("task", "campaign", "item", "reason", "responses")
Task = Annotated[int, typer.Argument(help="Its number in the list.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept with the decision.")]
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command("list", epilog="Example: labelbot review list --campaign jokes --json")
def list_cases(
    *,
    campaign: Annotated[
        str | None, typer.Option(help="Only of this campaign; of every open one if left out.")
    ] = None,
    limit: Annotated[int, typer.Option(help="So many at most.", min=1, max=1000)] = 50,
    as_json: Json = False,
) -> None:
    """List what is flagged, set aside, disagreed on, and a sample, in this order."""
    with open_database() as database:
        found = database.read_now(_load_queue, campaign, limit)
    if as_json:
        print_json([{"review_reason": case.reason, **_case_json(case)} for case in found])
    elif not found:
        print_text("Nothing waits for review.")
    else:
        print_table(COLUMNS, map(_table_row, found))


@app.command(epilog="Example: labelbot review show 17")
def show(task: Task, *, as_json: Json = False) -> None:
    """Show a task with all its texts, and what was said, each with the number of an answer."""
    with open_database() as database:
        found = database.read_now(review_queue.case_of, task, ReviewReason.SAMPLED)
    print_json(_case_json(found)) if as_json else _print_case(found)


@app.command(epilog="Example: labelbot review accept 52")
def accept(
    answer: Annotated[int, typer.Argument(help="The number of an answer, from list or show.")],
) -> None:
    """Decide as one of the experts did."""
    with open_database() as database:
        database.write_now(decisions.accept_answer, answer, command_line_actor())
    print_text("Decided.")


@app.command(epilog="""Example: labelbot review decide 17 '{"verdict": "tie"}' --reason “even”""")
def decide(
    task: Task,
    fields: Annotated[
        str, typer.Argument(help="The answer by field, as JSON or @FILE; show names the fields.")
    ],
    *,
    reason: Reason = "",
) -> None:
    """Decide otherwise, with an answer of your own; candidates count in imported order."""
    inputs = option_parsers.parse_json_object(fields, "the fields", '{"verdict": "tie"}')
    with open_database() as database:
        database.write_now(decisions.override_answer, task, inputs, reason, command_line_actor())
    print_text("Decided.")


@app.command(epilog="Example: labelbot review keep 17")
def keep(task: Task) -> None:
    """Leave what was said as it is."""
    _run_decision(decisions.keep_as_is, task, "Left as it is.")


@app.command("send-back", epilog="Example: labelbot review send-back 17 --reason “Mind the units”")
def send_back(
    task: Task, *, reason: Annotated[str, typer.Option(help="What they read about it.")]
) -> None:
    """Ask those who answered to look again."""
    with open_database() as database:
        count = database.write_now(decisions.send_back, task, reason, command_line_actor())
    print_text(f"Sent back to {'1 expert' if count == 1 else f'{count} experts'}.")


@app.command("return-to-queue", epilog="Example: labelbot review return-to-queue 17")
def return_to_queue(task: Task) -> None:
    """Hand out a task again that was set aside."""
    _run_decision(decisions.return_to_queue, task, "It goes out again.")


@app.command("undo", epilog="Example: labelbot review undo 17")
def undo(task: Task) -> None:
    """Take a decision back; the task waits for review again."""
    _run_decision(decisions.undo_decision, task, "It waits for review again.")


def _run_decision(
    decision: Callable[[Session, int, Actor], object], task: int, confirmation: str
) -> None:
    with open_database() as database:
        database.write_now(decision, task, command_line_actor())
    print_text(confirmation)


def _load_queue(session: Session, name: str | None, limit: int) -> list[ReviewCase]:
    campaign = campaigns.campaign_by_name(session, name) if name else None
    return review_queue.list_cases(
        session, campaign.id if campaign else None, command_line_actor().name, limit
    )


def _case_json(case: ReviewCase) -> dict[str, Any]:
    return {
        "task": case.task_id,
        "campaign": case.campaign_name,
        "item": case.item_key,
        "question": case.form.question,
        "passages": [{"title": one.title, "text": one.text} for one in case.form.passages],
        "fields": _field_options(case.form),
        "responses": [_response_json(one) for one in case.answer_groups],
        "flags": case.flags,
    }


def _field_options(form: Form) -> dict[str, list[str]]:
    """Return what a decision may hold: the options of each field, none where one writes."""
    return {
        one.key: [o.value for o in options_of(one)]
        for one in (*form.message_fields, *form.modal_fields)
    }


def _response_json(one: AnswerGroup) -> dict[str, Any]:
    return {"text": one.summary, "answer_ids": one.assignment_ids, "reasons": one.reasons}


def _table_row(case: ReviewCase) -> tuple[object, ...]:
    said = "; ".join(f"{one.summary} ({len(one.assignment_ids)})" for one in case.answer_groups)
    return (
        str(case.task_id),
        case.campaign_name,
        case.item_key,
        case.reason.replace("_", " "),
        said or "-",
    )


def _print_case(case: ReviewCase) -> None:
    print_text(f"{case.campaign_name}, {case.item_key}: {case.form.question}")
    for passage in case.form.passages:
        print_text(f"\n{passage.title}\n{passage.text}")
    print_text("")
    for flag in case.flags:
        print_text(f"flagged: {flag}")
    for one in case.answer_groups:
        numbers = ", ".join(map(str, one.assignment_ids))
        print_text(f"{one.summary} (answer {numbers})")
        for reason in one.reasons:
            print_text(f"  “{reason}”")
    for field, options in _field_options(case.form).items():
        print_text(f"field {field}: {', '.join(options) or 'words'}")
